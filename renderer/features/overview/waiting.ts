import type { ListRow } from '../../../shared/domain/document-list.ts';
import { documentTypeInfo, documentTypes, type DocumentType, type Domain } from '../../../shared/domain/document-types.ts';

/** The document types of the given domains. */
export const typesOf = (domains: readonly Domain[]): DocumentType[] => documentTypes.filter((type) => domains.includes(documentTypeInfo[type].domain));

/** When somebody began to wait: the submission, or as far as it is unknown the last change. */
export const waitingSince = (row: ListRow): number | null => row.submittedAt ?? row.changedAt;

import type { DocumentKey } from '../../../shared/domain/document.ts';

/** Where a document is shown; its open draft is shown there too. */
export const addressOf = ({ type, number }: DocumentKey): string => `/documents/${type}/${encodeURIComponent(number)}`;

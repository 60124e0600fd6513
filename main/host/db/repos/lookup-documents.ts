import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import { documentSchema } from '../../../../shared/domain/document.ts';
import type { LookupItem, LookupKind } from '../../../../shared/domain/form-spec.ts';
import { indexWords, queryWords } from '../../text.ts';
import type { Reader } from '../connection.ts';
import { parseJson } from './document-rows.ts';

/** Documents looked into for one search. */
export const lookupDocuments = 200;

const usedSchema = documentSchema.pick({ type: true, partnerId: true, partnerName: true, lines: true });

/**
 * Partners or articles that the newest of these documents name and whose words begin as the text's do: what somebody here
 * has worked with, whether or not the list of the server reached that far.
 * @param ids of documents that have the words of the text somewhere, the newest first
 */
export function usedInDocuments(reader: Reader, kind: LookupKind, text: string, ids: readonly number[]): LookupItem[] {
  const wanted = queryWords(text);
  const found = new Map<string, LookupItem>();
  for (const docId of ids) {
    const body = reader.value<string>('SELECT body FROM document_bodies WHERE id = ?', docId);
    const used = usedSchema.safeParse(body === undefined ? null : parseJson(body)).data;
    if (used === undefined) continue;
    for (const { id, label } of namedBy(used, kind)) {
      const words = indexWords([id, label]);
      if (id === '' || found.has(id) || !wanted.every((start) => [...words].some((word) => word.startsWith(start)))) continue;
      found.set(id, { id, label, hint: null, cost: null, price: null, vatRate: null });
    }
  }
  return [...found.values()];
}

function namedBy({ type, partnerId, partnerName, lines }: NonNullable<ReturnType<typeof usedSchema.safeParse>['data']>, kind: LookupKind): { id: string; label: string }[] {
  if (kind === 'articles') return lines.map(({ article }) => ({ id: article, label: article }));
  const isOfKind = documentTypeInfo[type].partner === (kind === 'customers' ? 'customer' : 'supplier');
  return isOfKind && partnerId !== null ? [{ id: partnerId, label: partnerName === null || partnerName === '' ? partnerId : partnerName }] : [];
}

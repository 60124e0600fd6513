import { documentSchema } from '../../../../shared/domain/document.ts';
import type { ArticleOfLine, LookupItem, LookupKind } from '../../../../shared/domain/form-spec.ts';
import type { Decimal } from '../../../../shared/domain/money.ts';
import { indexWords, queryWords, sortKey } from '../../text.ts';
import type { Reader, Value, Writer } from '../connection.ts';
import { parseJson } from './document-rows.ts';
import { getFact, putFact, removeFact } from './facts.ts';
import { usedInDocuments } from './lookup-documents.ts';

type ItemRow = { item_id: string; label: string; hint: string | null; cost: string | null; price: string | null; vat_rate: string | null };

const partialFact = (kind: LookupKind): string => `lookups.partial.${kind}`;

/**
 * What a list is. `whole` is all that the server has and replaces what was there; `cut` is as much of it as the server gives
 * at once, and `found` the answer to a search: both leave what is known beyond them.
 */
export const listParts = ['whole', 'cut', 'found'] as const;
export type ListPart = (typeof listParts)[number];

/** Adds items to the list of one kind. @param first part of several */
export function putLookups(writer: Writer, kind: LookupKind, items: readonly LookupItem[], fetchedAt: number, first: boolean, part: ListPart = 'whole'): void {
  if (first && part === 'whole') {
    writer.run('DELETE FROM lookup_words WHERE kind = ?', kind);
    writer.run('DELETE FROM lookup_lists WHERE kind = ?', kind);
    removeFact(writer, partialFact(kind));
  }
  if (first) {
    const isNew = reads(writer, kind) === undefined;
    writer.run(`INSERT INTO lookup_lists (kind, fetched_at) VALUES (?, ?) ON CONFLICT (kind) DO ${part === 'found' ? 'NOTHING' : 'UPDATE SET fetched_at = excluded.fetched_at'}`, kind, Math.round(fetchedAt));
    if (part === 'cut' || (part === 'found' && isNew)) putFact(writer, partialFact(kind), true, fetchedAt);
  }
  for (const item of items) {
    // The last one wins where a server repeats an id.
    writer.run('DELETE FROM lookup_items WHERE kind = ? AND item_id = ?', kind, item.id);
    const id = writer.insert(
      'INSERT INTO lookup_items (kind, item_id, label, label_key, hint, cost, price, vat_rate) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      kind, item.id, item.label, sortKey(item.label), item.hint, item.cost, item.price, item.vatRate ?? null,
    );
    for (const word of indexWords([item.id, item.label])) writer.run('INSERT INTO lookup_words (kind, word, item) VALUES (?, ?, ?)', kind, word, id);
  }
}

const reads = (reader: Reader, kind: LookupKind): number | undefined => reader.value<number>('SELECT fetched_at FROM lookup_lists WHERE kind = ?', kind);

/** What is known of one kind. `isPartial` when the server has more than that. */
export type FoundLookups = { items: LookupItem[]; fetchedAt: number; isPartial: boolean };

/**
 * Items of which some word of id or label starts with each word of the text, by label; all items for an empty text. Where
 * the list is only a part of the server's, what the documents here name comes after them.
 * @param find ids of the newest documents with these words
 * @returns null when this kind was never read.
 */
export function searchLookups(reader: Reader, kind: LookupKind, text: string, limit: number, find: (text: string) => number[] = () => []): FoundLookups | null {
  const fetchedAt = reads(reader, kind);
  if (fetchedAt === undefined) return null;
  const conditions: string[] = ['kind = ?'];
  const values: Value[] = [kind];
  for (const word of queryWords(text)) {
    conditions.push('id IN (SELECT item FROM lookup_words WHERE kind = ? AND word >= ? AND word < ?)');
    values.push(kind, word, `${word}\u{10FFFF}`);
  }
  const rows = reader.all<ItemRow>(
    `SELECT item_id, label, hint, cost, price, vat_rate FROM lookup_items WHERE ${conditions.join(' AND ')} ORDER BY label_key, id LIMIT ?`, ...values, limit,
  );
  const items: LookupItem[] = rows.map(({ item_id, vat_rate, ...item }) => ({ id: item_id, ...item, vatRate: vat_rate }));
  const isPartial = getFact(reader, partialFact(kind)) !== null;
  if (!isPartial || items.length >= limit || queryWords(text).length === 0) return { items, fetchedAt, isPartial };
  const known = new Set(items.flatMap(({ id, label }) => [id, label]));
  const used = usedInDocuments(reader, kind, text, find(text)).filter(({ id }) => !known.has(id));
  return { items: [...items, ...used].slice(0, limit), fetchedAt, isPartial };
}

/** Documents looked into for one article. */
export const rateDocuments = 40;

/**
 * The VAT rate that each article had last; null where none of the newest documents that name it has one.
 * @param find ids of the newest documents with these words
 */
export function lastVatRates(reader: Reader, articles: readonly ArticleOfLine[], find: (text: string) => number[]): (Decimal | null)[] {
  return articles.map((article) => {
    const seen = new Set<number>();
    for (const text of article.id === null ? [article.text] : [article.text, article.id]) {
      for (const id of find(text)) {
        const rate = seen.has(id) ? null : rateIn(reader, id, article);
        if (rate !== null) return rate;
        seen.add(id);
      }
    }
    return null;
  });
}

function rateIn(reader: Reader, id: number, { text, id: number }: ArticleOfLine): Decimal | null {
  const body = reader.value<string>('SELECT body FROM document_bodies WHERE id = ?', id);
  const document = documentSchema.pick({ lines: true }).safeParse(body === undefined ? null : parseJson(body));
  const [wanted, start] = [text.trim().toLowerCase(), number?.toLowerCase() ?? null];
  const isIt = (article: string): boolean => article === wanted || (start !== null && (article === start || article.startsWith(`${start} `)));
  return document.data?.lines.find(({ article, vatRate }) => vatRate !== null && isIt(article.trim().toLowerCase()))?.vatRate ?? null;
}

import { documentSchema } from '../../../../shared/domain/document.ts';
import type { ArticleOfLine, LookupItem, LookupKind } from '../../../../shared/domain/form-spec.ts';
import type { Decimal } from '../../../../shared/domain/money.ts';
import { indexWords, queryWords, sortKey } from '../../text.ts';
import type { Reader, Value, Writer } from '../connection.ts';
import { parseJson } from './document-rows.ts';

type ItemRow = { item_id: string; label: string; hint: string | null; cost: string | null; price: string | null; vat_rate: string | null };

/** Adds items to the list of one kind; the first part of a list replaces the former one. */
export function putLookups(writer: Writer, kind: LookupKind, items: readonly LookupItem[], fetchedAt: number, first: boolean): void {
  if (first) {
    writer.run('DELETE FROM lookup_words WHERE kind = ?', kind);
    writer.run('DELETE FROM lookup_lists WHERE kind = ?', kind);
    writer.run('INSERT INTO lookup_lists (kind, fetched_at) VALUES (?, ?)', kind, Math.round(fetchedAt));
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

/**
 * Items of which some word of id or label starts with each word of the text, by label; all items for an empty text.
 * @returns null when this kind was never read.
 */
export function searchLookups(reader: Reader, kind: LookupKind, text: string, limit: number): { items: LookupItem[]; fetchedAt: number } | null {
  const fetchedAt = reader.value<number>('SELECT fetched_at FROM lookup_lists WHERE kind = ?', kind);
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
  return { items: rows.map(({ item_id, vat_rate, ...item }) => ({ id: item_id, ...item, vatRate: vat_rate })), fetchedAt };
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

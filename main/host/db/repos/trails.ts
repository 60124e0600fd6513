import { z } from 'zod';
import { trailEntrySchema, type DocumentKey, type TrailEntry } from '../../../../shared/domain/document.ts';
import { typeCodes } from '../codes.ts';
import type { Reader, Writer } from '../connection.ts';
import { parseJson } from './document-rows.ts';

const entriesSchema = z.array(trailEntrySchema);

/** A trail that no longer parses counts as never read: it will be fetched again. */
export function getTrail(reader: Reader, key: DocumentKey): { entries: TrailEntry[]; fetchedAt: number } | null {
  const row = reader.one<{ entries: string; fetched_at: number }>(
    'SELECT entries, fetched_at FROM trails WHERE number = ? AND type = ?', key.number, typeCodes[key.type],
  );
  if (row === undefined) return null;
  const entries = entriesSchema.safeParse(parseJson(row.entries));
  return entries.success ? { entries: entries.data, fetchedAt: row.fetched_at } : null;
}

export function putTrail(writer: Writer, key: DocumentKey, entries: readonly TrailEntry[], fetchedAt: number): void {
  writer.run(
    `INSERT INTO trails (type, number, entries, fetched_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (number, type) DO UPDATE SET entries = excluded.entries, fetched_at = excluded.fetched_at`,
    typeCodes[key.type], key.number, JSON.stringify(entries), Math.round(fetchedAt),
  );
}

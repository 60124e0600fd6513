import { z } from 'zod';
import type { Reader, Writer } from '../connection.ts';
import { pullFact } from '../../facts.ts';
import { documentTypes, type DocumentType } from '../../../../shared/domain/document-types.ts';
import { parseJson } from './document-rows.ts';

export type Fact = { value: unknown; fetchedAt: number };

/** A fact that no longer parses counts as never read: it will be fetched again. */
export function getFact(reader: Reader, name: string): Fact | null {
  const row = reader.one<{ value: string; fetched_at: number }>('SELECT value, fetched_at FROM facts WHERE name = ?', name);
  if (row === undefined) return null;
  const value = parseJson(row.value);
  return value === undefined ? null : { value, fetchedAt: row.fetched_at };
}

export function putFact(writer: Writer, name: string, value: unknown, fetchedAt: number): void {
  writer.run(
    'INSERT INTO facts (name, value, fetched_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value, fetched_at = excluded.fetched_at',
    name, JSON.stringify(value ?? null), Math.round(fetchedAt),
  );
}

export function removeFact(writer: Writer, name: string): void {
  writer.run('DELETE FROM facts WHERE name = ?', name);
}

const progressSchema = z.object({ finishedAt: z.number() });

/**
 * When the oldest complete pull among these types ended. Types that were never pulled whole are left out, because a person
 * may have no right to read them; null when there is none at all.
 */
export function pulledAt(reader: Reader, types: readonly DocumentType[] = documentTypes): number | null {
  let oldest: number | null = null;
  for (const type of types) {
    const progress = progressSchema.safeParse(getFact(reader, pullFact(type))?.value);
    if (progress.success && (oldest === null || progress.data.finishedAt < oldest)) oldest = progress.data.finishedAt;
  }
  return oldest;
}

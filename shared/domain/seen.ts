import { z } from 'zod';
import { sha256 } from '../audit/sha256.ts';
import { toHex, utf8 } from '../audit/bytes.ts';
import { canonicalJson } from './canonical.ts';
import type { BusinessDocument, DocumentRecord } from './document.ts';

/** A fingerprint of what a person saw of a document: two that are equal hold the same in everything a decision rests on. */
export const seenSchema = z.string().regex(/^[0-9a-f]{64}$/);
export type Seen = z.infer<typeof seenSchema>;

/** The text of the refusal when a document is not any more what was seen. */
export const changedSinceSeen = 'errors.server.changedSinceSeen';

/** Fields that were left empty look different on different servers. */
const filled = (fields: BusinessDocument['fields']): BusinessDocument['fields'] => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));

/**
 * The fingerprint of a record. Names that the server looks up by itself, its ETag and its times do not count: a list and a
 * single answer may differ in them, and a decision does not rest on them.
 */
export function seenOf({ document: { type, number, date, partnerId, status, lines, totals, fields } }: Pick<DocumentRecord, 'document'>): Seen {
  const text = canonicalJson({ type, number, date, partnerId, status, totals, fields: filled(fields), lines: lines.map(({ article, qty, price, vatRate, cost }) => [article, qty, price, vatRate, cost]) });
  return toHex(sha256(utf8(text) ?? new Uint8Array()));
}

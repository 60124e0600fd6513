import { z } from 'zod';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import { documentNumberSchema } from '../../../shared/domain/document.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import { parseJson } from '../body.ts';
import { isRefusal, serverError } from '../server-errors.ts';
import { instantOf } from '../time.ts';
import type { DocumentPage } from '../types.ts';
import { recordFrom, wireDocumentSchema } from './document-codec.ts';

/** The server allows at most this many rows in a page. */
export const maxPageSize = 1000;

/** Our own cursor for servers that only know `skip`. */
const skipCursor = /^skip:(?<skip>\d{1,9})$/;

/** Rows to skip, for a cursor of our own making; 0 for one of the server's. */
export const skipOf = (cursor: string | null | undefined): number => Number(skipCursor.exec(cursor ?? '')?.groups?.['skip'] ?? 0);

/** The body of a list answer as it came, with what it takes to understand it. */
export type WirePage = { type: DocumentType; body: Uint8Array; correlationId: string; /** Rows asked for, and skipped before them. */ size: number; skip: number };

const pageSchema = z.looseObject({
  // A server that ignores the limit is refused rather than believed: everything here is sized for a page.
  data: z.array(z.unknown()).max(10 * maxPageSize),
  total: z.number().int().nonnegative().nullish(),
  cursor: z.string().nullish(),
});

type Row = { number?: unknown; deleted?: unknown; updated_at?: unknown };

const rowsPerSlice = 100;

/**
 * Parses a page and sorts its rows into documents, tombstones and what cannot be read; one bad row must not stop the other
 * 999. It pauses every hundred rows, for whoever has something else to do in between.
 * @throws AppFailure server.notJson, server.unexpected, and whatever a refusal in a 200 means (ERP-API section 1).
 */
export function* decodePage({ type, body, correlationId, size, skip }: WirePage, fetchedAt: number): Generator<void, DocumentPage> {
  const parsed = parseJson(new TextDecoder().decode(body));
  if (parsed === undefined) throw failure('server.notJson', { correlationId });
  if (isRefusal(parsed)) throw new AppFailure(serverError({ status: 200, body: parsed, correlationId, retryAfter: null }));
  const checked = pageSchema.safeParse(parsed);
  if (!checked.success) throw failure('server.unexpected', { params: { field: checked.error.issues[0]?.path.join('.') ?? '' }, correlationId });
  const { data, total = null, cursor } = checked.data;
  yield;
  const page: DocumentPage = { records: [], deleted: [], unreadable: [], total, nextCursor: null };
  for (const [index, row] of data.entries()) {
    if (index % rowsPerSlice === rowsPerSlice - 1) yield;
    const { number, deleted, updated_at: updatedAt } = (typeof row === 'object' && row !== null ? row : {}) as Row;
    try {
      if (deleted === true) page.deleted.push({ type, number: documentNumberSchema.parse(number), changedAt: instantOf(updatedAt) });
      else page.records.push(recordFrom(type, wireDocumentSchema.parse(row), { etag: null, fetchedAt }));
    } catch (error) {
      page.unreadable.push({ number: typeof number === 'string' || typeof number === 'number' ? String(number).slice(0, 64) : null, deleted: deleted === true, reason: error instanceof z.ZodError ? (error.issues[0]?.path.join('.') ?? '') : 'unknown' });
    }
  }
  const read = skip + data.length;
  const hasMore = data.length > 0 && (total === null ? data.length === size : read < total);
  // A server that knows cursors says null on the last page; one that does not says nothing at all.
  page.nextCursor = cursor === undefined ? (hasMore ? `skip:${read}` : null) : cursor;
  return page;
}

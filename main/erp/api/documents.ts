import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import { documentNumberSchema, type DocumentKey, type DocumentRecord } from '../../../shared/domain/document.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { Clock } from '../ports.ts';
import { instantOf } from '../time.ts';
import type { DocumentPage, DocumentsApi, ListOptions } from '../types.ts';
import { recordFrom, wireChanges, wireDocument, wireDocumentSchema } from './document-codec.ts';
import { createFollow } from './follow.ts';

/** The server allows at most this many rows in a page. */
export const maxPageSize = 1000;
const listTimeoutMs = 60_000;

const pageSchema = z.looseObject({
  data: z.array(z.unknown()),
  total: z.number().int().nonnegative().nullish(),
  cursor: z.string().nullish(),
});
const singleSchema = z.looseObject({ data: wireDocumentSchema });
const storedSchema = z.looseObject({ number: z.union([z.string(), z.number()]).transform(String).nullish() });

const base = '/api/mcp/documents';
const pathOf = ({ type, number }: DocumentKey): string => `${base}/${type}/${encodeURIComponent(number)}`;

/** Our own cursor for servers that only know `skip`. */
const skipCursor = /^skip:(?<skip>\d{1,9})$/;

type Row = { number?: unknown; deleted?: unknown; updated_at?: unknown };

/** Longest stretch of work between two turns of the event loop: half a frame, because main also serves the window (law 11). */
const sliceMs = 8;

/**
 * Sorts the rows of a page into documents, tombstones and what cannot be read; one bad row must not stop the other 999.
 * Works in slices, so that a large page does not hold the main process up.
 */
async function sortRows(type: DocumentType, rows: readonly unknown[], fetchedAt: number): Promise<Pick<DocumentPage, 'records' | 'deleted' | 'unreadable'>> {
  const page: Pick<DocumentPage, 'records' | 'deleted' | 'unreadable'> = { records: [], deleted: [], unreadable: [] };
  let sliceBegan = performance.now();
  for (const row of rows) {
    if (performance.now() - sliceBegan > sliceMs) {
      await nextTurn();
      sliceBegan = performance.now();
    }
    const { number, deleted, updated_at: updatedAt } = (typeof row === 'object' && row !== null ? row : {}) as Row;
    try {
      if (deleted === true) page.deleted.push({ type, number: documentNumberSchema.parse(number), changedAt: instantOf(updatedAt) });
      else page.records.push(recordFrom(type, wireDocumentSchema.parse(row), { etag: null, fetchedAt }));
    } catch (error) {
      page.unreadable.push({ number: typeof number === 'string' ? number.slice(0, 64) : null, reason: error instanceof z.ZodError ? (error.issues[0]?.path.join('.') ?? '') : 'unknown' });
    }
  }
  return page;
}

/** Documents, ERP-API section 3. */
export function createDocumentsApi(http: ErpHttp, clock: Clock): DocumentsApi {
  async function list(type: DocumentType, { limit = 200, cursor, updatedSince, ...call }: ListOptions = {}): Promise<DocumentPage> {
    const size = Math.min(limit, maxPageSize);
    const skip = Number(skipCursor.exec(cursor ?? '')?.groups?.['skip'] ?? 0);
    const { value } = await http.request({
      method: 'GET', path: `${base}/${type}`, schema: pageSchema, timeoutMs: listTimeoutMs, ...call,
      query: { limit: size, cursor: skip > 0 ? undefined : cursor, skip: skip > 0 ? skip : undefined, updated_since: updatedSince === undefined ? undefined : new Date(updatedSince).toISOString() },
    });
    const read = skip + value.data.length;
    const hasMore = value.data.length > 0 && (typeof value.total === 'number' ? read < value.total : value.data.length === size);
    // A server that knows cursors says null on the last page; one that does not says nothing at all.
    const nextCursor = value.cursor === undefined ? (hasMore ? `skip:${read}` : null) : value.cursor;
    return { ...(await sortRows(type, value.data, clock.now())), total: value.total ?? null, nextCursor };
  }

  return {
    list,
    follow: createFollow(http),
    async get(key, call = {}): Promise<DocumentRecord> {
      const { value, etag, correlationId } = await http.request({ method: 'GET', path: pathOf(key), schema: singleSchema, ...call });
      try {
        return recordFrom(key.type, value.data, { etag, fetchedAt: clock.now() });
      } catch (error) {
        const field = error instanceof z.ZodError ? (error.issues[0]?.path.join('.') ?? '') : '';
        throw failure('server.unexpected', { params: { field }, correlationId }, error);
      }
    },
    async create(document, { idempotencyKey, refuseTaken = false, ...call }) {
      const { value, etag } = await http.request({ method: 'POST', path: `${base}/${document.type}`, body: wireDocument(document), schema: storedSchema, idempotencyKey, ifNoneMatch: refuseTaken ? '*' : null, ...call });
      return { number: value.number ?? document.number, etag };
    },
    async update(document, { idempotencyKey, etag: known, changedFrom, ...call }) {
      const { value, etag } = await http.request({ method: 'PUT', path: pathOf(document), body: changedFrom === undefined ? wireDocument(document) : wireChanges(changedFrom, document), schema: storedSchema, idempotencyKey, ifMatch: known, ...call });
      return { number: value.number ?? document.number, etag };
    },
    async remove(key, { etag = null, ...call } = {}) {
      await http.request({ method: 'DELETE', path: pathOf(key), schema: z.unknown(), ifMatch: etag, ...call });
    },
  };
}

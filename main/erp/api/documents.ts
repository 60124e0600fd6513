import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../../shared/domain/document.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { Clock } from '../ports.ts';
import type { DocumentsApi, ListOptions } from '../types.ts';
import { recordFrom, wireChanges, wireDocument, wireDocumentSchema } from './document-codec.ts';
import { decodePage, maxPageSize, skipOf, type WirePage } from './document-page.ts';
import { createFollow } from './follow.ts';

const listTimeoutMs = 60_000;

/** A page crosses to the data host as it came. */
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);

const singleSchema = z.looseObject({ data: wireDocumentSchema });
const storedSchema = z.looseObject({ number: z.union([z.string(), z.number()]).transform(String).nullish() });

const base = '/api/mcp/documents';
const pathOf = ({ type, number }: DocumentKey): string => `${base}/${type}/${encodeURIComponent(number)}`;

/** Documents, ERP-API section 3. */
export function createDocumentsApi(http: ErpHttp, clock: Clock): DocumentsApi {
  async function page(type: DocumentType, { limit = 200, cursor, updatedSince, ...call }: ListOptions = {}): Promise<WirePage> {
    const size = Math.min(limit, maxPageSize);
    const skip = skipOf(cursor);
    const { value, correlationId } = await http.request({
      method: 'GET', path: `${base}/${type}`, schema: bytes, accept: 'application/json', timeoutMs: listTimeoutMs, ...call,
      query: { limit: size, cursor: skip > 0 ? undefined : cursor, skip: skip > 0 ? skip : undefined, updated_since: updatedSince === undefined ? undefined : new Date(updatedSince).toISOString() },
    });
    return { type, body: value, correlationId, size, skip };
  }

  return {
    page,
    async list(type, options) {
      const decoding = decodePage(await page(type, options), clock.now());
      for (let step = decoding.next(); ; step = decoding.next()) {
        if (step.done === true) return step.value;
        await nextTurn();
      }
    },
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

import { z } from 'zod';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { Domain } from '../../../shared/domain/document-types.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { Clock } from '../ports.ts';
import { instantOf } from '../time.ts';
import type { PaperApi } from '../types.ts';
import { recordFrom, wireDocumentSchema } from './document-codec.ts';

const optionalText = z.string().nullish().catch(null);
const historySchema = z.looseObject({
  items: z.array(z.looseObject({
    timestamp: z.union([z.string(), z.number()]).nullish().catch(null), ts: z.union([z.string(), z.number()]).nullish().catch(null),
    user: optionalText, path: z.string().min(1).max(500), sha256: z.string().regex(/^[0-9a-f]{64}$/i),
  })).max(10_000),
});
const copySchema = z.looseObject({ valid: z.boolean() });
const claimSchema = z.looseObject({ exists: z.boolean().nullish(), valid: z.boolean().nullish(), status: optionalText, date: optionalText, hash: optionalText });
const storedSchema = z.looseObject({ data: wireDocumentSchema });

/** Rendering and archiving can take the server a while; asking again would archive a second copy. */
const printTimeoutMs = 120_000;
const exportTimeoutMs = 300_000;
const mediaTypes = { csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const;
/** A document is some hundred kilobytes; nobody prints more than this. */
const largestPdf = 64 * 1024 * 1024;
const largestExport = 512 * 1024 * 1024;

const fileBytes = z.instanceof(Uint8Array).transform((bytes) => bytes as Uint8Array);

const pathOf = ({ type, number }: DocumentKey): string => `/api/documents/${type}/${encodeURIComponent(number)}`;
const verifyPath = (domain: Domain, number: string): string => `/verify/${domain}/${encodeURIComponent(number)}`;

/**
 * The server names its archived copies by paths of its own; whatever stands in them, the request stays below its route.
 * @throws AppFailure server.unexpected for a path that would leave it
 */
function copyPath(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part === '.' || part === '..')) throw failure('server.unexpected', { params: { field: 'path' } });
  return parts.map(encodeURIComponent).join('/');
}

/** Print, archive, export and verify; ERP-API section 5. */
export function createPaperApi(http: ErpHttp, clock: Clock): PaperApi {
  return {
    async print(key, call = {}) {
      const { value, correlationId } = await http.request({
        method: 'GET', path: `${pathOf(key)}/print`, schema: fileBytes, accept: 'application/pdf', retries: 0, timeoutMs: printTimeoutMs, maxBytes: largestPdf, ...call,
      });
      // What is not a PDF must not be saved under a name that says so.
      if (!startsWith(value, '%PDF-')) throw failure('server.unexpected', { params: { field: 'PDF' }, correlationId });
      return value;
    },
    async history(key, call = {}) {
      const { value } = await http.request({ method: 'GET', path: `${pathOf(key)}/history`, schema: historySchema, ...call });
      return value.items.map((item) => ({ at: instantOf(item.timestamp ?? null) ?? instantOf(item.ts ?? null), user: item.user ?? null, path: item.path, sha256: item.sha256.toLowerCase() }));
    },
    async verifyCopy(key, path, call = {}) {
      const { value } = await http.request({ method: 'GET', path: `${pathOf(key)}/verify/${copyPath(path)}`, schema: copySchema, ...call });
      return value.valid;
    },
    async verify(domain, number, hash, call = {}) {
      const { value } = await http.request({ method: 'GET', path: `${verifyPath(domain, number)}${hash === null ? '' : `/${encodeURIComponent(hash)}`}`, schema: claimSchema, ...call });
      const exists = value.exists ?? (value.valid === true || (value.hash ?? null) !== null || (value.status ?? null) !== null);
      return { exists, valid: hash === null ? null : (value.valid ?? false), status: value.status ?? null, date: value.date ?? null, hash: value.hash?.toLowerCase() ?? null };
    },
    async stored(key, call = {}) {
      const { value, etag } = await http.request({ method: 'GET', path: `/api/mcp/documents/${key.type}/${encodeURIComponent(key.number)}`, schema: storedSchema, ...call });
      return { record: recordFrom(key.type, value.data, { etag, fetchedAt: clock.now() }), body: value.data };
    },
    async export({ type, from, to, format }, call = {}) {
      const { value, correlationId } = await http.request({
        method: 'GET', path: `/api/export/${type}`, query: { fmt: format, from_date: from ?? undefined, to_date: to ?? undefined },
        schema: fileBytes, accept: mediaTypes[format], limit: 'export', retries: 0, timeoutMs: exportTimeoutMs, maxBytes: largestExport, ...call,
      });
      if (format === 'xlsx' && !startsWith(value, 'PK')) throw failure('server.unexpected', { params: { field: 'XLSX' }, correlationId });
      return value;
    },
  };
}

const startsWith = (bytes: Uint8Array, text: string): boolean => Array.from(text).every((sign, index) => bytes[index] === sign.charCodeAt(0));

import { z } from 'zod';
import { fromBase64 } from '../../../shared/audit/bytes.ts';
import { hashLength } from '../../../shared/audit/merkle.ts';
import { tilePath } from '../../../shared/audit/tiles.ts';
import type { ErpHttp } from '../http.ts';
import { instantOf } from '../time.ts';
import type { AuditApi } from '../types.ts';

const base = '/security/audit-log';

const text = z.instanceof(Uint8Array).transform((bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
const tile = z.instanceof(Uint8Array).refine((bytes) => bytes.length % hashLength === 0).transform((bytes) => Uint8Array.from(bytes));
const hash = z.string().transform((value, context) => {
  const bytes = fromBase64(value);
  if (bytes?.length === hashLength) return bytes;
  context.addIssue({ code: 'custom', message: 'not a hash' });
  return z.NEVER;
});
const pageSchema = z.looseObject({
  total: z.number().int().min(0),
  entries: z.array(z.looseObject({ canonical: z.string(), hash: z.string().nullish().transform((value) => value ?? null) })).max(10_000),
});
const proofSchema = z.looseObject({ hashes: z.array(hash).max(200) });

const optional = z.string().nullish().catch(null);
/** What the shipped server has instead; nothing in it is signed. */
const shippedSchema = z.array(z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String), timestamp: z.union([z.string(), z.number()]), user_id: optional, user_email: optional, action: optional, entity_type: optional, entity_id: optional,
  changes: z.unknown(), user_agent: optional, correlation_id: optional, tenant_id: z.union([z.string(), z.number()]).nullish().catch(null), ip_address: optional,
})).max(1000);

/** What is not told in other members of an entry: finer times than a clock here has, the user's number beside their address, tenant and IP address. */
const restOf = ({ timestamp, user_email: email, user_id: user, tenant_id: tenant, ip_address: ip }: z.output<typeof shippedSchema>[number]): string => JSON.stringify(Object.fromEntries(Object.entries({
  time: String(timestamp), user: typeof email === 'string' ? user : null, tenant, ip,
}).filter(([, value]) => value !== null && value !== undefined)));

/** The audit log of the server, ERP-API section 7. */
export function createAuditApi(http: ErpHttp): AuditApi {
  return {
    async key(call = {}) {
      return (await http.request({ method: 'GET', path: `${base}/key`, accept: 'text/plain', schema: text, ...call })).value.trim();
    },
    async checkpoint(call = {}) {
      const { value, serverTime } = await http.request({ method: 'GET', path: `${base}/checkpoint`, accept: 'text/plain', schema: text, ...call });
      return { note: value, serverTime };
    },
    async page(after, limit, call = {}) {
      const { value } = await http.request({ method: 'GET', path: base, query: { cursor: String(after), limit }, schema: pageSchema, timeoutMs: 60_000, maxBytes: 64 * 1024 * 1024, ...call });
      return value.entries.map(({ canonical, hash: claimed }) => ({ canonical, hash: claimed }));
    },
    async consistency(from, to, call = {}) {
      return (await http.request({ method: 'GET', path: `${base}/proof/consistency`, query: { from, to }, schema: proofSchema, ...call })).value.hashes;
    },
    async tile(level, index, width, call = {}) {
      return (await http.request({ method: 'GET', path: `${base}/${tilePath(level, index, width)}`, accept: 'application/octet-stream', schema: tile, ...call })).value;
    },
    async unsigned(skip, limit, call = {}) {
      const { value } = await http.request({ method: 'GET', path: '/api/v1/audit/logs', query: { skip, limit }, schema: shippedSchema, ...call });
      return value.map((item) => ({
        id: item.id, at: instantOf(item.timestamp) ?? 0, rest: restOf(item), actor: item.user_email ?? item.user_id ?? '', client: item.user_agent ?? null, action: item.action ?? '',
        resource: [item.entity_type, item.entity_id].filter((part) => part !== null && part !== undefined && part !== '').join('/'),
        changes: item.changes === undefined || item.changes === null ? null : JSON.stringify(item.changes), correlationId: item.correlation_id ?? '',
      }));
    },
  };
}

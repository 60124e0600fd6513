import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf, isAdmin, type Caller } from '../erp/auth.ts';
import { instant, wholeNumber } from '../erp/document-input.ts';
import type { Query } from '../erp/document-routes.ts';
import { invalid, refuse } from '../erp/errors.ts';
import { parseCanonical } from './entry.ts';
import type { AuditLog } from './log.ts';
import type { Tree } from './tree.ts';

/** Hashes in one full tile; C2SP tlog-tiles. */
const tileWidth = 256;

/** The whole log holds everybody's names: for administrators and auditors only. */
function reader(request: FastifyRequest): Caller {
  const caller = callerOf(request);
  if (!isAdmin(caller) && !caller.roles.includes('auditor')) throw refuse(403, 'Insufficient permissions. Required: admin:all');
  return caller;
}

/** The n of `x001/x234/067` is 1234067. */
function tileIndex(path: string): number | null {
  const parts = path.split('/');
  const isRight = parts.every((part, at) => (at < parts.length - 1 ? /^x\d{3}$/ : /^\d{3}$/).test(part));
  return isRight && parts.length <= 5 ? Number(parts.map((part) => part.replace('x', '')).join('')) : null;
}

/** `{level}/{index}[.p/{width}]` → the tile's hashes. @throws HttpError 404 for tiles that the tree does not have. */
function tile(tree: Tree, path: string): Buffer {
  const match = /^(\d|[1-5]\d|6[0-3])\/([x\d/]+?)(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  const index = tileIndex(match?.[2] ?? '');
  const level = Number(match?.[1]);
  const width = match?.[3] === undefined ? tileWidth : Number(match[3]);
  const available = Math.floor(tree.size / tileWidth ** level);
  if (match === null || index === null || width > tileWidth - (match[3] === undefined ? 0 : 1) || index * tileWidth + width > available) throw refuse(404, 'No such tile');
  return Buffer.concat(Array.from({ length: width }, (_, at) => tree.node(8 * level, index * tileWidth + at)));
}

function size(query: Query, name: string, min: number, max: number): number {
  const value = query[name];
  const number = Number(value);
  if (value === undefined || !/^\d{1,15}$/.test(value) || number < min || number > max) throw invalid(['query', name], `Input should be a whole number from ${min} to ${max}`, value ?? null);
  return number;
}

/** The audit log of the security profile; ERP-API section 7. */
export function auditRoutes(app: FastifyInstance, log: AuditLog): void {
  const base = '/security/audit-log';
  const plain = 'text/plain; charset=utf-8';

  app.get<{ Querystring: Query }>(base, (request) => {
    const { query } = request;
    const view = log.view(reader(request).name);
    const after = query['cursor'] === undefined || query['cursor'] === '' ? 0 : size(query, 'cursor', 0, Number.MAX_SAFE_INTEGER);
    const [from, to] = [instant(query, 'from'), instant(query, 'to')];
    const { total, rows } = view.page({
      after, limit: wholeNumber(query, 'limit', 100, 1, 5000),
      ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }),
      ...(query['actor'] ? { actor: query['actor'] } : {}), ...(query['action'] ? { action: query['action'] } : {}), ...(query['resource'] ? { resource: query['resource'] } : {}),
    });
    return {
      total,
      entries: rows.map(({ canonical, hash, seq }) => ({ ...described(canonical), seq, canonical, hash: hash.toString('hex') })),
      nextCursor: rows.length === 0 ? null : String(rows.at(-1)?.position),
    };
  });

  app.get(`${base}/checkpoint`, (request, reply) => reply.type(plain).header('cache-control', 'no-store').send(log.view(reader(request).name).checkpoint()));
  app.get(`${base}/key`, (request, reply) => { reader(request); return reply.type(plain).send(`${log.signer.verifierKey()}\n`); });

  app.get<{ Params: { '*': string } }>(`${base}/tile/*`, (request, reply) =>
    reply.type('application/octet-stream').send(tile(log.view(reader(request).name).tree(), request.params['*'])));

  app.get<{ Querystring: Query }>(`${base}/proof/inclusion`, (request) => {
    const tree = log.view(reader(request).name).tree();
    const treeSize = size(request.query, 'size', 1, tree.size);
    const seq = size(request.query, 'seq', 1, treeSize);
    return { seq, size: treeSize, hashes: tree.inclusion(seq - 1, treeSize).map((hash) => hash.toString('base64')) };
  });

  app.get<{ Querystring: Query }>(`${base}/proof/consistency`, (request) => {
    const tree = log.view(reader(request).name).tree();
    const to = size(request.query, 'to', 0, tree.size);
    const from = size(request.query, 'from', 0, to);
    return { from, to, hashes: tree.consistency(from, to).map((hash) => hash.toString('base64')) };
  });
}

/** The fields beside the bytes, as ERP-API section 7 names them. */
function described(text: string): Record<string, unknown> {
  try {
    const { ts, ...entry } = parseCanonical(text);
    return { ...entry, ts: new Date(ts).toISOString() };
  } catch {
    // Only after tampering: what is left of the entry is its bytes.
    return { ts: null, actor: null, action: null, resource: null };
  }
}

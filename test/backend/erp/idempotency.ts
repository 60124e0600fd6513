import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf } from './auth.ts';
import { invalid } from './errors.ts';

export type Answer = { status: number; body: unknown; etag?: string };

/** How long a key is remembered, in milliseconds. */
export const keyLifetime = 24 * 3_600_000;

export type Once = (request: FastifyRequest, reply: FastifyReply, effect: () => Answer) => FastifyReply;

type Row = { request: string; status: number; etag: string | null; body: string };

/**
 * Runs a write in one transaction and, with an `Idempotency-Key`, only once: the same key gets the same answer and no
 * second effect; the same key with another request is refused with 422. Only successes are kept, so that a refused
 * request can be mended and sent again.
 */
export function createOnce(db: Db, now: () => number): Once {
  const find = db.prepare<[string, string, number], Row>('SELECT request, status, etag, body FROM idempotency WHERE actor = ? AND key = ? AND created_at >= ?');
  const store = db.prepare('INSERT OR REPLACE INTO idempotency (actor, key, request, status, etag, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const prune = db.prepare('DELETE FROM idempotency WHERE created_at < ?');

  const send = (reply: FastifyReply, answer: Answer): FastifyReply => {
    if (answer.etag !== undefined) void reply.header('etag', answer.etag);
    return reply.code(answer.status).send(answer.body);
  };

  return (request, reply, effect) => {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || key === '') return send(reply, db.transaction(effect).immediate());
    if (key.length > 255) throw invalid(['header', 'Idempotency-Key'], 'at most 255 characters', key);
    const actor = callerOf(request).name;
    const fingerprint = createHash('sha256').update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`).digest('hex');
    const earliest = now() - keyLifetime;
    const known = find.get(actor, key, earliest);
    if (known) {
      if (known.request !== fingerprint) throw invalid(['header', 'Idempotency-Key'], 'Idempotency-Key was used for another request', key);
      void reply.header('idempotency-replayed', 'true');
      return send(reply, { status: known.status, body: JSON.parse(known.body) as unknown, ...(known.etag === null ? {} : { etag: known.etag }) });
    }
    const answer = db.transaction(() => {
      const result = effect();
      prune.run(earliest);
      store.run(actor, key, fingerprint, result.status, result.etag ?? null, JSON.stringify(result.body), now());
      return result;
    }).immediate();
    return send(reply, answer);
  };
}

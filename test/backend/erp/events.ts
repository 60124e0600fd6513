import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Db } from '../db.ts';
import type { Query } from './document-routes.ts';
import { invalid } from './errors.ts';

/** Milliseconds between two keepalive comments; ERP-API section 4. */
export const keepAliveInterval = 30_000;

export type WorkflowEvent = { domain: string; number: string; action: string; fromState: string; toState: string };

export type Events = {
  /** Stores one workflow event; open streams get it once the surrounding transaction is committed. */
  publish(event: WorkflowEvent): void;
  dropAll(): void;
  count(): number;
  close(): void;
};

/**
 * Server-sent events of `GET /api/events?stream=workflow`.
 * @param withIds false sends neither `id:` lines nor `id` members and replays nothing, as the shipped server does.
 */
export function createEvents(db: Db, now: () => number, withIds: boolean): Events & { routes(app: FastifyInstance): void } {
  const open = new Set<ServerResponse>();
  const insert = db.prepare('INSERT INTO events (ts, payload) VALUES (?, ?)');
  const since = db.prepare<[number], { id: number; ts: number; payload: string }>('SELECT id, ts, payload FROM events WHERE id > ? ORDER BY id LIMIT 10000');
  const newest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM events');
  const keepAlive = setInterval(() => { for (const response of open) response.write(': keepalive\n\n'); }, keepAliveInterval);
  keepAlive.unref();

  const frame = (id: number, ts: number, payload: string): string => {
    const event = { ...(withIds ? { id: String(id) } : {}), ts: ts / 1000, source: 'workflow', topic: 'workflow', ...(JSON.parse(payload) as WorkflowEvent) };
    return `${withIds ? `id: ${id}\n` : ''}data: ${JSON.stringify(event)}\n\n`;
  };
  let sent: number = newest.get()?.id ?? 0;
  // Sends what the table holds and not what was handed over, so an event of a rolled-back transaction never leaves.
  const flush = (): void => {
    for (const event of since.all(sent)) {
      sent = event.id;
      const text = frame(event.id, event.ts, event.payload);
      for (const response of open) response.write(text);
    }
  };
  const dropAll = (): void => {
    for (const response of open) response.destroy();
    open.clear();
  };

  return {
    publish: (event) => {
      insert.run(now(), JSON.stringify(event));
      setImmediate(flush);
    },
    dropAll,
    count: () => open.size,
    close: () => { clearInterval(keepAlive); dropAll(); },
    routes: (app) => {
      app.get<{ Querystring: Query }>('/api/events', (request, reply) => {
        const channel = request.query['stream'] ?? 'workflow';
        if (channel !== 'workflow') throw invalid(['query', 'stream'], `Input should be 'workflow'`, channel);
        const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter((header): header is [string, string] => typeof header[1] === 'string'));
        reply.hijack();
        const response = reply.raw;
        response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-cache', connection: 'keep-alive' });
        response.write(`data: ${JSON.stringify({ type: 'connected', channel })}\n\n`);
        flush();
        const lastId = request.headers['last-event-id'];
        if (withIds && typeof lastId === 'string' && /^\d+$/.test(lastId)) {
          for (const event of since.iterate(Number(lastId))) response.write(frame(event.id, event.ts, event.payload));
        }
        open.add(response);
        request.raw.on('close', () => open.delete(response));
      });
    },
  };
}

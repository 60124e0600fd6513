import type { FastifyInstance } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf } from './auth.ts';
import { refuse } from './errors.ts';

export const serverVersion = '3.0';

export type RegisteredRoute = { method: string; path: string };

/** Liveness, readiness, status and the list of what this server really offers. */
export function healthRoutes(app: FastifyInstance, options: { api: 'security' | 'shipped'; db: Db; issuer: string; now: () => number; routes: readonly RegisteredRoute[] }): void {
  const { api, db, issuer, now, routes } = options;

  app.get('/healthz', () => ({ status: 'ok', timestamp: now() / 1000 }));

  for (const path of ['/readyz', '/ready']) {
    app.get(path, async (_request, reply) => {
      if (api === 'shipped') return reply.code(503).send({ detail: 'Service not ready' });
      db.prepare('SELECT 1').get();
      const identity = await fetch(`${issuer}/jwks`, { signal: AbortSignal.timeout(2000) }).then((response) => response.ok, () => false);
      if (!identity) throw refuse(503, 'Identity provider unavailable');
      return { status: 'ready', checks: { database: 'ok', identity_provider: 'ok' } };
    });
  }

  app.get('/api/v1/status', (request) => {
    const { name, roles } = callerOf(request);
    return { ok: true, service: 'VALEO-NeuroERP', version: serverVersion, profile: api, user: name, roles, time: new Date(now()).toISOString() };
  });

  app.get('/api/v1/openapi.json', () => {
    const paths: Record<string, Record<string, unknown>> = {};
    for (const { method, path } of routes) {
      const key = path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
      paths[key] = { ...paths[key], [method.toLowerCase()]: { responses: { 200: { description: 'OK' } } } };
    }
    return { openapi: '3.1.0', info: { title: 'VALEO-NeuroERP', version: serverVersion }, paths };
  });
}

import type { FastifyInstance } from 'fastify';
import { createEveryday } from '../audit/everyday.ts';
import type { Query } from '../erp/document-routes.ts';

const day = 86_400_000;

/** A row as that server gives it. */
export type ShippedAuditRow = {
  id: string; timestamp: string; user_id: string; user_email: string | null; tenant_id: string; action: string; entity_type: string; entity_id: string;
  changes: unknown; ip_address: string; user_agent: string | null; correlation_id: string;
};

/**
 * `GET /api/v1/audit/logs` of version 3.0: exists, but nothing in the server ever writes there. Whoever has filled that table with
 * something else (`count`) gets it newest first, without order numbers, hashes or signatures.
 * @returns the table itself: whoever changes it changes what is served
 */
export function shippedAuditRoutes(app: FastifyInstance, { count, now }: { count: number; now: () => number }): ShippedAuditRow[] {
  const make = createEveryday(3);
  const started = now();
  const rows: ShippedAuditRow[] = Array.from({ length: count }, (_, at) => {
    const { ts, actor, action, resource, client, from, to, correlationId } = make(started - 90 * day + Math.floor((90 * day * at) / count));
    const [type = '', id = ''] = resource.split('/');
    return {
      id: String(at + 1), timestamp: new Date(ts).toISOString(), user_id: actor, user_email: `${actor}@valeo.example`, tenant_id: 'default', action, entity_type: type, entity_id: id,
      changes: from === null ? null : { version: [from, to] }, ip_address: '10.0.0.7', user_agent: client, correlation_id: correlationId,
    };
  }).toReversed();
  app.get<{ Querystring: Query }>('/api/v1/audit/logs', ({ query }) => {
    const [skip, limit] = [Number(query['skip'] ?? 0), Math.min(1000, Number(query['limit'] ?? 100))];
    return rows.slice(skip, skip + limit);
  });
  return rows;
}

import type { FastifyInstance } from 'fastify';
import { parseCanonical } from '../audit/entry.ts';
import type { Db } from '../db.ts';
import { objectBody } from '../erp/document-input.ts';
import type { Query } from '../erp/document-routes.ts';
import { HttpError, refuse } from '../erp/errors.ts';
import type { Events } from '../erp/events.ts';
import { moves, priceGuard, rolesFor, totalGuard } from '../erp/guards.ts';
import type { WireLine } from '../erp/money.ts';
import { actionOf, knownDomain } from '../erp/workflow-routes.ts';

type Params = { domain: string; number: string };
type Step = { ts: number; from: string; to: string; action: string };

export type ShippedWorkflow = { routes(app: FastifyInstance): void; lose(): void };

/**
 * The shipped workflow: it believes the body, its state is process memory, and its trail names nobody.
 * @param startEmpty true after a restart over existing data: what the former process knew is gone.
 */
export function createShippedWorkflow(db: Db, now: () => number, events: Events, transitions: (domain: string, action: string, status: string) => void, startEmpty: boolean): ShippedWorkflow {
  const seededState = db.prepare<[string, string], { state: string }>('SELECT state FROM workflow WHERE domain = ? AND number = ?');
  const seededTrail = db.prepare<[string], string>('SELECT canonical FROM audit_log WHERE resource = ? ORDER BY position').pluck();
  const states = new Map<string, string>();
  const trails = new Map<string, Step[]>();
  // Until the first restart this process stands for the one that has run since the data began.
  let remembersSeed = !startEmpty;

  const stateOf = (domain: string, number: string): string =>
    states.get(`${domain}/${number}`) ?? (remembersSeed ? seededState.get(domain, number)?.state : undefined) ?? 'draft';
  const trailOf = (domain: string, number: string): Step[] => [
    ...(remembersSeed ? seededTrail.all(`${domain}/${number}`).map(parseCanonical).map(({ ts, from, to, action }) => ({ ts: Math.floor(ts / 1000), from: from ?? '', to: to ?? '', action })) : []),
    ...(trails.get(`${domain}/${number}`) ?? []),
  ];

  return {
    lose: () => { states.clear(); trails.clear(); remembersSeed = false; },
    routes: (app) => {
      app.get<{ Params: Params }>('/api/workflow/:domain/:number', ({ params }) => {
        knownDomain(params.domain);
        return { ok: true, state: stateOf(params.domain, params.number) };
      });

      app.get<{ Params: Params }>('/api/workflow/:domain/:number/audit', ({ params }) => {
        knownDomain(params.domain);
        return { ok: true, items: trailOf(params.domain, params.number) };
      });

      app.post<{ Params: Params; Querystring: Query }>('/api/workflow/:domain/:number/transition', (request) => {
        const { domain, number } = request.params;
        knownDomain(domain);
        const action = actionOf(request.query);
        const body = objectBody(request.body);
        const lines = Array.isArray(body['lines']) ? (body['lines'] as WireLine[]) : [];
        const claimed = (body['user_info'] as { roles?: unknown } | undefined)?.roles;
        const from = stateOf(domain, number);
        if (from !== moves[action].from) throw refuse(400, 'transition not allowed');
        const roles = rolesFor(domain, action);
        if (roles.length > 0 && !(Array.isArray(claimed) && claimed.some((role) => roles.includes(String(role))))) throw refuse(400, `Insufficient permissions for ${action}`);
        if (action === 'approve' && domain === 'sales') {
          // It compares without looking: None against a number ends in an unhandled exception there.
          if (lines.some((line) => line.price === null)) throw new HttpError(500, 'Internal Server Error');
          const failure = priceGuard(lines);
          if (failure) throw refuse(400, failure.detail);
        }
        const failure = action === 'post' ? totalGuard(body['total']) : null;
        if (failure) throw refuse(400, failure.detail);
        const { to } = moves[action];
        const key = `${domain}/${number}`;
        states.set(key, to);
        trails.set(key, [...(trails.get(key) ?? []), { ts: Math.floor(now() / 1000), from, to, action }]);
        transitions(domain, action, to);
        events.publish({ domain, number, action, fromState: from, toState: to });
        return { ok: true, state: to };
      });
    },
  };
}

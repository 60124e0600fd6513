import { z } from 'zod';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { gatewayAnswered } from './server-errors.ts';
import type { ErpHttp } from './http.ts';
import type { Capabilities, CapabilityName, CallOptions } from './types.ts';

type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path as the client would call it; it is matched against the server's templates. */
  sample: string;
  /** The path must be listed as it stands: a template beside it would match by accident. */
  literal?: true;
  /** How to find out by asking, where the server does not list its routes. Writes are not tried out: they follow a read of the same resource. */
  probe: { path: string } | { as: CapabilityName };
  /** What older servers have in place of another feature: nobody misses it where that one is there. */
  insteadOf?: CapabilityName;
};

/** Every feature that some server may lack, and the route that it stands on. */
const routes: Readonly<Record<CapabilityName, Route>> = {
  'documents.list': { method: 'GET', sample: '/api/mcp/documents/sales_order', probe: { path: '/api/mcp/documents/sales_order?limit=1' } },
  'documents.get': { method: 'GET', sample: '/api/mcp/documents/sales_order/SO-1', probe: { path: '/api/mcp/documents/sales_order/-' } },
  'documents.create': { method: 'POST', sample: '/api/mcp/documents/sales_order', probe: { as: 'documents.get' } },
  'documents.update': { method: 'PUT', sample: '/api/mcp/documents/sales_order/SO-1', probe: { as: 'documents.get' } },
  'documents.delete': { method: 'DELETE', sample: '/api/mcp/documents/sales_order/SO-1', probe: { as: 'documents.get' } },
  'documents.follow': { method: 'POST', sample: '/api/mcp/documents/follow', literal: true, probe: { as: 'documents.get' } },
  'workflow.state': { method: 'GET', sample: '/api/workflow/sales/SO-1', probe: { path: '/api/workflow/sales/-' } },
  'workflow.transition': { method: 'POST', sample: '/api/workflow/sales/SO-1/transition', probe: { as: 'workflow.state' } },
  'workflow.audit': { method: 'GET', sample: '/api/workflow/sales/SO-1/audit', probe: { path: '/api/workflow/sales/-/audit' } },
  'workflow.pending': { method: 'GET', sample: '/api/workflow', literal: true, probe: { path: '/api/workflow?state=pending&limit=1' } },
  events: { method: 'GET', sample: '/api/events', literal: true, probe: { as: 'workflow.state' } },
  'lookups.customers': { method: 'GET', sample: '/api/mcp/lookup/customers', probe: { path: '/api/mcp/lookup/customers?q=' } },
  'lookups.suppliers': { method: 'GET', sample: '/api/mcp/lookup/suppliers', probe: { path: '/api/mcp/lookup/suppliers?q=' } },
  'lookups.articles': { method: 'GET', sample: '/api/mcp/lookup/articles', probe: { path: '/api/mcp/lookup/articles?q=' } },
  'numbering.next': { method: 'POST', sample: '/api/numbering/next', literal: true, probe: { path: '/api/numbering/status' } },
  sessions: { method: 'GET', sample: '/security/sessions', literal: true, probe: { path: '/security/sessions' } },
  incidents: { method: 'GET', sample: '/security/incidents', literal: true, probe: { path: '/security/incidents' } },
  'paper.print': { method: 'GET', sample: '/api/documents/sales_order/SO-1/print', probe: { as: 'paper.history' } },
  'paper.history': { method: 'GET', sample: '/api/documents/sales_order/SO-1/history', probe: { path: '/api/documents/sales_order/-/history' } },
  'paper.verifyCopy': { method: 'GET', sample: '/api/documents/sales_order/SO-1/verify/x', probe: { as: 'paper.history' } },
  'paper.verify': { method: 'GET', sample: '/verify/sales/SO-1', probe: { path: '/verify/sales/-' } },
  export: { method: 'GET', sample: '/api/export/sales_order', probe: { as: 'paper.history' } },
  'audit.log': { method: 'GET', sample: '/security/audit-log/checkpoint', literal: true, probe: { path: '/security/audit-log?limit=1' } },
  'audit.unsigned': { method: 'GET', sample: '/api/v1/audit/logs', literal: true, probe: { path: '/api/v1/audit/logs?limit=1' }, insteadOf: 'audit.log' },
  vulnerabilities: { method: 'GET', sample: '/security/vulnerabilities', literal: true, probe: { path: '/security/vulnerabilities?limit=1' } },
  'gdpr.export': { method: 'GET', sample: '/api/gdpr/export/x', probe: { path: '/api/gdpr/export/-' } },
  'gdpr.erase': { method: 'DELETE', sample: '/api/gdpr/erase/x', probe: { as: 'gdpr.export' } },
  'gdpr.exportOlder': { method: 'GET', sample: '/api/v1/gdpr/data-export/x', probe: { path: '/api/v1/gdpr/data-export/-' }, insteadOf: 'gdpr.export' },
  'gdpr.eraseOlder': { method: 'DELETE', sample: '/api/v1/gdpr/delete-user/x', probe: { as: 'gdpr.exportOlder' }, insteadOf: 'gdpr.erase' },
  'security.summary': { method: 'GET', sample: '/security/summary', literal: true, probe: { path: '/security/summary' } },
  backups: { method: 'GET', sample: '/security/backups', literal: true, probe: { path: '/security/backups' } },
  'backups.create': { method: 'POST', sample: '/security/backups', literal: true, probe: { as: 'backups' } },
  'backups.drill': { method: 'POST', sample: '/security/backups/x/drill', probe: { as: 'backups' } },
  secrets: { method: 'GET', sample: '/security/secrets', literal: true, probe: { path: '/security/secrets' } },
  'secrets.rotate': { method: 'POST', sample: '/security/secrets/x/rotate', probe: { as: 'secrets' } },
  checklists: { method: 'GET', sample: '/security/checklists', literal: true, probe: { path: '/security/checklists' } },
  formSpecs: { method: 'GET', sample: '/api/mcp/form-specs/sales_order', probe: { path: '/api/mcp/form-specs/sales_order' } },
  'policy.list': { method: 'GET', sample: '/api/mcp/policy/list', literal: true, probe: { path: '/api/mcp/policy/list' } },
  'policy.write': { method: 'POST', sample: '/api/mcp/policy/update', literal: true, probe: { as: 'policy.list' } },
  'policy.test': { method: 'POST', sample: '/api/mcp/policy/test', literal: true, probe: { as: 'policy.list' } },
  'policy.restore': { method: 'POST', sample: '/api/mcp/policy/restore', literal: true, probe: { as: 'policy.list' } },
  'policy.versions': { method: 'GET', sample: '/api/mcp/policy/versions', literal: true, probe: { path: '/api/mcp/policy/versions' } },
  'policy.drafts': { method: 'POST', sample: '/api/mcp/policy/drafts', literal: true, probe: { path: '/api/mcp/policy/drafts' } },
  'policy.alerts': { method: 'GET', sample: '/api/mcp/policy/alerts', literal: true, probe: { path: '/api/mcp/policy/alerts?limit=1' } },
  'policy.backups': { method: 'GET', sample: '/api/mcp/policy/backups', literal: true, probe: { path: '/api/mcp/policy/backups' } },
};

const names = Object.keys(routes) as CapabilityName[];

const openApiSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** `/a/{x}/b` matches `/a/anything/b`; a trailing slash makes no difference. */
function matches(template: string, { sample, literal }: Route): boolean {
  const [left, right] = [template, sample].map((path) => path.replace(/\/+$/, '').split('/'));
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  return left.every((part, index) => part === right[index] || (literal !== true && /^\{.+\}$/.test(part)));
}

function capabilities(available: ReadonlySet<CapabilityName>, source: Capabilities['source']): Capabilities {
  return { has: (name) => available.has(name), missing: () => names.filter((name) => !available.has(name) && !available.has(routes[name].insteadOf ?? name)), source };
}

const code = (error: unknown): string => (error instanceof AppFailure ? error.error.code : '');
const cannotList = new Set(['server.notFound', 'server.forbidden', 'server.unsupported', 'server.notJson', 'server.unexpected', 'server.failed', 'server.refused', 'server.badRequest']);

/** An answer of something before the server says nothing about the server's routes. */
const isFromGateway = (error: unknown): boolean => error instanceof AppFailure && error.error.messageKey === gatewayAnswered;

const probedByThing: ReadonlySet<CapabilityName> = new Set<CapabilityName>(['documents.get', 'paper.history', 'gdpr.export']);

/** Asks each readable route once. "Not Found" for the route and for the thing look alike, so a 404 about a thing needs a detail of its own. */
async function probeAll(http: ErpHttp, options: CallOptions): Promise<Capabilities> {
  const available = new Set<CapabilityName>();
  let outside: unknown = null;
  let hasAnswered = false;
  for (const name of names) {
    const { probe } = routes[name];
    if ('as' in probe) continue;
    try {
      await http.request({ method: 'GET', path: probe.path, schema: z.unknown(), retries: 0, ...options });
      available.add(name);
      hasAnswered = true;
    } catch (error) {
      if (code(error).startsWith('network.') || code(error).startsWith('session.') || code(error) === 'call.cancelled') throw error;
      const isThere = ['server.forbidden', 'server.invalid', 'server.badRequest', 'server.refused', 'guard.failed'].includes(code(error)) || (probedByThing.has(name) && code(error) === 'server.notFound');
      if (isThere) available.add(name);
      if (isFromGateway(error)) outside = error;
      else hasAnswered = true;
    }
  }
  // The server was never reached: nothing is known about it, which must not be kept for the session as "it can do nothing".
  if (!hasAnswered && outside !== null) throw outside;
  for (const name of names) {
    const { probe } = routes[name];
    if ('as' in probe && available.has(probe.as)) available.add(name);
  }
  return capabilities(available, 'probes');
}

/**
 * Finds out what this server can do from its list of routes; where there is none, by asking.
 * @throws AppFailure network.*, session.* when the server could not be asked at all.
 */
export async function discoverCapabilities(http: ErpHttp, options: CallOptions = {}): Promise<Capabilities> {
  try {
    const { value } = await http.request({ method: 'GET', path: '/api/v1/openapi.json', schema: openApiSchema, ...options });
    const listed = Object.entries(value.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })));
    return capabilities(new Set(names.filter((name) => listed.some(({ method, path }) => method === routes[name].method && matches(path, routes[name])))), 'openapi');
  } catch (error) {
    // Gateways like to hide the list of routes; the routes themselves they let through.
    if (!cannotList.has(code(error)) && !isFromGateway(error)) throw error;
    return probeAll(http, options);
  }
}

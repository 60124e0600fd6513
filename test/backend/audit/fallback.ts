import type { FastifyInstance, FastifyRequest } from 'fastify';
import { types } from '../erp/catalogue.ts';
import type { Audit, AuditRecord } from './audit.ts';

type Rule = { method?: string; path: RegExp; describe: (match: RegExpExecArray, method: string) => AuditRecord | null };

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 500) : null);

/** What a path says by itself, where its route records nothing of its own. Reads are recorded only where they take data out of the system. */
const rules: readonly Rule[] = [
  { method: 'GET', path: /^\/api\/documents\/([^/]+)\/([^/]+)\/print$/, describe: ([, type = '', number]) => ({ action: 'print', resource: `${types[type]?.domain ?? type}/${number}` }) },
  { method: 'GET', path: /^\/api\/export\/([^/]+)$/, describe: ([, type]) => ({ action: 'export', resource: `export/${type}` }) },
  // Trying a rule out changes nothing.
  { method: 'POST', path: /^\/api\/mcp\/policy\/test$/, describe: () => null },
  { method: 'GET', path: /^\/api\/mcp\/policy\/export$/, describe: () => ({ action: 'policy.export', resource: 'policy' }) },
  { path: /^\/api\/mcp\/policy\/(.+)$/, describe: ([, what = '']) => ({ action: `policy.${what.replaceAll('/', '.')}`, resource: 'policy' }) },
  { method: 'POST', path: /^\/security\/backups$/, describe: () => ({ action: 'backup.create', resource: 'backup' }) },
  { method: 'POST', path: /^\/security\/backups\/([^/]+)\/(\w+)$/, describe: ([, id, what]) => ({ action: `backup.${what}`, resource: `backup/${id}` }) },
  { method: 'POST', path: /^\/security\/secrets\/([^/]+)\/rotate$/, describe: ([, name]) => ({ action: 'secret.rotate', resource: `secret/${name}` }) },
  { path: /^\/security\/([\w-]+)(?:\/(.+))?$/, describe: ([, area, id], method) => ({ action: `${area}.${({ POST: 'create', PATCH: 'change', PUT: 'change', DELETE: 'delete' })[method] ?? 'read'}`, resource: id === undefined ? `${area}` : `${area}/${id}` }) },
  { path: /^\/api\/gdpr\/(.+)$/, describe: ([, what = '']) => ({ action: `gdpr.${what.split('/')[0]}`, resource: `gdpr/${what}` }) },
];

function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function describe(request: FastifyRequest): AuditRecord | null {
  const path = readable(request.url.split('?')[0] ?? '/');
  for (const rule of rules) {
    const match = rule.path.exec(path);
    if (match === null || (rule.method !== undefined && rule.method !== request.method)) continue;
    if (rule.method === undefined && request.method === 'GET') continue;
    return rule.describe(match, request.method);
  }
  return null;
}

/**
 * Records what no route has recorded itself: every change under the policy, security and GDPR paths, everything printed or
 * exported, and every refusal for want of a right, wherever it happens.
 */
export function auditFallback(app: FastifyInstance, audit: Audit): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.audited === true || request.caller === undefined || reply.hasHeader('idempotency-replayed')) return;
    const refused = reply.statusCode === 403;
    const known = describe(request);
    if (refused) {
      const path = (request.url.split('?')[0] ?? '/').slice(0, 200);
      audit.record(request, { ...(known ?? { action: request.method.toLowerCase(), resource: path }), outcome: 'refused', policy: 'scope' });
    } else if (known !== null && reply.statusCode < 300) {
      const body = (request.body ?? {}) as { id?: unknown; reason?: unknown };
      const id = text(body.id);
      audit.record(request, { ...known, resource: id === null || known.resource.includes('/') ? known.resource : `${known.resource}/${id}`, reason: text(body.reason) });
    }
  });
}

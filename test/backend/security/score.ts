import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Db } from '../db.ts';
import { requireReader } from './readers.ts';

type Backup = { kind: string; offsite: { copied: boolean } };

/**
 * `/security/summary`, ERP-API section 7. Nothing in it is a constant: headers are read off an answer of this very server, the
 * rest off its own routes; what it does not have it does not claim.
 */
export function summaryRoutes(app: FastifyInstance, db: Db): void {
  const lastScans = db.prepare<[], { kind: string; ts: number }>('SELECT kind, ts FROM vulnerability_scans ORDER BY kind');
  const summaryFor = async (request: FastifyRequest): Promise<unknown> => {
    const ask = async (url: string): Promise<{ items?: unknown[]; [more: string]: unknown } | null> => {
      if (!app.hasRoute({ method: 'GET', url })) return null;
      const answer = await app.inject({ method: 'GET', url, headers: { authorization: request.headers.authorization ?? '', 'user-agent': request.headers['user-agent'] ?? '' } });
      return answer.statusCode === 200 ? (answer.json() as { items?: unknown[] }) : null;
    };
    const probe = await app.inject({ method: 'GET', url: '/healthz' });
    const has = (header: string): boolean => probe.headers[header] !== undefined;
    const [backups, secrets] = await Promise.all([ask('/security/backups'), ask('/security/secrets')]);
    const stored = (backups?.items ?? []) as Backup[];
    const scans = lastScans.all();
    const kinds = new Set(stored.map(({ kind }) => kind));
    return {
      // Nobody has verified this server against it.
      asvs_level: null,
      zap_scan: { frequency: null, last_run: null, status: 'not_configured' },
      backups: { enabled: stored.length > 0, location: stored.some(({ offsite }) => offsite.copied) ? 'local and off-site' : stored.length > 0 ? 'local' : null, retention: kinds.size === 0 ? null : [...kinds].join(', ') },
      vulnerability_scanning: { enabled: scans.length > 0, status: scans.length === 0 ? 'not_configured' : scans.map(({ kind, ts }) => `${kind} ${new Date(ts).toISOString().slice(0, 10)}`).join(', ') },
      secret_rotation: { enabled: secrets !== null, status: secrets === null ? 'not_configured' : `${(secrets.items ?? []).length} secrets with a due date` },
      security_headers: { hsts: has('strict-transport-security'), csp: has('content-security-policy'), x_frame_options: has('x-frame-options'), nosniff: has('x-content-type-options'), referrer_policy: has('referrer-policy') },
      authentication: { method: 'oidc', provider: 'oidc-provider', jwks_rotation: secrets === null ? null : 'on demand' },
      compliance: { gdpr: { export: app.hasRoute({ method: 'GET', url: '/api/gdpr/export/:id' }), erase: app.hasRoute({ method: 'DELETE', url: '/api/gdpr/erase/:id' }) }, audit_log: app.hasRoute({ method: 'GET', url: '/security/audit-log/checkpoint' }) },
    };
  };
  app.get('/security/summary', (request) => {
    requireReader(request);
    return summaryFor(request);
  });
}

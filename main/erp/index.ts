import { z } from 'zod';
import { failure } from '../../shared/ipc/errors.ts';
import { createAuditApi } from './api/audit.ts';
import { createBackupsApi } from './api/backups.ts';
import { createDocumentsApi } from './api/documents.ts';
import { createGdprApi } from './api/gdpr.ts';
import { createChecklistsApi } from './api/checklists.ts';
import { createSecuritySummaryApi } from './api/security-summary.ts';
import { createFormSpecsApi } from './api/form-specs.ts';
import { createLookupsApi } from './api/lookups.ts';
import { createMetricsApi } from './api/metrics.ts';
import { createNumberingApi } from './api/numbering.ts';
import { createIncidentsApi } from './api/incidents.ts';
import { createSecretsApi } from './api/secrets.ts';
import { createSessionsApi } from './api/sessions.ts';
import { createPolicyApi } from './api/policy.ts';
import { createPaperApi } from './api/paper.ts';
import { createWorkflowApi } from './api/workflow.ts';
import { createVulnerabilitiesApi } from './api/vulnerabilities.ts';
import { discoverCapabilities } from './capabilities.ts';
import { readEvents } from './events.ts';
import { createHttp } from './http.ts';
import { createLimits, type Limits } from './limits.ts';
import type { Clock, HttpFetch, TokenSource } from './ports.ts';
import type { Capabilities, Erp, WaitingInfo } from './types.ts';
import type { Log } from '../log/log.ts';

export type ErpOptions = {
  baseUrl: string;
  fetch: HttpFetch;
  tokens: TokenSource;
  clock: Clock;
  log: Log;
  /** Told while requests wait for their turn under the server's rate limit, and when none does any more. */
  onWaiting?: (info: WaitingInfo) => void;
  /** 0 ≤ n < 1, for jitter. */
  random?: () => number;
  /** The server's limits unless given. */
  limits?: Limits;
};

/** @throws AppFailure call.cancelled as soon as the signal says so; the work itself goes on. */
function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(failure('call.cancelled'));
    if (signal.aborted) return cancel();
    signal.addEventListener('abort', cancel, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

/** The ERP as the rest of the main process sees it. */
export function createErp({ baseUrl, fetch, tokens, clock, log, onWaiting, random = Math.random, limits = createLimits({ clock, onWaiting }) }: ErpOptions): Erp {
  const http = createHttp({ baseUrl, fetch, tokens, clock, log: log.child('erp.http'), limits, random });
  let known: Promise<Capabilities> | null = null;

  const capabilities: Erp['capabilities'] = ({ refresh = false, signal, ...options } = {}) => {
    if (refresh || known === null) {
      // Without the signal: the answer is everybody's, and one who gives up must not take it from the others.
      const asked = discoverCapabilities(http, options);
      known = asked;
      // A failure is no knowledge: the next caller asks again.
      asked.catch(() => { if (known === asked) known = null; });
    }
    return signal === undefined ? known : unlessCancelled(known, signal);
  };

  return {
    documents: createDocumentsApi(http, clock),
    workflow: createWorkflowApi(http),
    lookups: createLookupsApi(http),
    numbering: createNumberingApi(http),
    formSpecs: createFormSpecsApi(http),
    sessions: createSessionsApi(http),
    incidents: createIncidentsApi(http),
    policy: createPolicyApi(http),
    paper: createPaperApi(http, clock),
    audit: createAuditApi(http),
    gdpr: createGdprApi(http, capabilities),
    checklists: createChecklistsApi(http),
    securitySummary: createSecuritySummaryApi(http),
    metrics: createMetricsApi(http),
    vulnerabilities: createVulnerabilitiesApi(http),
    backups: createBackupsApi(http),
    secrets: createSecretsApi(http),
    capabilities,
    turn: ({ priority = 'interactive', signal } = {}) => limits.all.turn(priority, signal),
    async ping(options = {}) {
      await http.request({ method: 'GET', path: '/api/v1/status', schema: z.unknown(), retries: 0, ...options });
    },
    events: (options) => readEvents({ http, clock, log: log.child('erp.events'), random, ...options }),
  };
}

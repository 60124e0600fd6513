import { z } from 'zod';
import { readAddress, watcherFields, watcherIds, type Monitoring, type WatcherAnswer, type WatcherId } from '../../shared/domain/monitoring.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { livenessQuery } from '../../shared/security/metrics/queries.ts';
import type { Clock, HttpFetch } from '../erp/ports.ts';
import { outsideAt, type Outside } from './outside.ts';

/** Somebody waits at the form. */
const timeoutMs = 8_000;

const version = z.string().max(60);
const noVersion = (): null => null;
const queried = z.object({ status: z.literal('success'), data: z.object({ resultType: z.literal('vector'), result: z.array(z.unknown()) }) });

type Probe = (server: Outside) => Promise<string | null>;

/**
 * What only the right server answers like this, the one with a version first. Not every server that speaks the language of one
 * tells a version: Thanos, Mimir and older ones do not.
 */
const probes: Record<WatcherId, readonly Probe[]> = {
  prometheus: [
    (server) => server.request({ path: '/api/v1/status/buildinfo', schema: z.object({ status: z.literal('success'), data: z.object({ version }) }) }).then(({ data }) => data.version),
    (server) => server.request({ path: '/api/v1/query', query: { query: 'vector(1)' }, schema: queried }).then(noVersion),
  ],
  alertmanager: [
    (server) => server.request({ path: '/api/v2/status', schema: z.object({ versionInfo: z.object({ version }) }) }).then((status) => status.versionInfo.version),
  ],
  loki: [
    (server) => server.request({ path: '/loki/api/v1/status/buildinfo', schema: z.object({ version }) }).then((info) => info.version),
    (server) => server.request({ path: '/loki/api/v1/labels', schema: z.object({ status: z.literal('success') }) }).then(noVersion),
  ],
};

/** Something answers, and it is not what was looked for. */
const isAnswer = (error: unknown): error is AppFailure =>
  error instanceof AppFailure && error.error.code.startsWith('server.') && error.error.code !== 'server.unauthorised' && error.error.code !== 'server.forbidden';

/** @throws AppFailure of the first probe, when none is answered as it should be */
async function askAs(id: WatcherId, server: Outside): Promise<string | null> {
  let first: unknown;
  for (const probe of probes[id]) {
    try {
      return await probe(server);
    } catch (error) {
      first ??= error;
      if (!isAnswer(error)) throw error;
    }
  }
  throw first;
}

/** Which of the others answers at an address: they are easily mixed up. */
async function whoElse(id: WatcherId, server: Outside): Promise<{ found: WatcherId; version: string | null } | null> {
  const others = await Promise.all(watcherIds.filter((other) => other !== id).map((found) => askAs(found, server).then((told) => ({ found, version: told }), () => null)));
  return others.find((other) => other !== null) ?? null;
}

/** Panels stay empty at a Prometheus that does not scrape the ERP. */
const knowsErp = (server: Outside): Promise<boolean> =>
  server.request({ path: '/api/v1/query', query: { query: livenessQuery }, schema: queried }).then(({ data }) => data.result.length > 0);

async function check(id: WatcherId, address: string, { fetch, clock, erpUrl }: CheckPorts): Promise<WatcherAnswer> {
  const server = outsideAt(address, { fetch, clock, timeoutMs });
  const answer = (status: WatcherAnswer['status'], finding: WatcherAnswer['finding'], more: Partial<WatcherAnswer> = {}): WatcherAnswer => ({ id, status, finding, host: server.host, version: null, found: null, httpStatus: null, error: null, ...more });
  try {
    const told = await askAs(id, server);
    if (id === 'prometheus' && !(await knowsErp(server))) return answer('warning', 'noErpMetrics', { version: told });
    return answer('ok', 'answers', { version: told });
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    const { code, params } = error.error;
    if (code === 'server.unauthorised' || code === 'server.forbidden') return URL.canParse(erpUrl) && new URL(erpUrl).origin === new URL(address).origin ? answer('warning', 'signInErp') : answer('failed', 'signIn');
    if (code === 'network.timeout') return answer('failed', 'slow');
    if (code.startsWith('tls.')) return answer('failed', 'untrusted', { error: error.error });
    if (!isAnswer(error)) return answer('failed', 'silent');
    const other = await whoElse(id, server);
    if (other !== null) return answer('failed', 'otherWatcher', other);
    const status = params['status'] ?? '';
    if (code === 'server.rateLimited' || Number(status) >= 500) return answer('failed', 'notReady', { httpStatus: status });
    return answer('failed', code === 'server.unexpected' && params['field'] === 'Location' ? 'loginPage' : 'notThis');
  }
}

export type CheckPorts = { fetch: HttpFetch; clock: Clock; /** The ERP's own origin gets its token once somebody is signed in. */ erpUrl: string };

/**
 * Asks each server that is named who it is. Harmless: GET requests without a token. Addresses that cannot be read are left out; the form
 * says why before it asks.
 */
export async function checkMonitoring(monitoring: Monitoring, ports: CheckPorts): Promise<WatcherAnswer[]> {
  const named = watcherIds.flatMap((id) => {
    const { address } = readAddress(id, monitoring[watcherFields[id]]);
    return address === null || address === '' ? [] : [{ id, address }];
  });
  return Promise.all(named.map(({ id, address }) => check(id, address, ports)));
}

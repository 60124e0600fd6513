import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { parseJson, readText } from '../erp/body.ts';
import { networkFailure } from '../erp/network-errors.ts';
import type { SecurityPorts } from './ports.ts';

/** Parsed on the thread that serves the window: a megabyte of JSON takes some milliseconds. */
const maxBytes = 1024 * 1024;
const defaultTimeoutMs = 15_000;

export type OutsideRequest<T> = {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Below the base address, with a leading slash; its parts are already encoded. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  schema: z.ZodType<T>;
  signal?: AbortSignal;
};

export type Outside = {
  /** Shown to people. */
  readonly host: string;
  /** @throws AppFailure network.*, tls.*, server.* with the host in its parameters; never a text of the server */
  request<T>(request: OutsideRequest<T>): Promise<T>;
};

const codes = new Map([[400, 'server.badRequest'], [401, 'server.unauthorised'], [403, 'server.forbidden'], [404, 'server.notFound'], [422, 'server.badRequest'], [429, 'server.rateLimited'], [502, 'server.unavailable'], [503, 'server.unavailable'], [504, 'server.unavailable']] as const);

type OutsidePorts = Pick<SecurityPorts, 'fetch' | 'clock'> & {
  /** Headers that say who asks; none unless given. */
  authorisation?: ((method: string, url: string) => Promise<Record<string, string>>) | undefined;
  timeoutMs?: number;
};

/**
 * A server beside the ERP that the profile names: Prometheus, Alertmanager, Loki. The ERP's token goes along only where it is
 * the ERP's own origin that answers, and no redirect is followed, so that it cannot lead the token elsewhere.
 */
export function createOutside(baseUrl: string, { profile, session, fetch, clock }: Pick<SecurityPorts, 'profile' | 'session' | 'fetch' | 'clock'>): Outside {
  if (new URL(baseUrl).origin !== new URL(profile.erpUrl).origin) return outsideAt(baseUrl, { fetch, clock });
  return outsideAt(baseUrl, {
    fetch, clock,
    async authorisation(method, url) {
      const token = await session.accessToken();
      const proof = await session.proof({ token, method, url });
      return proof === null ? { Authorization: `Bearer ${token}` } : { Authorization: `DPoP ${token}`, DPoP: proof };
    },
  });
}

/** The same, asked as whoever `authorisation` says. */
export function outsideAt(baseUrl: string, { fetch, clock, authorisation, timeoutMs = defaultTimeoutMs }: OutsidePorts): Outside {
  const base = new URL(baseUrl);

  async function request<T>({ method = 'GET', path, query = {}, body, schema, signal }: OutsideRequest<T>): Promise<T> {
    const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const correlationId = randomUUID();
    const controller = new AbortController();
    const cancel = (): void => controller.abort(failure('call.cancelled', { correlationId }));
    const stopTimer = clock.after(timeoutMs, () => controller.abort(failure('network.timeout', { params: { host: base.host }, correlationId })));
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      controller.signal.throwIfAborted();
      const response = await fetch(url.href, {
        method, redirect: 'manual', signal: controller.signal, credentials: 'omit',
        headers: { Accept: 'application/json', 'X-Correlation-ID': correlationId, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(await authorisation?.(method, url.href)) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const params = { host: base.host, status: String(response.status) };
      if (!response.ok) {
        await response.body?.cancel();
        const isRedirect = response.status >= 300 && response.status < 400;
        // Signing in again helps where it was our token that was refused.
        throw failure(isRedirect ? 'server.unexpected' : codes.get(response.status as 400) ?? 'server.failed', { params: { ...params, field: 'Location' }, correlationId, reloginResolves: response.status === 401 && authorisation !== undefined });
      }
      const parsed = parseJson((await readText(response, maxBytes, correlationId)) || 'null');
      if (parsed === undefined) throw failure('server.notJson', { params, correlationId });
      const checked = schema.safeParse(parsed);
      if (!checked.success) throw failure('server.unexpected', { params: { ...params, field: checked.error.issues[0]?.path.join('.') ?? '' }, correlationId });
      return checked.data;
    } catch (error) {
      const thrown: unknown = controller.signal.aborted ? controller.signal.reason : error;
      throw thrown instanceof AppFailure ? thrown : networkFailure(thrown, base.host, correlationId);
    } finally {
      stopTimer();
      signal?.removeEventListener('abort', cancel);
    }
  }
  return { host: base.host, request };
}

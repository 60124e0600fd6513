import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { correlationId as ambientCorrelationId } from '../log/correlation.ts';
import type { Log } from '../log/log.ts';
import { redactText } from '../log/redact.ts';
import { defaultMaxBytes, isJson, mediaType, parseJson, readBytes, readText } from './body.ts';
import type { Limits } from './limits.ts';
import { networkFailure } from './network-errors.ts';
import type { Clock, HttpFetch, TokenSource } from './ports.ts';
import { redirectTarget } from './redirects.ts';
import { isRefusal, retryAfterMs, serverError, serverText } from './server-errors.ts';
import { StepUpRequired, stepUpChallenge, wantsNonce } from './step-up.ts';
import type { LimitName, Priority } from './types.ts';

export type HttpRequest<T> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base address, with a leading slash; its parts are already encoded. */
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  schema: z.ZodType<T>;
  /** Media type of an answer that is a file: the schema gets its bytes then. Refusals are JSON as always. */
  accept?: string;
  ifMatch?: string | null;
  ifNoneMatch?: string | null;
  /** Makes a write repeatable. Without one it is sent once and never again by itself. */
  idempotencyKey?: string;
  priority?: Priority;
  /** The narrower limit that the server keeps for this route, beside the one for all. */
  limit?: Exclude<LimitName, 'all'>;
  signal?: AbortSignal | undefined;
  /** Ends only the wait for a turn; the signal unless given. */
  turn?: AbortSignal;
  /** For one attempt, reading the body included; 20 s unless given. */
  timeoutMs?: number;
  /** Attempts after the first; 2 unless given. A refusal for the rate limit counts as none: the server has done nothing. */
  retries?: number;
  maxBytes?: number;
};

export type HttpAnswer<T> = { value: T; etag: string | null; correlationId: string; /** The server's clock as its `Date` header has it, epoch milliseconds; null without a readable one. */ serverTime: number | null };

export type ErpHttp = {
  /** @throws AppFailure with every way in which a request can fail, and never a text of the server. */
  request<T>(request: HttpRequest<T>): Promise<HttpAnswer<T>>;
  /** Opens an answer that does not end (events). The caller reads the body and ends it with the signal. */
  open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
};

/** A request as it goes out, still without its token. */
type Outgoing = { method: string; headers: Record<string, string>; body?: string | null; signal: AbortSignal };

export type HttpOptions = { baseUrl: string; fetch: HttpFetch; tokens: TokenSource; clock: Clock; log: Log; limits: Limits; random?: () => number };

const defaultTimeoutMs = 20_000;
const defaultRetries = 2;
/** Longer waits are told instead of sat out: nobody looks at a waiting bar for minutes. A job shows its waiting and may be left alone. */
const longestWaitMs = 65_000;
const longestJobWaitMs = 15 * 60_000;
/** Refusals in a row that a person sits out; a job goes on until it is cancelled. */
const patience = 8;
const maxRedirects = 3;

/** Failures after which the same request may well succeed. Unreachable is not among them: the person wants to know that at once. */
const transient = new Set(['network.interrupted', 'server.unavailable']);

/** The one HTTP client of the ERP: bearer, correlation id, limits, timeouts, retries, errors as codes (law 8). */
export function createHttp({ baseUrl, fetch, tokens, clock, log, limits, random = Math.random }: HttpOptions): ErpHttp {
  const base = new URL(baseUrl);
  const { host } = base;

  /** False once the ERP has taken a bound token only without its proof: the provider offers DPoP, the ERP does not know it. */
  let knowsProofs = true;
  /** Answers to requests that carried a proof. */
  const proven = new WeakSet<Response>();

  /** A token that is bound to a key goes out with a proof of its own for each address. */
  async function authorisation(token: string, method: string, url: URL, mayProve: boolean): Promise<Record<string, string>> {
    const proof = mayProve ? (await tokens.proof?.({ token, method, url: url.href })) ?? null : null;
    return proof === null ? { Authorization: `Bearer ${token}` } : { Authorization: `DPoP ${token}`, DPoP: proof };
  }

  /** One exchange on the wire, redirects followed. The token never leaves our origin. */
  async function exchange(url: URL, init: Outgoing, token: string, mayProve = knowsProofs): Promise<Response> {
    let target = url;
    let isOurs = true;
    for (let hops = 0; ; hops++) {
      // What came back by way of another server is not ours any more.
      isOurs &&= target.origin === base.origin;
      const headers = isOurs ? { ...init.headers, ...(await authorisation(token, init.method, target, mayProve)) } : init.headers;
      const response = await fetch(target.href, { ...init, headers, redirect: 'manual' });
      if ('DPoP' in headers) proven.add(response);
      const nonce = response.headers.get('dpop-nonce');
      if (isOurs && nonce !== null) tokens.rememberNonce?.(target.origin, nonce);
      const next = redirectTarget({ status: response.status, location: response.headers.get('location'), method: init.method, from: target, base });
      if (next === null) return response;
      await response.body?.cancel();
      if (next === 'refused' || hops >= maxRedirects) throw failure('server.unexpected', { params: { field: 'Location' }, correlationId: headers['X-Correlation-ID'] ?? null });
      target = next;
    }
  }

  /** Sends with a good token; a rejected one is renewed once. @throws StepUpRequired when only a stronger login helps. */
  async function withToken(url: URL, init: Outgoing): Promise<Response> {
    const token = await tokens.accessToken();
    let response = await exchange(url, init, token);
    if (response.status === 401 && wantsNonce(response.headers.get('www-authenticate'))) {
      await response.body?.cancel();
      response = await exchange(url, init, token);
    }
    if (response.status === 401 && proven.has(response) && !/\bDPoP\b/i.test(response.headers.get('www-authenticate') ?? '')) {
      await response.body?.cancel();
      response = await exchange(url, init, token, false);
      knowsProofs = response.status === 401;
    }
    if (response.status !== 401) return response;
    await response.body?.cancel();
    demandStepUp(response, init);
    const renewed = await exchange(url, init, await tokens.refreshNow(token));
    if (renewed.status === 401) demandStepUp(renewed, init);
    return renewed;
  }

  function demandStepUp(response: Response, init: Outgoing): void {
    const challenge = stepUpChallenge(response.headers.get('www-authenticate'));
    if (challenge !== null) throw new StepUpRequired(challenge, init.headers['X-Correlation-ID'] ?? null);
  }

  const headersOf = <T>(request: HttpRequest<T>, id: string): Record<string, string> => ({
    Accept: request.accept === undefined ? 'application/json' : `${request.accept}, application/json;q=0.5`,
    'X-Correlation-ID': id,
    ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(request.ifMatch === undefined || request.ifMatch === null ? {} : { 'If-Match': request.ifMatch }),
    ...(request.ifNoneMatch === undefined || request.ifNoneMatch === null ? {} : { 'If-None-Match': request.ifNoneMatch }),
    ...(request.idempotencyKey === undefined ? {} : { 'Idempotency-Key': request.idempotencyKey }),
  });

  async function understand<T>(request: HttpRequest<T>, response: Response, sentId: string): Promise<HttpAnswer<T>> {
    const correlationId = response.headers.get('x-correlation-id') ?? sentId;
    const date = Date.parse(response.headers.get('date') ?? '');
    const about = { etag: response.headers.get('etag'), correlationId, serverTime: Number.isNaN(date) ? null : date };
    if (request.accept !== undefined && response.ok && mediaType(response) === request.accept) {
      const bytes = await readBytes(response, request.maxBytes ?? defaultMaxBytes, correlationId);
      return { value: request.schema.parse(bytes), ...about };
    }
    const text = await readText(response, request.maxBytes ?? defaultMaxBytes, correlationId);
    const parsed = text === '' ? null : parseJson(text);
    if (!response.ok || isRefusal(parsed)) {
      const body = parsed === undefined ? text : parsed;
      log.warn('refused', { method: request.method, path: request.path, status: response.status, correlationId });
      // The server's words may quote a document or its own inside; they are for whoever turns debugging on.
      log.debug('server text', { correlationId, text: redactText((serverText(body) ?? '').slice(0, 200)) });
      throw new AppFailure(serverError({ status: response.status, body, correlationId, retryAfter: retryAfterMs(response.headers.get('retry-after'), clock.now()) }));
    }
    if (parsed === undefined || (text !== '' && !isJson(response))) throw failure('server.notJson', { correlationId });
    const checked = request.schema.safeParse(parsed);
    if (!checked.success) {
      const field = checked.error.issues[0]?.path.join('.') ?? '';
      log.warn('unexpected answer', { method: request.method, path: request.path, correlationId, field });
      throw failure('server.unexpected', { params: { field }, correlationId });
    }
    return { value: checked.data, ...about };
  }

  async function attempt<T>(request: HttpRequest<T>, url: URL, correlationId: string): Promise<HttpAnswer<T>> {
    const { priority = 'interactive', turn = request.signal } = request;
    if (request.limit !== undefined) await limits[request.limit].turn(priority, turn);
    await limits.all.turn(priority, turn);
    const controller = new AbortController();
    const cancel = () => controller.abort(failure('call.cancelled', { correlationId }));
    const stopTimer = clock.after(request.timeoutMs ?? defaultTimeoutMs, () => controller.abort(failure('network.timeout', { params: { host }, correlationId })));
    request.signal?.addEventListener('abort', cancel, { once: true });
    if (request.signal?.aborted === true) cancel();
    const started = clock.now();
    try {
      const body = request.body === undefined ? null : JSON.stringify(request.body);
      const response = await withToken(url, { method: request.method, headers: headersOf(request, correlationId), body, signal: controller.signal });
      const answer = await understand(request, response, correlationId);
      log.debug('answered', { method: request.method, path: request.path, status: response.status, ms: clock.now() - started, correlationId: answer.correlationId });
      return answer;
    } catch (error) {
      // Runtimes differ in what an aborted fetch rejects with; the reason is ours either way.
      throw controller.signal.aborted ? (controller.signal.reason as AppFailure) : networkFailure(error, host, correlationId);
    } finally {
      stopTimer();
      request.signal?.removeEventListener('abort', cancel);
    }
  }

  /** How long to wait before the next attempt; null when there shall be none. */
  function retryDelay<T>(request: HttpRequest<T>, { error }: AppFailure, done: number): number | null {
    const repeatable = request.method === 'GET' || request.idempotencyKey !== undefined;
    if (!repeatable || done >= (request.retries ?? defaultRetries) || !transient.has(error.code)) return null;
    const backoff = 250 * 2 ** done * (0.5 + random());
    const wait = error.retryAfter === null ? backoff : error.retryAfter + 100 * random();
    return wait <= longestWaitMs ? wait : null;
  }

  /**
   * The server said 429. Everybody pauses in the limiter's queue, where the person sees it, for as long as the server asks,
   * or for longer each time where it does not say. @returns whether this request then tries again.
   */
  function sitOut<T>(request: HttpRequest<T>, { error }: AppFailure, refusals: number): boolean {
    const isJob = request.priority !== undefined && request.priority !== 'interactive';
    const wait = (error.retryAfter ?? Math.min(1000 * 2 ** refusals, 60_000)) + 100 * random();
    limits[request.limit ?? 'all'].pauseFor(Math.min(wait, isJob ? longestJobWaitMs : longestWaitMs));
    return isJob ? wait <= longestJobWaitMs : wait <= longestWaitMs && refusals < patience;
  }

  const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> => new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => {
      signal?.removeEventListener('abort', cancel);
      resolve();
    });
    function cancel(): void {
      stop();
      reject(failure('call.cancelled'));
    }
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
  });

  /** @throws AppFailure input.invalid for a part of dots: an address swallows it, and `DELETE /sessions/.` would mean all of them */
  function addressOf(path: string, query: HttpRequest<unknown>['query'] = {}): URL {
    if ((path.split('?')[0] ?? '').split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) throw failure('input.invalid', { params: { path } });
    const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  }

  return {
    async request(request) {
      const url = addressOf(request.path, request.query);
      const correlationId = ambientCorrelationId() ?? randomUUID();
      let hasSteppedUp = false;
      let refusals = 0;
      for (let done = 0; ; done++) {
        const since = clock.now();
        try {
          return await attempt(request, url, correlationId);
        } catch (error) {
          // Only for what a person waits for: a browser that opens by itself would be a riddle.
          if (error instanceof StepUpRequired && !hasSteppedUp && tokens.stepUp !== undefined && request.priority !== 'background') {
            log.info('the server wants a stronger login', { method: request.method, path: request.path, correlationId });
            await tokens.stepUp(error.challenge, { since, signal: request.signal });
            hasSteppedUp = true;
            continue;
          }
          const failed = error instanceof AppFailure ? error : networkFailure(error, host, correlationId);
          if (failed.error.code === 'server.rateLimited') {
            if (!sitOut(request, failed, refusals)) throw failed;
            refusals += 1;
            done -= 1;
            log.info('waiting for the rate limit', { method: request.method, path: request.path, refusals, correlationId });
            continue;
          }
          const delay = retryDelay(request, failed, done);
          if (delay === null) throw failed;
          log.info('trying again', { method: request.method, path: request.path, code: failed.error.code, attempt: done + 2, ms: Math.round(delay), correlationId });
          await pause(delay, request.signal);
        }
      }
    },
    async open(path, headers, signal) {
      const correlationId = randomUUID();
      await limits.all.turn('background', signal);
      try {
        const response = await withToken(addressOf(path), { method: 'GET', headers: { ...headers, 'X-Correlation-ID': correlationId }, signal });
        if (response.ok) return response;
        const text = await readText(response, 64 * 1024, correlationId);
        throw new AppFailure(serverError({ status: response.status, body: parseJson(text) ?? text, correlationId, retryAfter: retryAfterMs(response.headers.get('retry-after'), clock.now()) }));
      } catch (error) {
        throw signal.aborted ? failure('call.cancelled') : networkFailure(error, host, correlationId);
      }
    },
  };
}

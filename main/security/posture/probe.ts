import { randomUUID } from 'node:crypto';
import { largestRun } from '../../../shared/security/posture/checks.ts';
import { correlationId as ambientId } from '../../log/correlation.ts';
import { readText } from '../../erp/body.ts';
import { networkErrorOf } from '../../erp/network-errors.ts';
import type { HttpFetch } from '../../erp/ports.ts';
import { askDirectly } from './direct.ts';
import { failure, type AppError } from '../../../shared/ipc/errors.ts';

/** Nothing else is ever sent: a probe must not change anything. */
export type ProbeMethod = 'GET' | 'HEAD' | 'OPTIONS';

export type Answer = {
  method: ProbeMethod;
  path: string;
  /** Null when the connection failed. */
  status: number | null;
  headers: Headers;
  /** At most 256 KB of it; empty for success. */
  body: string;
  /** The id that was sent along. */
  correlationId: string;
  /** Our clock, epoch milliseconds, before and after. */
  sentAt: number;
  answeredAt: number;
  error: AppError | null;
};

export type ProbePorts = {
  baseUrl: string;
  /** Without a token of its own. */
  fetch: HttpFetch;
  now: () => number;
  /** Waits for a turn under the client's own rate limit. @throws AppFailure call.cancelled */
  turn: () => Promise<void>;
  signal: AbortSignal;
  /** Told after each request and handshake. */
  progress: (sent: number) => void;
};

const timeoutMs = 10_000;
const largestBody = 256 * 1024;

/**
 * Sends the harmless requests of one run and counts them. A refusal for the rate limit ends the run's sending: what was
 * not asked by then stays unknown, because a check that provokes a lock-out would do harm itself.
 */
export class Probe {
  readonly answers: Answer[] = [];
  /** When the server said 429; its answer. */
  limited: Answer | null = null;
  readonly #ports: ProbePorts;
  #sent = 0;

  constructor(ports: ProbePorts) {
    this.#ports = ports;
  }

  get sent(): number {
    return this.#sent;
  }

  get signal(): AbortSignal {
    return this.#ports.signal;
  }

  /**
   * One request. Null when the server has asked us to slow down, or the run has had all its requests.
   * @param authorization the whole header; null for none. @param isDirect without the app's network stack; never with a token. @throws AppFailure call.cancelled
   */
  async ask(path: string, { authorization = null, method = 'GET', headers = {}, isDirect = false }: { authorization?: string | null; method?: ProbeMethod; headers?: Record<string, string>; isDirect?: boolean } = {}): Promise<Answer | null> {
    if (!(await this.#mayGo())) return null;
    const { baseUrl, fetch, now, signal } = this.#ports;
    const correlationId = ambientId() ?? randomUUID();
    const ended = new AbortController();
    const sentAt = now();
    const answer: Answer = { method, path, status: null, headers: new Headers(), body: '', correlationId, sentAt, answeredAt: sentAt, error: null };
    try {
      const url = `${baseUrl.replace(/\/+$/, '')}${path}`;
      const given = { Accept: 'application/json', 'X-Correlation-ID': correlationId, ...(authorization === null || isDirect ? {} : { Authorization: authorization }), ...headers };
      const until = AbortSignal.any([signal, ended.signal, AbortSignal.timeout(timeoutMs)]);
      if (isDirect) {
        Object.assign(answer, await askDirectly(url, { method, headers: given, signal: until }), { answeredAt: now() });
      } else {
        const response = await fetch(url, { method, redirect: 'manual', signal: until, headers: given });
        Object.assign(answer, { status: response.status, headers: response.headers, answeredAt: now() });
        // What was open is not read: it may be a document, or a stream that never ends.
        if (response.ok) await response.body?.cancel();
        else answer.body = await readText(response, largestBody, correlationId).catch(() => '');
      }
    } catch (error) {
      if (signal.aborted) throw failure('call.cancelled');
      answer.error = networkErrorOf(error, { params: { host: new URL(baseUrl).host } });
      answer.answeredAt = now();
    } finally {
      ended.abort();
    }
    if (answer.status === 429) this.limited = answer;
    this.answers.push(answer);
    return answer;
  }

  /** One TLS handshake, or whatever else counts as one. Null as for {@link ask}. */
  async count<T>(work: () => Promise<T>): Promise<T | null> {
    return (await this.#mayGo()) ? work() : null;
  }

  async #mayGo(): Promise<boolean> {
    const { turn, signal, progress } = this.#ports;
    if (signal.aborted) throw failure('call.cancelled');
    if (this.limited !== null || this.#sent >= largestRun) return false;
    await turn();
    this.#sent += 1;
    progress(this.#sent);
    return true;
  }
}

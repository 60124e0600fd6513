import type { ConnectionState } from '../../shared/domain/connection.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import type { Clock } from '../erp/ports.ts';
import { Emitter } from '../emitter.ts';

export type Peer = 'erp' | 'identityProvider';
export type Outcome = { ok: true } | { ok: false; error: AppError };

export type MonitorOptions = {
  /** Asks the server whether it is there; it need not be signed in for that. */
  probe: (signal: AbortSignal) => Promise<Outcome>;
  clock: Clock;
};

const firstRetry = 2_000;
const slowestRetry = 60_000;
const probeTimeout = 5_000;

/**
 * Knows whether server and identity provider answer, since when, and why not. It learns from the requests that are made
 * anyway, and probes only while something is out of reach.
 */
export class ConnectionMonitor {
  readonly changed = new Emitter<ConnectionState>();
  readonly #options: MonitorOptions;
  #state: ConnectionState;
  #failures = 0;
  /** Ends the wait for the next probe; null while none is due. */
  #stopWaiting: (() => void) | null = null;
  #probing: Promise<void> | null = null;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
    const peer = { reachable: null, since: null, error: null };
    this.#state = { status: 'unknown', since: options.clock.now(), lastContactAt: null, erp: peer, identityProvider: peer, live: false, missingCapabilities: [] };
  }

  state(): ConnectionState {
    return this.#state;
  }

  observe(peer: Peer, outcome: Outcome): void {
    const now = this.#options.clock.now();
    const before = this.#state[peer];
    const error = outcome.ok ? null : outcome.error;
    const isSame = before.reachable === outcome.ok && before.error?.code === error?.code;
    const seenAt = outcome.ok ? now : before.seenAt;
    const next = { ...this.#state, [peer]: { ...(isSame ? before : { reachable: outcome.ok, since: now, error }), ...(seenAt === undefined ? {} : { seenAt }) } };
    if (peer === 'erp' && outcome.ok) next.lastContactAt = now;
    this.#apply(next, isSame);
    if (peer !== 'erp') return;
    if (outcome.ok) {
      this.#failures = 0;
      this.#wake();
    } else {
      this.#schedule();
    }
  }

  /**
   * The ERP, or a gateway before it, has said "unavailable" to one request. That may be the route's own trouble: an
   * identity provider that it cannot ask, a readiness that some servers never reach. The probe decides, once in two seconds.
   */
  doubt(): void {
    const now = this.#options.clock.now();
    if (this.#disposed || this.#stopWaiting !== null || Math.abs(now - this.#doubtedAt) < firstRetry) return;
    this.#doubtedAt = now;
    void this.retry();
  }

  setLive(live: boolean): void {
    if (live !== this.#state.live) this.#apply({ ...this.#state, live }, false);
  }

  setMissingCapabilities(missingCapabilities: string[]): void {
    this.#apply({ ...this.#state, missingCapabilities }, false);
  }

  /** Probes now; callers at the same time share one probe. */
  async retry(): Promise<ConnectionState> {
    this.#wake();
    this.#probing ??= this.#probeOnce().finally(() => { this.#probing = null; });
    await this.#probing;
    return this.#state;
  }

  dispose(): void {
    this.#disposed = true;
    this.#wake();
  }

  async #probeOnce(): Promise<void> {
    const outcome = await this.#options.probe(AbortSignal.timeout(probeTimeout));
    if (!this.#disposed) this.observe('erp', outcome);
  }

  /** Plans the next probe. One that is planned stays: many requests that fail at once must not put it off, nor count as many failures. */
  #schedule(): void {
    if (this.#disposed || this.#stopWaiting !== null) return;
    const wait = Math.min(firstRetry * 2 ** Math.min(this.#failures, 10), slowestRetry);
    this.#failures += 1;
    this.#stopWaiting = this.#options.clock.after(wait, () => void this.retry());
  }

  #wake(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
  }

  #apply(next: ConnectionState, quietly: boolean): void {
    const { erp, identityProvider } = next;
    const status = erp.reachable === null ? 'unknown' : !erp.reachable ? 'offline' : identityProvider.reachable === false ? 'degraded' : 'online';
    const since = status === this.#state.status ? this.#state.since : this.#options.clock.now();
    this.#state = { ...next, status, since };
    if (!quietly && !this.#disposed) this.changed.emit(this.#state);
  }
}

import { appError, AppFailure, type AppError } from '../../../shared/ipc/errors.ts';
import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import type { Interval } from '../../../shared/security/metrics/interval.ts';
import { rangeShape, sampledPanels, type MetricRange, type Panel } from '../../../shared/security/metrics/panels.ts';
import { createOutside, type Outside } from '../outside.ts';
import type { SecurityPorts } from '../ports.ts';
import { canRead, mustRead } from '../rights.ts';
import { createLoki, type LogSearch } from './loki.ts';
import { prometheusPanels } from './prometheus.ts';
import { Readiness, type ReadinessState } from './readiness.ts';
import { sampleEvery, Sampler } from './sampler.ts';

const evidenceGoodFor = 2 * 86_400_000;
const evidenceEvery = 3_600_000;

/** What an open app knows of the server's figures, for the alerts of its own. */
export type Watch = { intervals: readonly Interval[]; readiness: ReadinessState | null };

/** The six panels: from Prometheus where the profile names one, else from what this client samples; and the server's log. */
export class MetricsService {
  readonly #ports: SecurityPorts;
  readonly #sampler: Sampler;
  readonly #readiness: Readiness;
  #prometheus: Outside | null = null;
  #loki: LogSearch | null = null;
  #ending = new AbortController();
  #stopTimer: () => void = () => undefined;
  #round: Promise<void> = Promise.resolve();
  #evidenceAt = 0;
  #evidenceOutcome = '';

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.#sampler = new Sampler(ports);
    this.#readiness = new Readiness(ports);
    this.follow(ports.profile);
  }

  /** Asks the servers that this says from now on; only they may differ from the profile before. */
  follow({ prometheusUrl, lokiUrl }: Pick<ConnectionProfile, 'prometheusUrl' | 'lokiUrl'>): void {
    this.#prometheus = prometheusUrl === undefined ? null : createOutside(prometheusUrl, this.#ports);
    this.#loki = lokiUrl === undefined ? null : createLoki(createOutside(lokiUrl, this.#ports));
  }

  /** @throws AppFailure access.missingScope. What Prometheus refuses comes as `error`, with what was sampled here in its place. */
  async panels(range: MetricRange): Promise<CallOutput<'metrics.panels'>> {
    mustRead(this.#ports.account());
    const { clock, profile } = this.#ports;
    let error: AppError | null = null;
    const prometheus = this.#prometheus;
    if (prometheus !== null) {
      try {
        const panels = await prometheusPanels(prometheus, range, clock.now(), this.#ending.signal);
        await this.#prove(panels, 'prometheus');
        return { source: 'prometheus', host: prometheus.host, error: null, panels, readiness: await this.#readiness.state(), ...spanOf(panels, rangeShape[range].step) };
      } catch (thrown) {
        error = thrown instanceof AppFailure ? thrown.error : appError('app.internal');
      }
    }
    const now = clock.now();
    const intervals = await this.#sampler.intervals(now - rangeShape[range].length);
    const panels = sampledPanels(intervals, range, now);
    return {
      source: 'sampled', host: new URL(profile.erpUrl).host, error: error ?? this.#sampler.last?.error ?? null, panels, readiness: await this.#readiness.state(),
      since: intervals[0]?.from ?? null, asOf: intervals.at(-1)?.to ?? null,
    };
  }

  /** Looks now instead of at the next minute. */
  async refresh(): Promise<void> {
    mustRead(this.#ports.account());
    await this.#look();
  }

  /** @throws AppFailure server.unsupported where the profile names no Loki; access.missingScope, network.*, server.* */
  async searchLog(correlationId: string, around: number | null): Promise<CallOutput<'metrics.searchLog'>> {
    mustRead(this.#ports.account());
    if (this.#loki === null) throw new AppFailure(appError('server.unsupported'));
    return this.#loki(correlationId, around ?? this.#ports.clock.now(), this.#ending.signal);
  }

  /** What was measured in the last minutes. @param since epoch milliseconds */
  async watch(since: number): Promise<Watch> {
    return { intervals: await this.#sampler.intervals(since), readiness: await this.#readiness.state() };
  }

  start(): void {
    this.#ending.abort();
    this.#ending = new AbortController();
    this.#sampler.forget();
    this.#again(0);
  }

  async stop(): Promise<void> {
    this.#stopTimer();
    this.#ending.abort();
    await this.#round;
    await this.#sampler.settled();
  }

  #again(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#ports.clock.after(ms, () => {
      this.#again(sampleEvery);
      this.#round = this.#look();
    });
  }

  async #look(): Promise<void> {
    const { isOnline, account, changed, log } = this.#ports;
    try {
      if (!isOnline() || !canRead(account())) return;
      const { signal } = this.#ending;
      await this.#sampler.look(signal);
      await this.#readiness.look(signal);
      if (signal.aborted) return;
      if (this.#prometheus === null && this.#sampler.last?.error === null) {
        const now = this.#ports.clock.now();
        const intervals = await this.#sampler.intervals(now - 24 * 3_600_000);
        // One look alone measures nothing yet.
        if (intervals.length > 0) await this.#prove(sampledPanels(intervals, '24h', now), 'sampled');
      }
      changed('metrics');
    } catch (error) {
      log.info('the metrics were not sampled', { error });
    }
  }

  /** Met when four of six panels say something: nobody need print or follow events. The documented series being dead costs half. */
  async #prove(panels: readonly Panel[], by: 'prometheus' | 'sampled'): Promise<void> {
    const { clock: { now }, evidence } = this.#ports;
    const measured = panels.filter(({ basis }) => basis === 'documented' || basis === 'live').length;
    const dead = panels.filter(({ basis }) => basis === 'live').length;
    const outcome = measured === 0 ? 'unmet' : measured >= 4 && dead === 0 ? 'met' : 'partly';
    if (outcome === this.#evidenceOutcome && now() - this.#evidenceAt < evidenceEvery) return;
    this.#evidenceAt = now();
    this.#evidenceOutcome = outcome;
    await evidence.write({
      point: 'observability.metrics', origin: 'metrics.panels', outcome, source: 'measured', at: now(), expiresAt: now() + evidenceGoodFor,
      messageKey: `security-metrics.evidence.${by}`, params: { measured: String(measured), dead: String(dead) }, by: null, link: '/security/metrics',
    });
  }
}

/** From when to when anything was measured. */
function spanOf(panels: readonly Panel[], step: number): { since: number | null; asOf: number | null } {
  const seen = panels.flatMap(({ times, lines }) => times.filter((_, index) => lines.some(({ values }) => (values[index] ?? null) !== null)));
  return seen.length === 0 ? { since: null, asOf: null } : { since: Math.min(...seen) - step, asOf: Math.max(...seen) };
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Job } from '../../../shared/domain/job.ts';
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import {
  changesSince, countOf, outcomeOf, postureGoodFor, postureRunSchema, postureSchedules, postureSummarySchema, scheduleMs, type PosturePlan, type PostureRun, type PostureSchedule, type PostureSummary,
} from '../../../shared/security/posture/result.ts';
import { postureChecks } from '../../../shared/security/posture/checks.ts';
import { journaled } from '../../audit/journal.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { canAct, mustAct, mustRead } from '../rights.ts';
import { Probe } from './probe.ts';
import { planOf, runPosture } from './run.ts';
import { TokenKeeper } from './token-keeper.ts';
import type { RealTokens } from './tokens.ts';

/** How often the schedule looks whether a run is due. */
const lookEvery = 10 * 60_000;
/** Runs that are kept: more than a year of daily ones. */
const keptRuns = 400;
const shownRuns = 120;

const settingsSchema = z.object({ id: z.literal('schedule'), schedule: z.enum(postureSchedules) });

/** Measures how the server stands, on demand and by a schedule, and keeps what was seen. */
export class PostureService {
  readonly #ports: SecurityPorts;
  readonly #runs: Records<PostureRun>;
  /** Beside the runs, so that the trend need not read them whole. */
  readonly #summaries: Records<PostureSummary>;
  readonly #settings: Records<z.infer<typeof settingsSchema>>;
  readonly #keeper = new TokenKeeper();
  #job: Job | null = null;
  #isRunning = false;
  #looking: Promise<void> = Promise.resolve();
  #stopTimer: () => void = () => undefined;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    const { host, clock: { now } } = ports;
    this.#runs = new Records({ host, kind: 'posture.run', schema: postureRunSchema, idOf: ({ id }) => id, now });
    this.#summaries = new Records({ host, kind: 'posture.summary', schema: postureSummarySchema, idOf: ({ id }) => id, now });
    this.#settings = new Records({ host, kind: 'posture.setting', schema: settingsSchema, idOf: ({ id }) => id, now });
  }

  /** @throws AppFailure access.missingScope for people who may not read the security centre */
  async state(): Promise<CallOutput<'posture.state'>> {
    mustRead(this.#ports.account());
    const [latest = null, before] = await this.#runs.list({ limit: 2 });
    const changed = latest === null || before === undefined ? { better: [], worse: [] } : changesSince(latest, before);
    const schedule = await this.#schedule();
    const every = scheduleMs(schedule);
    return {
      schedule, latest, running: this.#running(),
      nextAt: every === null ? null : Math.max((latest?.startedAt ?? 0) + every, this.#ports.clock.now()),
      changed: { better: changed.better.map(({ check }) => check), worse: changed.worse.map(({ check }) => check) },
      history: await this.#summaries.list({ limit: shownRuns }),
    };
  }

  plan(): PosturePlan {
    return planOf(this.#ports.profile.erpUrl);
  }

  run(id: string): Promise<PostureRun | null> {
    mustRead(this.#ports.account());
    return this.#runs.get(id);
  }

  /** Starts a run, or answers the one that is under way. @throws AppFailure access.missingScope, network.unreachable */
  check(): Job {
    mustAct(this.#ports.account());
    if (!this.#ports.isOnline()) throw failure('network.unreachable', { params: { host: new URL(this.#ports.profile.erpUrl).host } });
    return this.#running() ?? this.#begin(this.#ports.account().displayName);
  }

  async setSchedule(schedule: PostureSchedule): Promise<void> {
    mustAct(this.#ports.account());
    await this.#settings.put({ id: 'schedule', schedule });
    this.#ports.audit.notes.note({ action: 'posture.schedule', resource: 'server', outcome: 'local', correlationId: null, detail: schedule });
    this.#ports.changed('posture');
    this.#looking = this.#look();
  }

  /** The schedule, while the cache is open. */
  start(): void {
    this.#isRunning = true;
    this.#keepToken();
    this.#again();
    this.#looking = this.#look();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#stopTimer();
    await this.#looking;
    this.#keeper.forget();
    const running = this.#running();
    if (running !== null) await this.#ports.jobs.cancel(running.id);
    this.#job = null;
  }

  #running(): Job | null {
    const { jobs } = this.#ports;
    const job = jobs.list().find(({ id }) => id === this.#job?.id);
    return job?.status === 'running' ? job : null;
  }

  #begin(by: string | null): Job {
    const { jobs, audit } = this.#ports;
    this.#job = jobs.start('posture', (progress, signal) => journaled(audit.notes, { action: 'posture.check', resource: 'server' }, async () => {
      const run = await this.#measure(by, signal, progress);
      await this.#keep(run);
    }));
    return this.#job;
  }

  async #measure(by: string | null, signal: AbortSignal, progress: (done: number, total: number) => void): Promise<PostureRun> {
    const { profile, fetch, clock: { now }, erp, log } = this.#ports;
    const total = this.plan().requests;
    const startedAt = now();
    const probe = new Probe({
      baseUrl: profile.erpUrl, fetch, now, signal, progress: (sent) => progress(Math.min(sent, total), total),
      turn: () => erp.turn({ priority: by === null ? 'background' : 'bulk', signal }),
    });
    const tokens = await this.#tokens().catch((error: unknown) => {
      log.info('checking the server without a token of our own', { error });
      return null;
    });
    const known = await erp.capabilities({ signal }).catch((error: unknown) => {
      log.info('checking the server without knowing its routes', { error });
      return null;
    });
    const results = await runPosture({ probe, baseUrl: profile.erpUrl, tokens, offers: (feature) => known?.has(feature) ?? false, now });
    return { id: randomUUID(), server: new URL(profile.erpUrl).origin, startedAt, endedAt: now(), by, requests: probe.sent, results };
  }

  async #tokens(): Promise<RealTokens> {
    const { session, profile } = this.#ports;
    const own = await session.accessToken();
    this.#keeper.see(own);
    return {
      own, identity: session.identityToken(), expired: (now) => this.#keeper.expired(now),
      headersFor: async (token, path) => {
        const proof = await session.proof({ token, method: 'GET', url: `${profile.erpUrl}${path}` });
        return proof === null ? { Authorization: `Bearer ${token}` } : { Authorization: `DPoP ${token}`, DPoP: proof };
      },
    };
  }

  async #keep(run: PostureRun): Promise<void> {
    const { evidence, changed, log } = this.#ports;
    await this.#runs.put(run);
    await this.#summaries.put({ id: run.id, startedAt: run.startedAt, by: run.by, ...countOf(run) });
    const old = (await this.#summaries.list()).slice(keptRuns).map(({ id }) => id);
    await this.#runs.remove(...old);
    await this.#summaries.remove(...old);
    // What could not be told leaves the older evidence to grow stale.
    await evidence.write(...run.results.flatMap(({ check, verdict, seen: { key, params } }) => {
      const outcome = outcomeOf(verdict);
      return outcome === null ? [] : [{
        point: postureChecks[check].point, origin: `posture.${check}`, outcome, source: 'measured' as const, at: run.startedAt, expiresAt: run.startedAt + postureGoodFor,
        messageKey: `security-posture.seen.${key}`, params, by: null, link: `/security/posture/${check}`,
      }];
    }));
    log.info('the server was checked', { ...countOf(run), requests: run.requests });
    changed('posture');
  }

  async #schedule(): Promise<PostureSchedule> {
    return (await this.#settings.get('schedule'))?.schedule ?? 'off';
  }

  #again(): void {
    this.#stopTimer();
    this.#stopTimer = this.#ports.clock.after(lookEvery, () => {
      this.#keepToken();
      this.#again();
      this.#looking = this.#look();
    });
  }

  /** Begins a run when one is due, and only for people who could begin it themselves. */
  async #look(): Promise<void> {
    const { isOnline, clock: { now }, log } = this.#ports;
    try {
      const every = scheduleMs(await this.#schedule());
      if (every === null || !isOnline() || this.#running() !== null || !canAct(this.#ports.account())) return;
      const [latest] = await this.#runs.list({ limit: 1 });
      // Nothing begins behind the lock.
      if (this.#isRunning && (latest === undefined || latest.startedAt + every <= now())) this.#begin(null);
    } catch (error) {
      log.info('the scheduled check did not begin', { error });
    }
  }

  /** Without asking the provider for one: only what is there anyway is kept. */
  #keepToken(): void {
    if (!this.#ports.isOnline()) return;
    this.#ports.session.accessToken().then((token) => { if (this.#isRunning) this.#keeper.see(token); }, () => undefined);
  }
}

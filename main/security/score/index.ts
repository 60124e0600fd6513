import weightsFile from '../../../resources/security/score-weights.json' with { type: 'json' };
import { z } from 'zod';
import type { Attestation } from '../../../shared/ipc/calls/security/score.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import type { OverviewLine } from '../../../shared/security/overview.ts';
import type { PointId } from '../../../shared/security/points.ts';
import { exportScore } from '../../../shared/security/score/export.ts';
import { nextSnapshot, snapshotSchema, standingSchema, type Snapshot, type Standing } from '../../../shared/security/score/history.ts';
import { computeScore, nextExpiry, type Score as Computed } from '../../../shared/security/score/score.ts';
import { scoreSettingsSchema, weightsSchema, type ScoreSettings } from '../../../shared/security/score/weights.ts';
import { isAttestable } from '../../../shared/security/score/ways.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { canRead, mustAct } from '../rights.ts';
import { claimedEvidence, measuredEvidence, silentPoints, type Known } from './self.ts';

export const weights = weightsSchema.parse(weightsFile);

const attestOrigin = 'attested';
/** Looking again sooner would find the same. */
const lookAgainMs = 5 * 60_000;
/** Evidence often comes in bursts: one snapshot for all of it. */
const calmMs = 1500;
const longestWaitMs = 24 * 3_600_000;
const keptSnapshots = 2000;
const settingsRecordSchema = scoreSettingsSchema.extend({ id: z.literal('settings') });

/** The security score: computed from the evidence of all areas, remembered when it moves, with what this client sees by itself. */
export class SecurityScore {
  readonly #ports: SecurityPorts;
  readonly #history: Records<Snapshot>;
  readonly #standing: Records<Standing>;
  readonly #settings: Records<z.infer<typeof settingsRecordSchema>>;
  #measuredAt: number | null = null;
  #measuring: Promise<boolean> | null = null;
  #lookingHere: Promise<unknown> = Promise.resolve();
  #ending = new AbortController();
  #noting: Promise<unknown> = Promise.resolve();
  #cancelTimer: (() => void) | null = null;
  #isRunning = false;
  #ends: (() => void)[] = [];

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    const common = { host: ports.host, now: ports.clock.now };
    this.#history = new Records({ ...common, kind: 'score.snapshot', schema: snapshotSchema, idOf: ({ id }) => id });
    this.#standing = new Records({ ...common, kind: 'score.standing', schema: standingSchema, idOf: ({ id }) => id });
    this.#settings = new Records({ ...common, kind: 'score.settings', schema: settingsRecordSchema, idOf: ({ id }) => id });
  }

  async settings(): Promise<ScoreSettings> {
    return { usesModels: (await this.#settings.get('settings'))?.usesModels ?? false };
  }

  /** Computed from the cache as things stand now. */
  async compute(): Promise<Computed> {
    const [evidence, settings] = await Promise.all([this.#ports.evidence.list(), this.settings()]);
    return computeScore(evidence, weights, settings, this.#ports.clock.now());
  }

  async read(): Promise<{ score: Computed; settings: ScoreSettings; measuredAt: number | null }> {
    const [score, settings] = await Promise.all([this.compute(), this.settings()]);
    return { score, settings, measuredAt: this.#measuredAt };
  }

  /** Newest first. */
  async history(): Promise<Snapshot[]> {
    return (await this.#history.list()).toSorted((a, b) => b.at - a.at);
  }

  async saveSettings(settings: ScoreSettings): Promise<void> {
    mustAct(this.#ports.account());
    await this.#settings.put({ id: 'settings', ...settings });
    this.#ports.audit.notes.note({ action: 'score.settings', resource: 'score', outcome: 'local', correlationId: null, detail: `usesModels=${settings.usesModels}` });
    await this.note();
    this.#ports.changed('score');
  }

  /** @throws AppFailure input.invalid when the point is measured, when the day is over already, or lies more than two years ahead */
  async attest({ point, outcome, owner, expiresOn, note }: Attestation): Promise<void> {
    const { evidence, clock, account, audit } = this.#ports;
    mustAct(account());
    if (!isAttestable(point)) throw failure('input.invalid', { messageKey: 'errors.score.notAttestable' });
    const now = clock.now();
    const [year = 0, month = 1, day = 1] = expiresOn.split('-').map(Number);
    // It counts to the end of that day, here.
    const expiresAt = new Date(year, month - 1, day + 1).getTime();
    if (expiresAt <= now || expiresAt > now + 731 * 86_400_000) throw failure('input.invalid', { messageKey: 'errors.score.expiry' });
    await evidence.write({
      point, origin: attestOrigin, outcome, source: 'attested', at: now, expiresAt, messageKey: 'security-score.evidence.attested',
      params: { owner, note }, by: account().userName.slice(0, 200), link: null,
    });
    audit.notes.note({ action: 'score.attest', resource: `score/${point}`, outcome: 'local', correlationId: null, detail: `${outcome}: ${note}` });
  }

  async withdraw(point: PointId): Promise<void> {
    mustAct(this.#ports.account());
    await this.#ports.evidence.withdraw([{ point, origin: attestOrigin }]);
    this.#ports.audit.notes.note({ action: 'score.withdraw', resource: `score/${point}`, outcome: 'local', correlationId: null });
  }

  async exportText(): Promise<string> {
    const [evidence, settings] = await Promise.all([this.#ports.evidence.list(), this.settings()]);
    return exportScore({ evidence, weights, settings, now: this.#ports.clock.now(), server: new URL(this.#ports.profile.erpUrl).host });
  }

  async overviewLine(): Promise<OverviewLine> {
    const score = await this.compute();
    const counts = (state: string): number => score.points.filter((point) => point.state === state).length;
    const percent = score.total.score ?? 0;
    return {
      id: 'score', area: 'score', tone: percent >= 800 ? 'good' : percent >= 500 ? 'warning' : 'bad', text: 'security.score.value', at: score.at, link: '/security/score',
      params: { score: String(percent / 10), missing: String(counts('missing')), stale: String(counts('stale')) },
    };
  }

  /**
   * Looks at what this client knows, and asks for the server's summary of itself.
   * @param isForced also when it has just looked. @returns whether the server could be asked
   */
  measure(isForced = false): Promise<boolean> {
    if (!isForced && this.#measuredAt !== null && this.#ports.clock.now() - this.#measuredAt < lookAgainMs) return Promise.resolve(true);
    return (this.#measuring ??= this.#measure(true).finally(() => { this.#measuring = null; }));
  }

  async #measure(isServerAsked: boolean): Promise<boolean> {
    const { evidence, session } = this.#ports;
    const { signal } = this.#ending;
    if (session.state().status !== 'signedIn' || signal.aborted) return false;
    // A server that does not answer must not keep the cache open behind the lock.
    let end = (): void => undefined;
    const ended = new Promise<null>((resolve) => { end = () => resolve(null); });
    signal.addEventListener('abort', end);
    const looked = await Promise.race([this.#look(isServerAsked, signal), ended]).finally(() => signal.removeEventListener('abort', end));
    if (looked === null || signal.aborted) return false;
    const { found, silent, wasAsked } = looked;
    // What the server only claimed before and this client has now seen, or the other way round, must not stand twice.
    const outdated = found.filter(({ origin }) => origin === 'client' || origin === 'server.routes').map(({ point, origin }) => ({ point, origin: origin === 'client' ? 'server.routes' : 'client' }));
    await evidence.settle(found, [...outdated, ...silent]);
    if (isServerAsked) this.#measuredAt = this.#ports.clock.now();
    return wasAsked;
  }

  /** Only what is known here, such as how the log was verified: a log that is followed live must not ask the server for everything each time. */
  #lookHere(): void {
    this.#lookingHere = this.#lookingHere.then(() => this.#measure(false)).catch((error: unknown) => this.#ports.log.info('could not be measured', { error }));
  }

  async #look(isServerAsked: boolean, signal: AbortSignal): Promise<{ found: Evidence[]; silent: Pick<Evidence, 'point' | 'origin'>[]; wasAsked: boolean }> {
    const { erp, policy, audit, account, clock, profile, isOnline, log } = this.#ports;
    const asked = isServerAsked && isOnline();
    const call = { priority: 'background', signal } as const;
    const orNull = <T>(work: () => Promise<T>): Promise<T | null> => work().catch((error: unknown) => { log.info('could not be measured', { error }); return null; });
    const capabilities = asked ? await orNull(() => erp.capabilities(call)) : null;
    const drafts = capabilities?.has('policy.drafts') === true;
    const [rules, proposals, auditStatus, auditFeatures, versions, summary] = await Promise.all([
      capabilities?.has('policy.list') === true ? orNull(() => policy.rules()) : null, drafts ? orNull(() => policy.proposals()) : null,
      orNull(() => audit.status()), capabilities === null ? null : orNull(() => audit.features()), orNull(() => this.#versions()),
      capabilities?.has('security.summary') === true ? orNull(() => erp.securitySummary.read(call)) : null,
    ]);
    const now = clock.now();
    const known: Known = { now, issuer: profile.issuer, account: account(), capabilities, rules: rules?.value ?? null, proposals: proposals?.value ?? null, audit: auditStatus, auditFeatures, versions };
    const [measured, claimed] = [measuredEvidence(known), summary === null ? null : claimedEvidence(summary, now)];
    return { found: [...measured, ...claimed ?? []], silent: silentPoints(known, measured, claimed), wasAsked: capabilities !== null };
  }

  /** Whether documents come with a version that a write can be bound to, by the one that changed last; null while none is in the cache. */
  async #versions(): Promise<Known['versions']> {
    const { host } = this.#ports;
    const { keys } = await host.documents.keys({ sort: { by: 'changed', direction: 'desc' }, limit: 1 });
    const [key] = keys;
    const record = key === undefined ? null : await host.documents.get(key);
    return record === null ? null : { has: record.etag !== null, at: record.fetchedAt };
  }

  /** Remembers the score if it has moved. */
  note(): Promise<void> {
    const noted = this.#noting.then(async () => {
      const [score, last] = await Promise.all([this.compute(), this.#standing.get('latest')]);
      const next = nextSnapshot(score, last);
      if (next !== null) {
        await this.#history.put(next.snapshot);
        await this.#standing.put(next);
        const all = await this.history();
        if (all.length > keptSnapshots) await this.#history.remove(...all.slice(keptSnapshots).map(({ id }) => id));
        this.#ports.changed('score');
      }
      this.#wait(Math.min(longestWaitMs, Math.max(1000, (nextExpiry(score) ?? Infinity) - this.#ports.clock.now())));
    });
    this.#noting = noted.catch((error: unknown) => this.#ports.log.warn('the score could not be noted', { error }));
    return noted;
  }

  #wait(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#isRunning ? this.#ports.clock.after(ms, () => void this.note().catch(() => undefined)) : null;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#ending = new AbortController();
    const { evidence, audit, account } = this.#ports;
    this.#ends = [evidence.changed.on(() => this.#wait(calmMs))];
    // Nobody else sees the centre; they need not ask the server for it.
    if (canRead(account())) {
      this.#ends.push(audit.changed.on(() => this.#lookHere()));
      void this.measure().catch(() => undefined);
    }
    this.#wait(calmMs);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    for (const end of this.#ends.splice(0)) end();
    this.#ending.abort();
    await Promise.all([this.#measuring?.catch(() => undefined), this.#lookingHere, this.#noting]);
    this.#measuredAt = null;
  }
}

export const createScore = (ports: SecurityPorts): SecurityScore => new SecurityScore(ports);

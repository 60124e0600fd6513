import { z } from 'zod';
import { appError, AppFailure, failure, type AppError } from '../../../shared/ipc/errors.ts';
import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import type { CallInput, CallOutput } from '../../../shared/ipc/contract.ts';
import { byUrgency, defaultLocalRules, localAlerts, localRulesSchema, ruleWindow, watchedAt, type FiredAlert, type LocalRules, type Silence } from '../../../shared/security/alerts/alert.ts';
import { journaled } from '../../audit/journal.ts';
import type { Metrics } from '../metrics/index.ts';
import { createOutside } from '../outside.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { canRead, mustAct, mustRead } from '../rights.ts';
import { createAlertmanager, type Alertmanager } from './alertmanager.ts';

const lookEvery = 60_000;
const evidenceEvery = 3_600_000;
/** How long an Alertmanager may take until an alert counts as silenced. */
const silenceLookEvery = 500;
const silenceLooks = 6;
const evidenceGoodFor = 2 * 86_400_000;

const settingsSchema = z.object({ id: z.literal('rules'), rules: localRulesSchema });

const firingOf = (alerts: readonly FiredAlert[]): string => alerts.map(({ id }) => id).toSorted().join('\n');

type Seen = { alerts: FiredAlert[]; silences: Silence[]; error: AppError | null; watchedAt: number | null };

/** What fires: at the Alertmanager that the profile names, and by rules of this client's own. */
export class AlertsService {
  readonly #ports: SecurityPorts;
  readonly #metrics: Pick<Metrics, 'watch'>;
  readonly #settings: Records<z.infer<typeof settingsSchema>>;
  #alertmanager: Alertmanager | null = null;
  #ending = new AbortController();
  #stopTimer: () => void = () => undefined;
  #round: Promise<void> = Promise.resolve();
  #firing: FiredAlert[] = [];
  #proved = { outcome: '', at: 0 };

  constructor(ports: SecurityPorts, metrics: Pick<Metrics, 'watch'>) {
    this.#ports = ports;
    this.#metrics = metrics;
    this.#settings = new Records({ host: ports.host, kind: 'alerts.setting', schema: settingsSchema, idOf: ({ id }) => id, now: ports.clock.now });
    this.follow(ports.profile);
  }

  /** Asks the Alertmanager that this says from now on; what another one said counts no more. */
  follow({ alertmanagerUrl }: Pick<ConnectionProfile, 'alertmanagerUrl'>): void {
    this.#alertmanager = alertmanagerUrl === undefined ? null : createAlertmanager(createOutside(alertmanagerUrl, this.#ports));
    this.#firing = this.#firing.filter(({ origin }) => origin === 'local');
  }

  /** @throws AppFailure access.missingScope. What the Alertmanager refuses comes as `error`, with the local alerts all the same. */
  async state(): Promise<CallOutput<'alerts.state'>> {
    mustRead(this.#ports.account());
    const before = firingOf(this.#firing);
    const seen = await this.#see();
    // Whoever opens the list sees more than the frame knows, until the frame reads it too.
    if (firingOf(this.#firing) !== before) this.#ports.changed('alerts');
    return { alertmanager: this.#alertmanager?.host ?? null, error: seen.error, at: this.#ports.clock.now(), watchedAt: seen.watchedAt, alerts: seen.alerts, silences: seen.silences, rules: await this.#rules() };
  }

  /** From memory, for the frame of the window. Nothing for people who may not read the alerts. */
  firing(): CallOutput<'alerts.firing'> {
    const alerts = canRead(this.#ports.account()) ? this.#firing : [];
    return { count: alerts.length, newest: alerts.toSorted((a, b) => b.since - a.since).slice(0, 20).map(({ id, name, severity, origin, since }) => ({ id, name, severity, origin, since })) };
  }

  /**
   * Silences what carries the labels of an alert as the Alertmanager has them: the window knows them redacted and cut.
   * @throws AppFailure access.missingScope, server.unsupported without an Alertmanager, input.invalid when the alert is gone or no label is left, network.*, server.*
   */
  async silence({ id: alert, without, reason, hours }: CallInput<'alerts.silence'>): Promise<CallOutput<'alerts.silence'>> {
    const { account, clock, audit } = this.#ports;
    const alertmanager = this.#mustHave();
    const { signal } = this.#ending;
    const labels = await alertmanager.labelsOf(alert, signal);
    if (labels === null) throw failure('input.invalid', { messageKey: 'errors.alerts.gone' });
    const matchers = Object.entries(labels).filter(([name]) => !without.includes(name)).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
    if (matchers.length === 0) throw failure('input.invalid', { messageKey: 'errors.alerts.noLabels' });
    const from = clock.now();
    const id = await journaled(audit.notes, { action: 'alerts.silence', resource: `alerts/${(labels['alertname'] ?? alert).slice(0, 300)}` }, () =>
      alertmanager.silence({ matchers, createdBy: account().userName, reason, from, to: from + hours * 3_600_000 }, signal));
    audit.notes.note({ action: 'alerts.silenced', resource: `silences/${id}`, outcome: 'local', correlationId: null, detail: `${hours} h: ${reason}` });
    const holds = await this.#isSilenced(alertmanager, alert, id);
    await this.#look();
    return { id, holds };
  }

  /** Ends a silence before its time. @throws as {@link silence} */
  async expire(id: string): Promise<void> {
    const alertmanager = this.#mustHave();
    await journaled(this.#ports.audit.notes, { action: 'alerts.expire', resource: `silences/${id}` }, () => alertmanager.expire(id, this.#ending.signal));
    await this.#look();
  }

  /** @throws AppFailure access.missingScope */
  async setRules(rules: LocalRules): Promise<void> {
    const { account, audit } = this.#ports;
    mustAct(account());
    await this.#settings.put({ id: 'rules', rules });
    audit.notes.note({ action: 'alerts.rules', resource: 'alerts', outcome: 'local', correlationId: null, detail: JSON.stringify(rules) });
    await this.#look();
  }

  start(): void {
    this.#ending.abort();
    this.#ending = new AbortController();
    this.#again(lookEvery / 6);
  }

  async stop(): Promise<void> {
    this.#stopTimer();
    this.#ending.abort();
    this.#firing = [];
    await this.#round;
  }

  /** Whether the alert is silent by this now, or fires no more. A silence that was taken and silences nothing must not look like one that does. */
  async #isSilenced(alertmanager: Alertmanager, alert: string, silence: string): Promise<boolean> {
    for (let looks = 0; ; looks++) {
      try {
        const found = (await alertmanager.alerts(this.#ending.signal)).find(({ id }) => id === alert);
        if (found === undefined || found.silencedBy.includes(silence)) return true;
      } catch {
        // The silence itself was taken; whether it holds is not known.
        return false;
      }
      if (looks === silenceLooks || this.#ending.signal.aborted) return false;
      await new Promise<void>((resolve) => { this.#ports.clock.after(silenceLookEvery, resolve); });
    }
  }

  #mustHave(): Alertmanager {
    mustAct(this.#ports.account());
    if (this.#alertmanager === null) throw failure('server.unsupported');
    return this.#alertmanager;
  }

  #again(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#ports.clock.after(ms, () => {
      this.#again(lookEvery);
      const { isOnline, account, log } = this.#ports;
      this.#round = Promise.resolve().then(async () => { if (isOnline() && canRead(account())) await this.#look(); }).catch((error: unknown) => log.info('the alerts were not read', { error }));
    });
  }

  async #look(): Promise<void> {
    await this.#see();
    this.#ports.changed('alerts');
  }

  async #see(): Promise<Seen> {
    const { signal } = this.#ending;
    const { clock } = this.#ports;
    const now = clock.now();
    const watch = await this.#metrics.watch(now - 12 * ruleWindow);
    const seen: Seen = { alerts: localAlerts(await this.#rules(), watch, now), silences: [], error: null, watchedAt: watchedAt(watch.intervals, now) };
    const alertmanager = this.#alertmanager;
    if (alertmanager !== null) {
      try {
        const [alerts, silences] = await Promise.all([alertmanager.alerts(signal), alertmanager.silences(signal)]);
        seen.alerts.push(...alerts);
        seen.silences = silences.toSorted((a, b) => b.endsAt - a.endsAt).slice(0, 200);
      } catch (error) {
        seen.error = error instanceof AppFailure ? error.error : appError('app.internal');
      }
    }
    seen.alerts.sort(byUrgency);
    // Neither the answer of one that was left meanwhile nor one that comes too late is worth remembering.
    if (signal.aborted || alertmanager !== this.#alertmanager) return seen;
    // What an Alertmanager that does not answer last said still counts: it has not taken it back.
    this.#firing = [...seen.alerts.filter(({ state }) => state === 'firing'), ...(seen.error === null ? [] : this.#firing.filter(({ origin }) => origin === 'alertmanager'))];
    // Without a network it is we who do not get through, which says nothing about the Alertmanager.
    if (seen.error === null || this.#ports.isOnline()) await this.#prove(seen.error);
    return seen;
  }

  async #rules(): Promise<LocalRules> {
    return (await this.#settings.get('rules'))?.rules ?? defaultLocalRules;
  }

  /** An Alertmanager works while nobody sits here; rules of this client do not. */
  async #prove(error: AppError | null): Promise<void> {
    const { clock: { now }, evidence } = this.#ports;
    const kind = this.#alertmanager === null ? 'local' : error === null ? 'answers' : 'silent';
    if (kind === this.#proved.outcome && now() - this.#proved.at < evidenceEvery) return;
    this.#proved = { outcome: kind, at: now() };
    await evidence.write({
      point: 'observability.alerts', origin: 'alerts.alertmanager', outcome: kind === 'answers' ? 'met' : kind === 'local' ? 'partly' : 'unmet', source: 'measured', at: now(), expiresAt: now() + evidenceGoodFor,
      messageKey: `security-alerts.evidence.${kind}`, params: { host: this.#alertmanager?.host ?? '' }, by: null, link: '/security/alerts',
    });
  }
}

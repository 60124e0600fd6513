import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { aloneAction, proposalSchema, ruleRecordSchema, ruleVersionSchema, backupSchema, scenarioSchema, workingSetSchema, type Backup, type Proposal, type RuleChange, type RuleRecord, type RuleVersion, type Scenario, type WorkingSet } from '../../shared/policy/records.ts';
import { foreign, formatBackup, type RulesOrigin } from '../../shared/policy/backup-file.ts';
import { fingerprintOf, idOfChange } from '../../shared/policy/change-file.ts';
import { automationAdded, nothingAdded, verdictOf } from '../../shared/policy/compare.ts';
import { proposedChanges, staleChanges, withChanges } from '../../shared/policy/edit.ts';
import { isSameRule, type Alert, type Rule } from '../../shared/policy/rule.ts';
import type { Decision } from '../../shared/policy/engine.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { journaled, type Journal } from '../audit/journal.ts';
import type { Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import { workFactPrefix } from '../host/facts.ts';
import type { Log } from '../log/log.ts';
import { sendChanges, takeBack, type SendPorts } from './sending.ts';

export type Aged<T> = { value: T; source: 'server' | 'cache'; fetchedAt: number };

export type PolicyPorts = {
  erp: Erp;
  host: DataHost;
  journal: Journal;
  isOnline: () => boolean;
  /** Of the server and of the tenant of whoever is signed in. @throws AppFailure session.required */
  origin: () => RulesOrigin;
  now: () => number;
  log: Log;
};

/** The rules of a file, what they replace as the person saw it, and the verdict that they have read. */
export type FileToRestore = { rules: readonly Rule[]; origin: RulesOrigin | null; seen: string; confirmed: string };

const workingFact = `${workFactPrefix}policy`;
const scenariosFact = `${workFactPrefix}policy.scenarios`;

/** Policies: read into the cache, edited there, and changed on the server only on top of what the person has seen. */
export class PolicyService {
  readonly #ports: PolicyPorts;
  /** Which rules the last copy holds that a person saved. */
  #copied: string | null = null;

  constructor(ports: PolicyPorts) {
    this.#ports = ports;
  }

  rules(): Promise<Aged<RuleRecord[]>> {
    return this.#aged('policy.rules', z.array(ruleRecordSchema), () => this.#ports.erp.policy.list());
  }

  versions(): Promise<Aged<RuleVersion[]>> {
    return this.#aged('policy.versions', z.array(ruleVersionSchema), () => this.#ports.erp.policy.versions());
  }

  proposals(): Promise<Aged<Proposal[]>> {
    return this.#aged('policy.proposals', z.array(proposalSchema), () => this.#ports.erp.policy.proposals());
  }

  backups(): Promise<Aged<Backup[]>> {
    return this.#aged('policy.backups', z.array(backupSchema), () => this.#ports.erp.policy.backups());
  }

  /** What of policies this server can do, measured where its own list of routes is known to lie (shipped backups). */
  async features(): Promise<{ versions: boolean; drafts: boolean; backups: boolean; alerts: boolean }> {
    const known = await this.#ports.erp.capabilities();
    const hasVersions = known.has('policy.versions');
    // The shipped server names its backup routes and fails on each call; it is the one without versions.
    return { versions: hasVersions, drafts: known.has('policy.drafts'), backups: known.has('policy.backups') && hasVersions, alerts: known.has('policy.alerts') };
  }

  async working(): Promise<WorkingSet | null> {
    const fact = await this.#ports.host.facts.get(workingFact);
    const parsed = workingSetSchema.safeParse(fact?.value);
    return parsed.success ? parsed.data : null;
  }

  async saveWorking(work: Omit<WorkingSet, 'savedAt'> | null): Promise<{ savedAt: number }> {
    const savedAt = this.#ports.now();
    if (work === null) await this.#ports.host.facts.remove(workingFact);
    else await this.#ports.host.facts.put(workingFact, { ...work, savedAt }, savedAt);
    return { savedAt };
  }

  async scenarios(): Promise<Scenario[]> {
    const parsed = z.array(scenarioSchema).safeParse((await this.#ports.host.facts.get(scenariosFact))?.value);
    return parsed.success ? parsed.data : [];
  }

  async saveScenarios(scenarios: readonly Scenario[]): Promise<void> {
    await this.#ports.host.facts.put(scenariosFact, scenarios, this.#ports.now());
  }

  test(alert: Alert, roles: readonly string[]): Promise<Decision> {
    return this.#ports.erp.policy.test(alert, roles);
  }

  /**
   * Makes changes active at once: all of them, or none. Before the first one everything is compared with what the server
   * has now, because some servers know no versions and would overwrite silently.
   * @param confirmed the verdict that the person has read
   * @param eyes two: one person does it alone, and the journal says so; four: somebody else made the change and signed it
   * @throws AppFailure server.preconditionFailed naming the rules that somebody else changed, or automation that nobody
   *   confirmed because the rules around the changed ones are others now; nothing was sent then.
   * @throws AppFailure of the change that failed, as {@link sendChanges}: nothing of them is active then, or it names what is.
   */
  async apply(changes: readonly RuleChange[], reason: string, confirmed: string, eyes: 'two' | 'four' = 'two'): Promise<Aged<RuleRecord[]>> {
    const now = (await this.#refuseStale(changes)).map(({ rule }) => rule);
    refuseUnread(now, withChanges(now, changes), confirmed);
    const ports: SendPorts = {
      api: this.#ports.erp.policy, fresh: async () => (await this.#fresh()).value, noted: (action, resource, work) => this.#noted(action, resource, work),
      // Servers without a history would store the reason as a part of the rule.
      reason: (await this.features()).versions ? reason : null,
    };
    // Before it is done: whatever becomes of it, that somebody did it alone is written down.
    if (eyes === 'two') this.#alone(reason);
    await sendChanges(changes, ports);
    const fresh = await this.#fresh();
    const lost = notStored(changes, fresh.value);
    if (lost === null) return fresh;
    await takeBack(changes, lost, ports);
    throw lost;
  }

  async propose(changes: readonly RuleChange[], reason: string, activateAt: number | null): Promise<{ id: string }> {
    await this.#refuseStale(changes);
    return this.#noted('policy.propose', 'policy', () => this.#ports.erp.policy.propose(changes, { reason, activateAt, idempotencyKey: randomUUID() }));
  }

  /** @param confirmed the verdict on new automation that the person has read. @throws AppFailure server.preconditionFailed as {@link apply}; nothing was sent then */
  async decide(id: string, verdict: 'approve' | 'reject', reason: string | undefined, confirmed: string): Promise<{ state: Proposal['state'] }> {
    if (verdict === 'approve') {
      const [{ value: now }, proposals] = [await this.#fresh(), await this.#ports.erp.policy.proposals()];
      const proposal = proposals.find((one) => one.id === id);
      const rules = now.map(({ rule }) => rule);
      // One that is not there any more is for the server to name.
      if (proposal !== undefined) refuseUnread(rules, withChanges(rules, proposedChanges(proposal, now)), confirmed);
    }
    return this.#noted(`policy.${verdict}`, 'policy', () => this.#ports.erp.policy.decide(id, verdict, { reason, idempotencyKey: randomUUID() }));
  }

  async createBackup(): Promise<{ file: string }> {
    return { file: await this.#noted('policy.backup', 'policy', () => this.#ports.erp.policy.createBackup()) };
  }

  origin(): RulesOrigin {
    return this.#ports.origin();
  }

  /**
   * Writes the rules of now with `write`, as the copy that a restore needs where the server keeps none.
   * @param write asks for the text only when it is wanted; null when the person cancelled
   */
  async saveCopy<T extends object>(write: (text: () => Promise<string>) => Promise<T | null>): Promise<(T & { of: string }) | null> {
    let of = '';
    const written = await write(async () => {
      const rules = (await this.#fresh()).value.map(({ rule }) => rule);
      of = fingerprintOf(rules);
      return formatBackup(rules, this.origin());
    });
    if (written === null) return null;
    this.#copied = of;
    return { ...written, of };
  }

  /**
   * Replaces every rule and reads the list again: only what was read back counts. One person does it alone, and the journal says so.
   * @throws AppFailure input.invalid for rules of another server or tenant, or without a copy where the server makes none;
   *   server.preconditionFailed where the rules of now are others than the person saw, or as {@link apply}. Nothing was sent then.
   */
  async restore(from: { file: string } | FileToRestore, reason: string): Promise<{ rules: RuleRecord[]; safetyBackup: string | null }> {
    if ('rules' in from) await this.#refuseRestore(from);
    this.#alone(reason);
    const { safetyBackup } = await this.#noted('policy.restore', 'policy', () => this.#ports.erp.policy.restore('rules' in from ? { rules: from.rules } : from, { idempotencyKey: randomUUID() }));
    const { value } = await this.#fresh();
    if ('rules' in from) {
      const missing = from.rules.filter((rule) => !value.some((one) => one.rule.id === rule.id && isSameRule(one.rule, rule)));
      if (missing.length > 0 || value.length !== from.rules.length) throw failure('server.notStored', { params: { number: missing.map(({ id }) => id).join(', ') } });
    }
    return { rules: value, safetyBackup };
  }

  async #refuseRestore({ rules, origin, seen, confirmed }: FileToRestore): Promise<void> {
    const strange = foreign(origin, this.origin());
    if (strange !== null) throw failure('input.invalid', { messageKey: `errors.policy.backup.${strange}` });
    const { value } = await this.#fresh();
    const now = value.map(({ rule }) => rule);
    const of = fingerprintOf(now);
    if (of !== seen) throw failure('server.preconditionFailed', { messageKey: 'errors.policy.backup.moved' });
    refuseUnread(now, rules, confirmed);
    if (!(await this.features()).backups && this.#copied !== of) throw failure('input.invalid', { messageKey: 'errors.policy.backup.noCopy' });
  }

  #alone(reason: string): void {
    this.#ports.journal.note({ action: aloneAction, resource: 'policy', outcome: 'local', correlationId: null, detail: reason });
  }

  #noted<T>(action: string, resource: string, work: () => Promise<T>): Promise<T> {
    return journaled(this.#ports.journal, { action, resource }, work);
  }

  async #refuseStale(changes: readonly RuleChange[]): Promise<RuleRecord[]> {
    const { value: now } = await this.#fresh();
    const stale = staleChanges(changes, now);
    if (stale.length === 0) return now;
    throw failure('server.preconditionFailed', { messageKey: 'errors.policy.changedMeanwhile', params: { rules: stale.join(', ') } });
  }

  async #fresh(): Promise<Aged<RuleRecord[]>> {
    const value = await this.#ports.erp.policy.list();
    const fetchedAt = this.#ports.now();
    await this.#ports.host.facts.put('policy.rules', value, fetchedAt);
    return { value, source: 'server', fetchedAt };
  }

  async #aged<T>(name: string, schema: z.ZodType<T>, fromServer: () => Promise<T>): Promise<Aged<T>> {
    const { host, isOnline, now, log } = this.#ports;
    let refused: unknown = failure('network.unreachable');
    if (isOnline()) {
      try {
        const value = await fromServer();
        const fetchedAt = now();
        await host.facts.put(name, value, fetchedAt);
        return { value, source: 'server', fetchedAt };
      } catch (error) {
        // What one may not read, or the server does not have, is not answered from an older day.
        if (error instanceof AppFailure && ['server.forbidden', 'server.unsupported'].includes(error.error.code)) throw error;
        log.info('answering from the cache', { name, err: error });
        refused = error;
      }
    }
    const fact = await host.facts.get(name);
    const parsed = schema.safeParse(fact?.value);
    if (fact === null || !parsed.success) throw refused;
    return { value: parsed.data, source: 'cache', fetchedAt: fact.fetchedAt };
  }
}

/** A rule that looks the same can mean more once another one before it is gone: the verdict is about the whole set of now. */
function refuseUnread(now: readonly Rule[], after: readonly Rule[], confirmed: string): void {
  const added = automationAdded(now, after);
  const verdict = verdictOf(added);
  if (verdict === nothingAdded || verdict === confirmed) return;
  throw failure('server.preconditionFailed', { messageKey: 'errors.policy.otherVerdict', params: { kpis: [...new Set(added.map(({ kpiId }) => kpiId))].slice(0, 5).join(', ') } });
}

/** Some servers acknowledge what they do not store. */
function notStored(changes: readonly RuleChange[], now: readonly RuleRecord[]): AppFailure | null {
  const lost = changes.filter((change) => {
    const stored = now.find(({ rule }) => rule.id === idOfChange(change));
    return change.op === 'delete' ? stored !== undefined : stored === undefined || !isSameRule(stored.rule, change.rule);
  });
  return lost.length === 0 ? null : failure('server.notStored', { params: { number: lost.map(idOfChange).join(', ') } });
}

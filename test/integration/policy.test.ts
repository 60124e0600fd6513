import { afterEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { parseRules } from '../../shared/policy/parse.ts';
import type { RuleChange, RuleRecord } from '../../shared/policy/records.ts';
import type { PolicyService } from '../../main/policy/policy.ts';
import { fingerprintOf } from '../../shared/policy/change-file.ts';
import { automationAdded, nothingAdded, verdictOf } from '../../shared/policy/compare.ts';
import { orderDiffers, ruleSchema, type Rule } from '../../shared/policy/rule.ts';
import type { BackendOptions } from '../backend/index.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
afterEach(() => world.end());

const barley: Rule = ruleSchema.parse({ id: 'gerste', when: { kpiId: 'stock.barley', severity: ['warn'] }, action: 'inventory.reorder', params: { tonnes: 400 }, autoExecute: true });
/** Nobody else speaks for barley: the verdict on it is the same beside any rules. */
const barleyRead = verdictOf(automationAdded([], [barley]));
const codeOf = async (run: Promise<unknown>): Promise<unknown> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error : error));
/** Saves a copy as a person does, and reads it. */
async function copyOf(policy: PolicyService): Promise<{ of: string; rules: Rule[] }> {
  const saved = await policy.saveCopy(async (text) => ({ text: await text() }));
  return saved === null ? expect.unreachable() : { of: saved.of, rules: parseRules(saved.text).rules };
}
const onlineAs = async (name: string, options: BackendOptions = {}): Promise<Pc> => {
  world = await startWorld({ documents: 20, ...options });
  const pc = await world.pc();
  await pc.as(name);
  return pc;
};
const edit = (record: RuleRecord | undefined, change: Partial<Rule>): RuleChange => {
  if (record === undefined) throw new Error('no such rule');
  return { op: 'upsert', rule: { ...record.rule, ...change }, base: record };
};

describe.each(['security', 'shipped'] as const)('policies on the %s server', (api) => {
  it('are changed on top of what the person saw, and read back', async () => {
    const { workspace: { policy } } = await onlineAs('admin', { api });
    const { value: before } = await policy.rules();
    const { value: after } = await policy.apply([{ op: 'upsert', rule: barley, base: null }, edit(before[0], { autoSuggest: false }), { op: 'delete', base: before[1] as RuleRecord }], 'Ernte', barleyRead);
    expect(after.map(({ rule }) => rule.id)).toContain('gerste');
    expect(after.find(({ rule }) => rule.id === before[0]?.rule.id)?.rule.autoSuggest).toBe(false);
    expect(after).toHaveLength(before.length);
  });

  it('are not overwritten when somebody else was faster: nothing is sent at all', async () => {
    const mine = await onlineAs('admin', { api });
    const { value: seen } = await mine.workspace.policy.rules();
    const other = await world.pc();
    await other.as('admin');
    await other.workspace.policy.apply([edit(seen[0], { params: { tonnes: 1 } })], 'zuerst', nothingAdded);
    world.backend.control.clearRequests();
    const error = await codeOf(mine.workspace.policy.apply([{ op: 'upsert', rule: barley, base: null }, edit(seen[0], { params: { tonnes: 2 } })], 'danach', barleyRead));
    expect(error).toMatchObject({ code: 'server.preconditionFailed', params: { rules: seen[0]?.rule.id } });
    expect(world.backend.control.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('are judged beside the rules of now: what the person did not read is not sent', async () => {
    const mine = await onlineAs('admin', { api });
    const { policy } = mine.workspace;
    // A covers B, so that B does nothing by itself as long as A is there.
    const a = ruleSchema.parse({ ...barley, id: 'a-gerste', autoExecute: false });
    await policy.apply([{ op: 'upsert', rule: a, base: null }], 'Vorlage', nothingAdded);
    const { value: seen } = await policy.rules();
    const change: RuleChange[] = [{ op: 'upsert', rule: { ...barley, id: 'b-gerste' }, base: null }];
    const rules = seen.map(({ rule }) => rule);
    expect(verdictOf(automationAdded(rules, [...rules, { ...barley, id: 'b-gerste' }]))).toBe(nothingAdded);
    const other = await world.pc();
    await other.as('admin');
    const record = seen.find(({ rule }) => rule.id === a.id) as RuleRecord;
    await other.workspace.policy.apply([{ op: 'delete', base: record }], 'aufgeräumt', nothingAdded);
    world.backend.control.clearRequests();
    expect(await codeOf(policy.apply(change, 'danach', nothingAdded))).toMatchObject({ code: 'server.preconditionFailed', messageKey: 'errors.policy.otherVerdict', params: { kpis: 'stock.barley' } });
    expect(world.backend.control.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    const read = verdictOf(automationAdded([], [{ ...barley, id: 'b-gerste' }]));
    expect((await policy.apply(change, 'gelesen', read)).value.map(({ rule }) => rule.id)).toContain('b-gerste');
  });

  it('are there offline, with their age, and so is the edit in work', async () => {
    const pc = await onlineAs('manager', { api });
    const { value: rules } = await pc.workspace.policy.rules();
    await pc.workspace.policy.saveWorking({ base: rules, rules: rules.map(({ rule }) => rule), reason: 'Entwurf' });
    world.backend.control.fail({ path: /policy/, fault: { kind: 'dropBefore' }, times: 100 });
    expect(await pc.workspace.policy.rules()).toMatchObject({ source: 'cache', value: rules });
    await pc.host.clear();
    expect(await pc.workspace.policy.working()).toMatchObject({ reason: 'Entwurf', base: rules });
    expect(await codeOf(pc.workspace.policy.apply([{ op: 'upsert', rule: barley, base: null }], 'offline', barleyRead))).toMatchObject({ code: expect.stringMatching(/^network\./) as string });
  });

  it('keep the order of the server\'s own list, in which it tries them as the client does', async () => {
    const { workspace: { policy } } = await onlineAs('admin', { api });
    const sent = { ...barley, autoExecute: false };
    await policy.apply([{ op: 'upsert', rule: { ...sent, id: 'rule-9' }, base: null }, { op: 'upsert', rule: { ...sent, id: 'rule-10' }, base: null }, { op: 'upsert', rule: { ...sent, id: 'Ähre' }, base: null }], 'Ernte', nothingAdded);
    expect(orderDiffers((await policy.rules()).value.map(({ rule }) => rule))).toBeNull();
    world.backend.control.fail({ method: 'GET', path: /policy\/list/, fault: { kind: 'answer', status: 200, body: { ok: true, data: [{ ...sent, id: 'b' }, { ...sent, id: 'B' }] } } });
    expect(orderDiffers((await policy.rules()).value.map(({ rule }) => rule))).toEqual(['b', 'B']);
  });

  it('are restored whole and read again', async () => {
    const { workspace: { policy } } = await onlineAs('admin', { api });
    const { value: before } = await policy.rules();
    const seen = fingerprintOf(before.map(({ rule }) => rule));
    const good = { rules: [barley, ...before.slice(0, 2).map(({ rule }) => rule)], origin: policy.origin(), seen, confirmed: barleyRead };
    for (const [change, messageKey] of [
      [{ origin: { ...policy.origin(), server: 'other.example' } }, 'errors.policy.backup.server'], [{ origin: { ...policy.origin(), tenant: 'süd' } }, 'errors.policy.backup.tenant'],
      [{ confirmed: nothingAdded }, 'errors.policy.otherVerdict'], [{ seen: fingerprintOf([]) }, 'errors.policy.backup.moved'],
    ] as const) {
      expect(await codeOf(policy.restore({ ...good, ...change }, 'x'))).toMatchObject({ messageKey });
    }
    expect((await policy.rules()).value).toEqual(before);
    if (api === 'shipped') expect(await codeOf(policy.restore(good, 'x'))).toMatchObject({ messageKey: 'errors.policy.backup.noCopy' });
    expect(await copyOf(policy)).toMatchObject({ of: seen });
    const restored = await policy.restore(good, 'Notfall');
    expect(restored.rules.map(({ rule }) => rule.id)).toHaveLength(3);
    expect(restored.safetyBackup === null).toBe(api === 'shipped');
  });

  it('are not restored over what somebody else made since they were looked at', async () => {
    const mine = await onlineAs('admin', { api });
    const { policy } = mine.workspace;
    const rules = (await policy.rules()).value.map(({ rule }) => rule);
    await copyOf(policy);
    const other = await world.pc();
    await other.as('admin');
    await other.workspace.policy.apply([{ op: 'upsert', rule: { ...barley, autoExecute: false }, base: null }], 'neu', nothingAdded);
    world.backend.control.clearRequests();
    const from = { rules, origin: policy.origin(), seen: fingerprintOf(rules), confirmed: nothingAdded };
    expect(await codeOf(policy.restore(from, 'x'))).toMatchObject({ code: 'server.preconditionFailed', messageKey: 'errors.policy.backup.moved' });
    expect(world.backend.control.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    // The copy is of what the server has then, not of what stands on a screen.
    const copy = await copyOf(policy);
    expect(copy.rules.map(({ id }) => id)).toContain('gerste');
    await policy.restore({ ...from, seen: copy.of }, 'gesehen');
    expect((await policy.rules()).value).toHaveLength(rules.length);
  });
});

describe('policies', () => {
  it('say "not stored" when a server acknowledges and stores nothing', async () => {
    const { workspace: { policy } } = await onlineAs('admin', { api: 'shipped' });
    world.backend.control.fail({ method: 'POST', path: /policy\/upsert/, fault: { kind: 'answer', status: 200, body: { ok: true } } });
    expect(await codeOf(policy.apply([{ op: 'upsert', rule: barley, base: null }], 'x', barleyRead))).toMatchObject({ code: 'server.notStored' });
  });

  it('are proposed by one and approved by another, and act on the next alert', async () => {
    const manager = await onlineAs('manager');
    const { id } = await manager.workspace.policy.propose([{ op: 'upsert', rule: barley, base: null }], 'Ernte', null);
    const admin = await world.pc();
    await admin.as('admin');
    expect((await admin.workspace.policy.proposals()).value).toMatchObject([{ id, author: 'manager', reason: 'Ernte', state: 'open', changes: [{ op: 'upsert', rule: { id: 'gerste' } }] }]);
    expect(await codeOf(admin.workspace.policy.decide(id, 'approve', undefined, nothingAdded))).toMatchObject({ messageKey: 'errors.policy.otherVerdict' });
    expect((await admin.workspace.policy.proposals()).value).toMatchObject([{ id, state: 'open' }]);
    expect(await admin.workspace.policy.decide(id, 'approve', undefined, barleyRead)).toEqual({ state: 'approved' });
    expect(world.backend.control.raiseAlert({ id: 'a', kpiId: 'stock.barley', severity: 'warn' }, [])).toMatchObject({ execute: true });
    expect((await manager.workspace.policy.versions()).value[0]).toMatchObject({ ruleId: 'gerste', author: 'manager' });
    expect(await codeOf(manager.workspace.policy.apply([{ op: 'upsert', rule: { ...barley, id: 'direkt' }, base: null }], 'x', barleyRead))).toMatchObject({ code: 'server.forbidden' });
  });

  it('are replayed over generated alerts where the server keeps none, and say so', async () => {
    const { workspace: { policy, policyHistory } } = await onlineAs('manager', { api: 'shipped' });
    const rules = (await policy.rules()).value.map(({ rule }) => rule);
    expect(await policyHistory.info()).toMatchObject({ count: 0, isGenerated: false });
    const { count } = await policyHistory.generate(rules);
    expect(count).toBeGreaterThan(10_000);
    // Made of the rules themselves, they know nothing that the rules do not.
    expect(await policyHistory.facts()).toBeNull();
    expect(await policyHistory.info()).toMatchObject({ count, isGenerated: true });
    const report = await policyHistory.replay(rules, rules.map((rule) => ({ ...rule, autoExecute: true })));
    expect(report).toMatchObject({ alerts: count, drifted: [], neverUsed: [] });
    expect(report.counts.executes).toBeGreaterThan(1000);
  });

  it('are replayed over the alerts that the server keeps', async () => {
    const pc = await onlineAs('manager');
    const { policy, policyHistory } = pc.workspace;
    const rules = (await policy.rules()).value.map(({ rule }) => rule);
    policyHistory.pull();
    await expect.poll(async () => (await policyHistory.info()).fetchedAt, { timeout: 15_000 }).not.toBeNull();
    expect(await policyHistory.info()).toMatchObject({ count: 2000 });
    expect(await policyHistory.generate(rules)).toMatchObject({ count: 2000, isGenerated: false });
    const same = await policyHistory.replay(rules, rules);
    // The server decided every alert by these very rules: where the engines differed, this would not be empty.
    expect(same).toMatchObject({ alerts: 2000, changed: 0, drifted: [] });
    const edited = await policyHistory.replay(rules, rules.map((rule) => (rule.id === 'bestand-weizen' ? { ...rule, autoExecute: true, approval: { required: false } } : rule)));
    expect(edited.counts.executes).toBeGreaterThan(10);
    const [group] = edited.groups;
    const [first] = await policyHistory.alerts(group?.examples.slice(0, 1) ?? []);
    expect(first?.alert.kpiId).toBe('stock.wheat');
  });

  it('tell the linter what the recorded alerts know, and count those that cannot be read', async () => {
    const { workspace: { policyHistory } } = await onlineAs('manager');
    expect(await policyHistory.facts()).toBeNull();
    const alert = (kpiId: string, delta?: number) => ({ at: 1_770_000_000, alert: { id: kpiId, kpiId, title: '', message: '', severity: 'warn', ...(delta !== undefined && { delta }) }, roles: ['operator'], decision: null });
    world.backend.control.fail({ method: 'GET', path: /policy\/alerts/, fault: { kind: 'answer', status: 200, body: { ok: true, items: [alert('stock.wheat', -3), alert('days.late'), { at: 1, alert: { id: 'x' }, roles: [], decision: null }], cursor: null } } });
    policyHistory.pull();
    await expect.poll(async () => (await policyHistory.info()).fetchedAt, { timeout: 15_000 }).not.toBeNull();
    expect(await policyHistory.info()).toMatchObject({ count: 2, unreadable: 1 });
    expect(await policyHistory.facts()).toEqual({ kpis: ['days.late', 'stock.wheat'], withDelta: ['stock.wheat'], roles: ['operator'] });
  });

  it('know what the shipped server cannot do', async () => {
    const { workspace: { policy } } = await onlineAs('admin', { api: 'shipped' });
    expect(await policy.features()).toEqual({ versions: false, drafts: false, backups: false, alerts: false });
    expect(await codeOf(policy.versions())).toMatchObject({ code: 'server.unsupported' });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import type { RuleChange } from '../../shared/policy/records.ts';
import { automationAdded, nothingAdded, verdictOf } from '../../shared/policy/compare.ts';
import { ruleSchema, type Rule } from '../../shared/policy/rule.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
afterEach(() => world.end());

const barley: Rule = ruleSchema.parse({ id: 'gerste', when: { kpiId: 'stock.barley', severity: ['warn'] }, action: 'inventory.reorder', params: { tonnes: 400 }, autoExecute: true });
const change: RuleChange[] = [{ op: 'upsert', rule: barley, base: null }];
/** What the second person has read: barley orders by itself. */
const read = verdictOf(automationAdded([], [barley]));
const refusalOf = async (run: Promise<unknown>): Promise<unknown> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.messageKey : error));
const pcOf = async (name: string): Promise<Pc> => {
  const pc = await world.pc();
  await pc.as(name);
  return pc;
};
const write = async (author: Pc): Promise<string> => author.workspace.policyChanges.sign(change, 'Ernte', (await author.workspace.policy.rules()).value.map(({ rule }) => rule));

describe('a change handed over as a file', () => {
  it('is applied by a second person on another PC, who has compared the key once', async () => {
    world = await startWorld({ documents: 20, api: 'shipped' });
    const [manager, admin] = [await pcOf('manager'), await pcOf('admin')];
    const text = await write(manager);
    const { policyChanges } = admin.workspace;
    expect(await policyChanges.open(text)).toMatchObject({ author: 'manager', reason: 'Ernte', key: { trust: 'unknown' }, isOwn: false, isBaseSame: true, stale: [], changes: [{ op: 'upsert', rule: { id: 'gerste' } }] });
    expect(await refusalOf(policyChanges.apply(text, false, read))).toBe('errors.policy.change.notCompared');
    expect(await refusalOf(policyChanges.apply(text, true, nothingAdded))).toBe('errors.policy.otherVerdict');
    expect((await policyChanges.apply(text, true, read)).value.map(({ rule }) => rule.id)).toContain('gerste');
    expect(world.backend.control.raiseAlert({ id: 'a', kpiId: 'stock.barley', severity: 'warn' }, [])).toMatchObject({ execute: true });
    await admin.host.clear();
    expect(await policyChanges.open(text)).toMatchObject({ key: { trust: 'known', comparedWith: 'manager' }, isBaseSame: false, stale: ['gerste'] });
    expect(await refusalOf(policyChanges.apply(text, true, read))).toBe('errors.policy.changedMeanwhile');
  });

  it('is refused to its author, altered, and for another server; nothing is sent', async () => {
    world = await startWorld({ documents: 20, api: 'shipped' });
    const admin = await pcOf('admin');
    const { policyChanges } = admin.workspace;
    const text = await write(admin);
    expect(await policyChanges.open(text)).toMatchObject({ isOwn: true, key: { trust: 'own' } });
    world.backend.control.clearRequests();
    expect(await refusalOf(policyChanges.apply(text, true, read))).toBe('errors.policy.change.own');
    expect(await refusalOf(policyChanges.apply(text.replace('"author": "admin"', '"author": "manager"'), true, read))).toBe('errors.policy.change.signature');
    expect(await refusalOf(policyChanges.open(text.replace('"tonnes": 400', '"tonnes": 4000')))).toBe('errors.policy.change.signature');
    expect(world.backend.control.requests).toEqual([]);
    const first = world;
    world = await startWorld({ documents: 20, api: 'shipped' });
    const elsewhere = await pcOf('admin');
    expect(await refusalOf(elsewhere.workspace.policyChanges.open(text))).toBe('errors.policy.change.otherServer');
    await first.end();
  });

  it('is refused by a server that checks the right to write rules', async () => {
    world = await startWorld({ documents: 20});
    const [admin, manager] = [await pcOf('admin'), await pcOf('manager')];
    expect(await refusalOf(manager.workspace.policyChanges.apply(await write(admin), true, read))).toMatch(/errors\.server\.forbidden/);
  });
});

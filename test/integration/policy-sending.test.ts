import { afterEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { automationAdded, verdictOf } from '../../shared/policy/compare.ts';
import { isSameSet, withChanges } from '../../shared/policy/edit.ts';
import type { RuleChange, RuleRecord } from '../../shared/policy/records.ts';
import { ruleSchema, type Rule } from '../../shared/policy/rule.ts';
import { wholeJournal } from '../../shared/domain/audit.ts';
import type { HttpFetch } from '../../main/erp/ports.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
afterEach(() => world.end());

const barley: Rule = ruleSchema.parse({ id: 'gerste', when: { kpiId: 'stock.barley', severity: ['warn'] }, action: 'inventory.reorder', params: { tonnes: 400 } });
const forbidden = { kind: 'answer' as const, status: 403, body: { detail: 'Insufficient permissions. Missing: policy:write' } };
const errorOf = async (run: Promise<unknown>): Promise<unknown> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error : error));

type Made = { pc: Pc; before: RuleRecord[]; apply: () => Promise<unknown>; now: () => Promise<Rule[]> };

/** An administrator who makes a rule, changes one and deletes one, in one change. */
async function change(api: 'security' | 'shipped', fetchOf?: HttpFetch): Promise<Made> {
  world = await startWorld({ documents: 20, api });
  const pc = await world.pc(fetchOf === undefined ? {} : { fetch: fetchOf });
  await pc.as('admin');
  const { policy } = pc.workspace;
  const { value: before } = await policy.rules();
  const [first, second] = before as [RuleRecord, RuleRecord];
  const changes: RuleChange[] = [{ op: 'upsert', rule: barley, base: null }, { op: 'upsert', rule: { ...first.rule, autoSuggest: !first.rule.autoSuggest }, base: first }, { op: 'delete', base: second }];
  const rules = before.map(({ rule }) => rule);
  const read = verdictOf(automationAdded(rules, withChanges(rules, changes)));
  return { pc, before, apply: () => policy.apply(changes, 'Ernte', read), now: async () => (await policy.rules()).value.map(({ rule }) => rule) };
}
const expectUntouched = async ({ before, now }: Made): Promise<void> => expect(isSameSet(await now(), before.map(({ rule }) => rule))).toBe(true);

describe.each(['security', 'shipped'] as const)('a change of several rules on the %s server', (api) => {
  it('is taken back whole when the last step is refused', async () => {
    const made = await change(api);
    world.backend.control.fail({ method: 'POST', path: /policy\/delete/, fault: forbidden });
    expect(await errorOf(made.apply())).toMatchObject({ code: 'server.forbidden', messageKey: 'errors.server.forbidden.scopes' });
    await expectUntouched(made);
    const { rows } = await made.pc.workspace.audit.journal(wholeJournal, 0, 20);
    const told = rows.filter(({ action }) => action.startsWith('policy.')).map(({ action, resource, outcome }) => `${action} ${resource} ${outcome}`);
    // Newest first: what was taken back stands above what was done.
    expect(told.slice(0, 2).toSorted()).toEqual([`policy.delete policy/gerste sent`, `policy.upsert policy/${made.before[0]?.rule.id ?? ''} sent`].toSorted());
    expect(told).toContain(`policy.delete policy/${made.before[1]?.rule.id ?? ''} refused`);
    expect(told).toContain('policy.upsert policy/gerste sent');
  });

  it('is taken back as well where only the last answer was lost', async () => {
    const made = await change(api);
    world.backend.control.fail({ method: 'POST', path: /policy\/delete/, fault: { kind: 'dropAfter' } });
    expect(await errorOf(made.apply())).toMatchObject({ code: expect.stringMatching(/^network\./) as string });
    await expectUntouched(made);
  });

  it('leaves alone what somebody else deleted between the comparison and the last step', async () => {
    let overtake: (() => Promise<unknown>) | null = null;
    const made = await change(api, async (url, init) => {
      if (url.includes('/policy/delete') && overtake !== null) {
        const first = overtake;
        overtake = null;
        await first();
      }
      return fetch(url, init);
    });
    const gone = made.before[1] as RuleRecord;
    const other = await world.pc();
    await other.as('admin');
    const rules = (await other.workspace.policy.rules()).value.map(({ rule }) => rule);
    const changes: RuleChange[] = [{ op: 'delete', base: gone }];
    overtake = () => other.workspace.policy.apply(changes, 'zuerst', verdictOf(automationAdded(rules, withChanges(rules, changes))));
    expect(await errorOf(made.apply())).toMatchObject({ code: api === 'security' ? 'server.notFound' : 'server.refused' });
    expect(isSameSet(await made.now(), made.before.map(({ rule }) => rule).filter(({ id }) => id !== gone.rule.id))).toBe(true);
  });

  it('names what is active when taking back is refused too', async () => {
    const made = await change(api);
    world.backend.control.fail({ method: 'POST', path: /policy\/delete/, fault: forbidden, times: 10 });
    expect(await errorOf(made.apply())).toMatchObject({ code: 'server.forbidden', messageKey: 'errors.policy.halfApplied', params: { rules: 'gerste' } });
    const ids = (await made.now()).map(({ id }) => id);
    expect(ids).toContain('gerste');
    // What could be taken back was, although the new rule could not.
    expect(isSameSet((await made.now()).filter(({ id }) => id !== 'gerste'), made.before.map(({ rule }) => rule))).toBe(true);
  });

  it('says that it does not know what is active when nobody answers any more', async () => {
    let isCut = false;
    const made = await change(api, async (url, init) => {
      const isDelete = url.includes('/policy/delete');
      if (isDelete) isCut = true;
      if (isCut) throw new TypeError('fetch failed');
      return fetch(url, init);
    });
    expect(await errorOf(made.apply())).toMatchObject({ code: expect.stringMatching(/^network\./) as string, messageKey: 'errors.policy.maybeApplied', params: { rules: expect.stringContaining('gerste') as string } });
  });
});

it('is one request for all that is written where the server knows no versions', async () => {
  const made = await change('shipped');
  world.backend.control.clearRequests();
  await made.apply();
  expect(world.backend.control.requests.filter(({ method }) => method === 'POST').map(({ path }) => path.replace(/.*policy/, ''))).toEqual(['/upsert', '/delete']);
});

it('is taken back where the server acknowledged and stored only a part', async () => {
  const made = await change('shipped');
  world.backend.control.fail({ method: 'POST', path: /policy\/delete/, fault: { kind: 'answer', status: 200, body: { ok: true } } });
  expect(await errorOf(made.apply())).toMatchObject({ code: 'server.notStored' });
  await expectUntouched(made);
});

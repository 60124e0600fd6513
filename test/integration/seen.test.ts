import { afterEach, describe, expect, it } from 'vitest';
import { countRows } from '../../shared/domain/bulk.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import { changedSinceSeen, seenOf } from '../../shared/domain/seen.ts';
import { systemClock, type Clock } from '../../main/erp/ports.ts';
import type { BackendOptions } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { callerFor, facts, order, type Caller } from './backend-client.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let passed = 0;
let stopped: number | null = null;
const clock: Clock = { ...systemClock, now: () => stopped ?? systemClock.now() + passed };
afterEach(async () => {
  [passed, stopped] = [0, null];
  await world.end();
});

/** A person who approves, and a colleague who changes what is being approved. */
async function start(numbers: readonly string[], options: BackendOptions = {}): Promise<{ pc: Pc; sales: Caller }> {
  world = await startWorld(options);
  const sales = callerFor(world.backend, (await loginHeadless(world.backend, 'sales')).accessToken);
  for (const number of numbers) {
    await sales('POST', '/api/mcp/documents/sales_order', order(number));
    await sales('POST', `/api/workflow/sales/${number}/transition?action=submit`, facts());
  }
  const pc = await world.pc({ clock });
  await pc.as('manager');
  await pc.pulled();
  return { pc, sales };
}

const keyOf = (number: string): DocumentKey => ({ type: 'sales_order', number });
/** Ten times the amount: nothing of it raises a version of the workflow. */
const dearer = (sales: Caller, number: string): Promise<unknown> => sales('PUT', `/api/mcp/documents/sales_order/${number}`, { lines: [{ article: 'OS-1101 Raps, 00-Qualität', qty: 100, price: 479, vatRate: 7, cost: 445 }] });
const sent = (method: string, part: string): number => world.backend.control.requests.filter((request) => request.method === method && request.path.includes(part)).length;
const stateOf = (number: string): string | undefined => (world.backend.control.db.prepare('SELECT state FROM workflow WHERE number = ?').get(number) as { state: string } | undefined)?.state;
async function seenBy({ workspace }: Pc, number: string): Promise<string> {
  return seenOf(await workspace.documents.refresh(keyOf(number)));
}
/** The time to take a decision back goes by: what was read before it may be old. */
function later(): void {
  passed += 5_000;
}

describe('an approval', () => {
  it('is not sent when the document was changed behind what was seen, and the new state is there to be seen', async () => {
    const { pc, sales } = await start(['SO-SEEN']);
    const seen = await seenBy(pc, 'SO-SEEN');
    later();
    await dearer(sales, 'SO-SEEN');
    world.backend.control.clearRequests();
    await expect(pc.workspace.workflow.transition(keyOf('SO-SEEN'), 'approve', undefined, { seen })).rejects.toMatchObject({ error: { code: 'server.conflict', messageKey: changedSinceSeen } });
    expect([sent('POST', '/transition'), stateOf('SO-SEEN')]).toEqual([0, 'pending']);
    const now = await pc.host.documents.get(keyOf('SO-SEEN'));
    expect(now?.document.lines[0]?.qty).toBe('100');
    if (now === null) throw new Error('it is in the cache');
    expect(await pc.workspace.workflow.transition(keyOf('SO-SEEN'), 'approve', undefined, { seen: seenOf(now) })).toEqual({ state: 'approved' });
  });

  it('is not sent when the cache has learned of the change between the decision and its sending', async () => {
    const { pc, sales } = await start(['SO-UNDO']);
    const seen = await seenBy(pc, 'SO-UNDO');
    await dearer(sales, 'SO-UNDO');
    await pc.workspace.documents.reread(keyOf('SO-UNDO'));
    world.backend.control.clearRequests();
    await expect(pc.workspace.workflow.transition(keyOf('SO-UNDO'), 'approve', undefined, { seen })).rejects.toMatchObject({ error: { messageKey: changedSinceSeen } });
    expect(world.backend.control.requests).toEqual([]);
  });

  it('asks for nothing more while what was seen was read a moment ago', async () => {
    const { pc } = await start(['SO-FRESH']);
    stopped = clock.now();
    const seen = await seenBy(pc, 'SO-FRESH');
    world.backend.control.clearRequests();
    expect(await pc.workspace.workflow.transition(keyOf('SO-FRESH'), 'approve', undefined, { seen, readsBack: false })).toEqual({ state: 'approved' });
    expect([sent('POST', '/transition'), sent('GET', 'SO-FRESH')]).toEqual([1, 0]);
  });

  it('that was noted offline is bound to what was looked at in the end', async () => {
    const { pc, sales } = await start(['SO-NOTED']);
    await pc.workspace.documents.refresh(keyOf('SO-NOTED'));
    const { id } = await pc.workspace.offline.decisions.add(keyOf('SO-NOTED'), 'approve', null);
    later();
    await dearer(sales, 'SO-NOTED');
    await expect(pc.workspace.offline.decisions.confirm(id)).rejects.toMatchObject({ error: { messageKey: changedSinceSeen } });
    expect((await pc.workspace.offline.decisions.list())[0]).toMatchObject({ changed: true, current: { document: { lines: [{ qty: '100' }] } } });
    expect(await pc.workspace.offline.decisions.confirm(id)).toEqual({ state: 'approved' });
  });

  it('is bound on the shipped server too, which has no versions', async () => {
    world = await startWorld({ api: 'shipped' });
    const admin = callerFor(world.backend, (await loginHeadless(world.backend, 'admin')).accessToken);
    await admin('POST', '/api/mcp/documents/sales_order', order('SO-OLD'));
    await admin('POST', '/api/workflow/sales/SO-OLD/transition?action=submit', facts({ user_info: { roles: ['sales'] } }));
    const pc = await world.pc({ clock });
    await pc.as('manager');
    await pc.pulled();
    const seen = await seenBy(pc, 'SO-OLD');
    later();
    await dearer(admin, 'SO-OLD');
    await expect(pc.workspace.workflow.transition(keyOf('SO-OLD'), 'approve', undefined, { seen })).rejects.toMatchObject({ error: { messageKey: changedSinceSeen } });
    expect(await pc.workspace.workflow.transition(keyOf('SO-OLD'), 'approve', undefined, { seen: await seenBy(pc, 'SO-OLD') })).toEqual({ state: 'approved' });
  });
});

describe('a bulk of approvals', () => {
  const numbers = Array.from({ length: 30 }, (_, index) => `SO-PLAN-${index}`);

  it('leaves out and names what was changed since the plan, and asks for no row by itself', async () => {
    const { pc, sales } = await start(numbers);
    const { bulk, online } = pc.workspace;
    const { rows } = await bulk.plan('approve', numbers.map(keyOf));
    await dearer(sales, 'SO-PLAN-3');
    // Known here before the start, and known only to the server.
    await online.catchUp();
    await dearer(sales, 'SO-PLAN-7');
    world.backend.control.clearRequests();
    const begun = await bulk.start('approve', rows.map(({ key, seen }) => ({ ...key, seen })), null);
    await pc.jobs.ended(begun.jobId);
    const ended = bulk.get(begun.id);
    expect(countRows(ended?.rows ?? [])).toMatchObject({ done: 28, skipped: 2 });
    expect(ended?.rows.filter(({ state }) => state === 'skipped').map(({ key, error }) => [key.number, error?.messageKey])).toEqual([['SO-PLAN-3', changedSinceSeen], ['SO-PLAN-7', changedSinceSeen]]);
    expect([stateOf('SO-PLAN-3'), stateOf('SO-PLAN-7')]).toEqual(['pending', 'pending']);
    expect([sent('POST', '/transition'), sent('GET', 'SO-PLAN')]).toEqual([28, 0]);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { loginHeadless } from '../backend/login.ts';
import { callerFor, facts, order, type Caller } from './backend-client.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
afterEach(() => world.end());

const as = async (name: string): Promise<Caller> => callerFor(world.backend, (await loginHeadless(world.backend, name)).accessToken);
const count = async ({ host }: Pc): Promise<number> => Object.values(await host.documents.pendingCount()).reduce((sum, each) => sum + each, 0);
const submit = (caller: Caller, number: string) => caller('POST', `/api/workflow/sales/${number}/transition?action=submit`, facts({ user_info: { roles: ['sales'] } }));
const approve = (caller: Caller, number: string) => caller('POST', `/api/workflow/sales/${number}/transition?action=approve`, facts({ user_info: { roles: ['admin'] } }));
const write = (caller: Caller, number: string) => caller('POST', '/api/mcp/documents/sales_order', order(number));
const within = { timeout: 20_000, interval: 50 };
const live = (desk: Pc) => expect.poll(() => desk.workspace.monitor.state().live, within).toBe(true);

async function pc(name: string, api: 'security' | 'shipped'): Promise<Pc> {
  world = await startWorld({ api, documents: 60 });
  const made = await world.pc();
  await made.as(name);
  await made.pulled();
  await live(made);
  return made;
}

describe('lists and the number of approvals', () => {
  it('follow what others do, and what they did while the event stream was cut: security', async () => {
    const desk = await pc('manager', 'security');
    const onServer = (): number => (world.backend.control.db.prepare("SELECT count(*) AS n FROM workflow WHERE state = 'pending'").get() as { n: number }).n;
    const [sales, manager] = [await as('sales'), await as('manager')];
    expect(await count(desk)).toBe(onServer());
    await write(sales, 'SO-LIVE-1');
    await submit(sales, 'SO-LIVE-1');
    await expect.poll(() => count(desk), within).toBe(onServer());
    const before = onServer();
    world.backend.control.dropEventStreams();
    for (const number of ['SO-LIVE-2', 'SO-LIVE-3', 'SO-LIVE-4']) {
      await write(sales, number);
      await submit(sales, number);
    }
    await approve(manager, 'SO-LIVE-1');
    expect(onServer()).toBe(before + 2);
    const pending = async (): Promise<[string, string | null][]> => {
      const { rows } = await desk.host.documents.list({ workflow: ['pending'], text: 'SO-LIVE', sort: { by: 'submitted', direction: 'asc' }, offset: 0, limit: 10 });
      return rows.map(({ number, submittedBy }) => [number, submittedBy]);
    };
    // The rows themselves: on the way there the count is right once by accident.
    await expect.poll(pending, within).toEqual([['SO-LIVE-2', 'sales'], ['SO-LIVE-3', 'sales'], ['SO-LIVE-4', 'sales']]);
    expect(await count(desk)).toBe(onServer());
  });

  it('are read again after a gap where the server replays nothing: shipped', async () => {
    const desk = await pc('admin', 'shipped');
    const other = await as('admin');
    for (const number of ['SO-LIVE-1', 'SO-LIVE-2']) {
      await write(other, number);
      await submit(other, number);
    }
    await expect.poll(() => count(desk), within).toBe(2);
    world.backend.control.dropEventStreams();
    // Wherever the line was when it broke: what happened before it is back is in no event any more.
    await approve(other, 'SO-LIVE-1');
    await expect.poll(() => count(desk), within).toBe(1);
    await live(desk);
    await approve(other, 'SO-LIVE-2');
    await expect.poll(() => count(desk), within).toBe(0);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../shared/ipc/errors.ts';
import { pullWorld, type PullWorld } from '../../test/fixtures/pull-world.ts';

const hours = 3_600_000;
let world: PullWorld;
beforeEach(async () => { world = await pullWorld(); });
afterEach(() => world.end());

const fill = (count: number): void => { for (let index = 1; index <= count; index += 1) world.server.put(`SO-${index}`, 'a'); };
const failAt = (index: number, error = failure('network.unreachable')): void => { world.server.before = (_request, at) => { if (at === index) throw error; }; };
const quiet = (): void => { world.server.before = () => undefined; world.server.requests = []; };
/** How the passes began: since when, or `null` for everything. */
const beginnings = (): (number | null)[] => world.server.requests.filter(({ cursor }) => cursor === null).map(({ updatedSince }) => updatedSince);

describe('pull', () => {
  it('reads everything first, then only what has changed, and removes what was deleted', async () => {
    fill(7);
    const first = world.engine();
    await first.pull();
    expect(await world.cached()).toEqual(world.server.alive());
    expect(first.state()).toMatchObject({ status: 'idle', cached: 7, finishedAt: 1_000_000, done: 7, expected: 7 });

    const before = world.server.clock;
    world.server.clock += 60_000;
    world.server.put('SO-2', 'b');
    world.server.remove('SO-3');
    world.clock.now = 2_000_000;
    quiet();
    const later = world.engine();
    await later.restore();
    expect(later.state()).toMatchObject({ finishedAt: 1_000_000, cached: 7 });
    await later.pull();
    expect(beginnings()).toEqual([before - 2_000]);
    expect(await world.cached()).toEqual(world.server.alive());
  });

  it('goes on after an interruption where it stopped, and misses nothing that changed meanwhile', async () => {
    fill(9);
    failAt(1);
    const first = world.engine();
    await first.pull();
    expect(first.state()).toMatchObject({ status: 'failed', error: { code: 'network.unreachable' } });
    expect(Object.keys(await world.cached())).toHaveLength(3);
    world.server.put('SO-1', 'b');
    quiet();
    await world.crash();
    const second = world.engine();
    await second.pull();
    expect(world.server.requests[0]?.cursor).not.toBeNull();
    await second.pull();
    expect(await world.cached()).toEqual(world.server.alive());
  });

  it('says which documents it cannot read, also after a restart, until they can be read or are gone', async () => {
    fill(4);
    world.server.put('RE/2026/1', 'a');
    world.server.put('SO 7', 'a');
    world.server.put('SO-8', 'a', undefined, 1_001);
    await world.engine().pull();
    const later = world.engine();
    await later.restore();
    const names = (): string[] => later.state().unreadable.first.map(({ type, number }) => `${type} ${number}`).toSorted();
    expect(later.state().unreadable.count).toBe(3);
    expect(names()).toEqual(['sales_order RE/2026/1', 'sales_order SO 7', 'sales_order SO-8']);

    world.server.remove('RE/2026/1');
    world.server.put('SO-8', 'b');
    await later.pull();
    expect(names()).toEqual(['sales_order SO 7']);
    await world.host().pull.restart('sales_order', 'again', world.clock.now);
    world.server.remove('SO 7');
    world.server.forgetTombstones();
    await later.pull();
    expect(later.state().unreadable).toEqual({ count: 0, first: [] });
  });

  it('can be cancelled without counting as failed, and goes on', async () => {
    fill(9);
    const pull = world.engine();
    const stop = pull.documentsChanged.on(() => void pull.cancel());
    await pull.pull();
    stop();
    expect(pull.state()).toMatchObject({ status: 'idle', error: null, finishedAt: null });
    await pull.pull();
    expect(pull.state().finishedAt).toBe(1_000_000);
    expect(await world.cached()).toEqual(world.server.alive());
  });

  it('joins a running pass instead of starting a second one', async () => {
    fill(1);
    const pull = world.engine();
    await Promise.all([pull.pull(), pull.pull(), pull.pull()]);
    expect(world.server.requests).toHaveLength(1);
  });

  it('says that a server cannot list, also when it only shows by failing', async () => {
    const without = world.engine(false);
    await without.pull();
    expect(without.state().status).toBe('unsupported');
    failAt(0, failure('server.failed'));
    const failing = world.engine();
    await failing.pull();
    expect(failing.state()).toMatchObject({ status: 'unsupported', error: { code: 'server.failed' } });
  });

  it('tells of changes only after they are in the cache', async () => {
    fill(1);
    const pull = world.engine();
    const seen: Promise<boolean>[] = [];
    pull.documentsChanged.on((keys) => seen.push(world.host().documents.get(keys?.[0] ?? { type: 'sales_order', number: '' }).then((record) => record !== null)));
    await pull.pull();
    expect(await Promise.all(seen)).toEqual([true]);
  });

  it('leaves out types that the account may not read, and asks for them once a session', async () => {
    fill(1);
    failAt(0, failure('server.forbidden'));
    const pull = world.engine();
    await pull.pull();
    expect(pull.state()).toMatchObject({ status: 'idle', error: null, finishedAt: 1_000_000 });
    await pull.pull();
    expect(world.server.requests).toHaveLength(1);
    await pull.restore();
    await pull.pull();
    expect(await world.cached()).toEqual(world.server.alive());
  });

  it('keeps a document that was made again under the number of a deleted one, wherever its tombstone comes', async () => {
    fill(5);
    const pull = world.engine();
    await pull.pull();
    world.server.clock += 60_000;
    world.server.remove('SO-2');
    // A server that keeps tombstones apart sends the old one behind the new document.
    const tombstone = world.server.entries.get('SO-2');
    world.server.put('SO-2', 'new');
    const page = world.server.page.bind(world.server);
    world.server.page = (request) => {
      const answer = page(request);
      const body = JSON.parse(new TextDecoder().decode(answer.body)) as { data: unknown[] };
      if (request.updatedSince !== null) body.data.push({ number: 'SO-2', deleted: true, updated_at: new Date(tombstone?.at ?? 0).toISOString() });
      return { ...answer, body: new TextEncoder().encode(JSON.stringify(body)) };
    };
    await pull.pull();
    expect((await world.cached())['SO-2']).toBe('new');
  });

  it('keeps what was read while a page was on its way, and reads it again with the next delta', async () => {
    fill(2);
    const pull = world.engine();
    await pull.pull();
    world.server.clock += 60_000;
    world.server.put('SO-1', 'older');
    world.server.put('SO-2', 'b');
    const page = world.server.page.bind(world.server);
    world.server.page = (request) => {
      const answer = page(request);
      world.server.page = page;
      // The answer is under way when somebody saves, which reads the document back.
      world.server.put('SO-1', 'mine', world.server.clock + 10);
      return answer;
    };
    const known = await world.host().documents.get({ type: 'sales_order', number: 'SO-1' });
    if (known === null) throw new Error('not pulled');
    const pulling = pull.pull();
    world.server.before = () => void world.host().documents.put([{ ...known, document: { ...known.document, fields: { notes: 'mine' } } }]);
    await pulling;
    quiet();
    expect(await world.cached()).toEqual({ 'SO-1': 'mine', 'SO-2': 'b' });
    await pull.pull();
    expect(await world.cached()).toEqual(world.server.alive());
    expect(beginnings()).not.toContain(null);
  });

  it('reads everything again when the server was set back, and drops what it does not have any more', async () => {
    fill(4);
    const backup = { entries: new Map(world.server.entries), clock: world.server.clock };
    world.server.clock += 60_000;
    world.server.put('SO-9', 'lost');
    world.server.put('SO-1', 'lost');
    const pull = world.engine();
    // Never away for long, so that nothing but the missing change tells.
    for (let count = 0; count < 4; count += 1) {
      await pull.pull();
      world.clock.now += 9 * hours;
    }
    Object.assign(world.server, { entries: new Map(backup.entries), clock: backup.clock + 120_000 });
    world.server.put('SO-5', 'after');
    quiet();
    await pull.pull();
    expect(beginnings()).toContain(null);
    expect(await world.cached()).toEqual(world.server.alive());
    expect(pull.state()).toMatchObject({ status: 'idle', error: null });
  });

  it('compares the count after a long time away, because tombstones are not kept for ever', async () => {
    fill(8);
    const pull = world.engine();
    await pull.pull();
    world.server.remove('SO-1');
    world.server.remove('SO-2');
    world.server.put('SO-8', 'b');
    world.server.forgetTombstones();
    world.clock.now += hours;
    await pull.pull();
    expect(Object.keys(await world.cached())).toHaveLength(8);
    world.clock.now += 13 * hours;
    await pull.pull();
    expect(await world.cached()).toEqual(world.server.alive());
    quiet();
    world.clock.now += 13 * hours;
    await pull.pull();
    expect(beginnings()).not.toContain(null);
  });

  it('begins anew when the server does not know the cursor any more, and gives up on one that never does', async () => {
    fill(9);
    world.server.before = ({ cursor }, at) => { if (cursor !== null && at < 3) throw failure('server.badRequest'); };
    const pull = world.engine();
    await pull.pull();
    expect(await world.cached()).toEqual(world.server.alive());
    const other = await pullWorld();
    for (let index = 0; index < 9; index += 1) other.server.put(`SO-${index}`, 'a');
    other.server.before = ({ cursor }) => { if (cursor !== null) throw failure('server.badRequest'); };
    const never = other.engine();
    await never.pull();
    expect(never.state()).toMatchObject({ status: 'failed', error: { code: 'server.unexpected' } });
    expect(other.server.requests.length).toBeLessThan(20);
    await other.end();
  });

  it('misses no row on a server that pages by counting while rows are deleted', async () => {
    world.server.countsRows = true;
    fill(11);
    let isDone = false;
    world.server.before = ({ cursor }) => {
      if (cursor === null || isDone) return;
      isDone = true;
      world.server.remove('SO-11');
      world.server.remove('SO-10');
    };
    const pull = world.engine();
    await pull.pull();
    await pull.pull();
    expect(await world.cached()).toEqual(world.server.alive());
  });

  it.each([
    ['no JSON', 'gateway says hello', 'server.notJson'],
    ['a refusal in a 200', '{"ok":false,"error":"nope"}', 'server.refused'],
    ['another shape', '{"ok":true,"data":{"a":1}}', 'server.unexpected'],
    ['more rows than a page can have', JSON.stringify({ ok: true, data: Array.from({ length: 10_001 }, () => ({})) }), 'server.unexpected'],
  ])('stores nothing of an answer that is %s', async (_name, text, code) => {
    fill(2);
    world.server.page = () => ({ body: new TextEncoder().encode(text), skip: 0 });
    const pull = world.engine();
    await pull.pull();
    expect(pull.state()).toMatchObject({ error: { code } });
    expect(await world.host().documents.count()).toBe(0);
  });

  it('tells how fast it goes and how long the rest will take', async () => {
    fill(12);
    const pull = world.engine();
    const told: (number | null)[] = [];
    world.server.before = () => { world.clock.now += 1_000; };
    pull.changed.on(({ perSecond, remainingMs }) => { if (remainingMs !== null) told.push(perSecond, remainingMs); });
    await pull.pull();
    expect(told.slice(0, 2)).toEqual([3, 2_000]);
    expect(pull.state()).toMatchObject({ perSecond: null, remainingMs: null });
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { failure } from '../../shared/ipc/errors.ts';
import { pullWorld, type PullWorld } from '../../test/fixtures/pull-world.ts';

const hours = 3_600_000;

/** What can happen to a server, a network and a computer. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), number: fc.nat(14), note: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('putAtOnce' as const), number: fc.nat(14), note: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), number: fc.nat(14) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forgetTombstones' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('backup' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('setBack' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('clock' as const), by: fc.integer({ min: -30 * hours, max: 30 * hours }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pull' as const), during: fc.array(fc.record({ page: fc.nat(4), number: fc.nat(14), isRemoval: fc.boolean() }), { maxLength: 4 }), end: fc.constantFrom('whole', 'fails', 'cancelled', 'killed'), at: fc.nat(4) }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const name = (number: number): string => `SO-${String(number).padStart(3, '0')}`;

async function happen(world: PullWorld, one: Event, memory: { backup: PullWorld['server']['entries'] | null }): Promise<void> {
  const { server, clock } = world;
  switch (one.do) {
    case 'put': return server.put(name(one.number), String(one.note));
    // Two changes in the same millisecond.
    case 'putAtOnce': return server.put(name(one.number), String(one.note), server.clock);
    case 'remove': return server.remove(name(one.number));
    case 'forgetTombstones': return server.forgetTombstones();
    case 'backup': { memory.backup = new Map([...server.entries].map(([key, entry]) => [key, { ...entry }])); return; }
    case 'setBack': {
      // Time goes on after a restore; what happened since the backup has never been.
      if (memory.backup !== null) server.entries = new Map([...memory.backup].map(([key, entry]) => [key, { ...entry }]));
      server.clock += 5_000;
      return;
    }
    case 'clock': { clock.now = Math.max(1, clock.now + one.by); return; }
    case 'crash': return world.crash();
    case 'pull': {
      const pull = world.engine();
      const first = server.requests.length;
      let kill = Promise.resolve();
      server.before = (_request, index) => {
        const page = index - first;
        for (const change of one.during) if (change.page === page) { if (change.isRemoval) server.remove(name(change.number)); else server.put(name(change.number), 'during'); }
        if (page !== one.at) return;
        if (one.end === 'fails') throw failure('network.interrupted');
        if (one.end === 'cancelled') void pull.cancel();
        if (one.end === 'killed') kill = world.crash();
      };
      await pull.pull();
      await kill;
      server.before = () => undefined;
      return;
    }
  }
}

const history = fc.record({ countsRows: fc.boolean(), pageSize: fc.integer({ min: 1, max: 6 }), events: fc.array(event, { maxLength: 30 }) });

it('ends with the cache equal to the server, whatever happened on the way', async () => {
  await fc.assert(fc.asyncProperty(history, async ({ countsRows, pageSize, events }) => {
    const world = await pullWorld();
    try {
      Object.assign(world.server, { countsRows, pageSize });
      const memory = { backup: null };
      for (const one of events) await happen(world, one, memory);
      // Quiet: nothing changes any more, and days pass.
      for (let day = 0; day < 3; day += 1) {
        world.clock.now = Math.max(world.clock.now, 0) + 25 * hours;
        const pull = world.engine();
        await pull.pull();
        expect(pull.state()).toMatchObject({ status: 'idle', error: null });
      }
      expect(await world.cached()).toEqual(world.server.alive());
    } finally {
      await world.end();
    }
  }), { numRuns: Number(process.env['PULL_RUNS'] ?? 60) });
}, 120_000);

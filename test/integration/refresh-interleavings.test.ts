import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld, type World, type WorldOptions } from './refresh-world.ts';

/** All promise reactions that are due have run after it. */
const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** One turn of fate: what happens next (`what`), to whom or which call (`which`). */
type Step = { what: number; which: number };

const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];

function take(world: World, { what, which }: Step, processes: number): void {
  const pending = world.pending();
  const living = world.living();
  switch (what % 16) {
    case 0: case 1: case 2: case 3: case 4: return pick(pending, which)?.finish();
    case 5: return pick(pending.filter(({ kind }) => kind === 'refresh'), which)?.arrive();
    // A lost request, a lost answer, a keychain that fails before or after it has written.
    case 6: case 7: return pick(pending.filter((one) => world.mayFail(one)), which)?.fail(which % 2 === 0);
    case 8: {
      const victim = pick(living, which);
      if (victim !== undefined) world.crash(victim, which % 3 === 0);
      return undefined;
    }
    case 9: for (const action of world.advance([500, 3000, 25_000, 480_000, 1_200_000][which % 5] ?? 0)) action(); return undefined;
    case 10: return world.jump([600_000, -600_000, 3_600_000, -86_400_000][which % 4] ?? 0);
    default: {
      const process = living.length < processes && (living.length === 0 || which % 5 === 0) ? world.start() : pick(living, which);
      if (process !== undefined) void world.ask(process, what % 2 === 0);
      return undefined;
    }
  }
}

/** Lets everything under way come to its end without further trouble. */
async function calm(world: World): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    await settle();
    const next = world.pending()[0];
    if (next === undefined) return;
    next.finish();
  }
}

/** An answer that never comes is no answer. */
const inTime = (asked: Promise<boolean>): Promise<boolean> => Promise.race([asked, settle().then(settle).then(() => false)]);

async function play(steps: readonly Step[], options: WorldOptions, processes: number): Promise<World> {
  const world = createWorld(options);
  for (const step of steps) {
    take(world, step, processes);
    await settle();
    if (world.violations.length > 0) return world;
  }
  await calm(world);
  // Writes that had failed are made up for by timers; locks that were waited for are free.
  for (const ms of [30_000, 30_000, 400_000]) {
    for (const action of world.advance(ms)) action();
    await calm(world);
  }
  const wasRecoverable = world.isRecoverable();
  if (world.living().length === 0) world.start();
  for (const process of world.living()) {
    const asked = world.ask(process, true);
    await calm(world);
    if (!(await inTime(asked)) && wasRecoverable) world.violations.push('not signed in at the end although the server would go on');
  }
  // And after one more restart of everything.
  for (const process of world.living()) world.crash(process, false);
  const isStillThere = world.isRecoverable();
  const asked = world.ask(world.start(), false);
  await calm(world);
  if (!(await inTime(asked)) && isStillThere) world.violations.push('not signed in after a restart although the server would go on');
  return world;
}

const steps = fc.array(fc.record({ what: fc.nat(15), which: fc.nat(29) }), { minLength: 25, maxLength: 100, size: 'max' });
const runs = Number(process.env['REFRESH_RUNS'] ?? 12_000);
const seed = Number(process.env['REFRESH_SEED'] ?? 20_261_122);

async function search(options: WorldOptions, processes: number, numRuns: number): Promise<{ failure: string | null; total: World['facts'] }> {
  const total = { refreshes: 0, kills: 0, lostByTheServer: 0, refusals: 0 };
  const result = await fc.check(fc.asyncProperty(steps, async (list) => {
    const world = await play(list, options, processes);
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += world.facts[key];
    return world.violations.length === 0;
  }), { numRuns, seed });
  if (!result.failed) return { failure: null, total };
  const list = result.counterexample?.[0] ?? [];
  return { failure: `${(await play(list, options, processes)).violations.join('; ')} after ${JSON.stringify(list.map(({ what, which }) => `${what % 16}/${which}`))}`, total };
}

describe(`${runs} random interleavings of callers, crashes, lost answers and clock jumps`, () => {
  it.each([
    ['one process, a strict provider', { grace: 0, readsMayFail: true }, 1],
    ['one process, ten seconds of grace', { grace: 10_000, readsMayFail: true }, 1],
    ['two processes with one store, a strict provider', { grace: 0, readsMayFail: false }, 2],
    ['two processes with one store, ten seconds of grace', { grace: 10_000, readsMayFail: false }, 2],
  ] as const)('%s: no session is lost that the server would go on with', async (_what, options, processes) => {
    const { failure, total } = await search(options, processes, Math.ceil(runs / 4));
    expect(failure).toBeNull();
    // The search went where it hurts: sessions were refreshed, and some were lost beyond help.
    expect(total.refreshes).toBeGreaterThan(runs / 4);
    expect(total.kills).toBeGreaterThan(0);
  });

  it('would notice two processes that do not wait for each other', async () => {
    expect((await search({ grace: 0, readsMayFail: false, withLock: false }, 2, 2000)).failure).toMatch(/was used again although/);
  });
});

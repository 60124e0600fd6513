import { expect, test } from 'vitest';
import { watchThread } from './held-up.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

test('a stretch of work is seen, waiting is not', async () => {
  const waiting = watchThread();
  await sleep(60);
  // The clock of the processor moves in steps of some milliseconds.
  expect(waiting.longest()).toBeLessThan(30);
  const working = watchThread();
  await sleep(5);
  const { user, system } = process.threadCpuUsage();
  while (process.threadCpuUsage().user + process.threadCpuUsage().system - user - system < 80_000);
  await sleep(5);
  expect(working.longest()).toBeGreaterThan(60);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock, type Clock } from '../erp/ports.ts';
import { createFileLock } from './session-lock.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'session-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newFile = (): string => path.join(folder, String(++count), 'lock');
const clock: Clock = { now: systemClock.now, after: (ms, action) => { const timer = setTimeout(action, ms); return () => clearTimeout(timer); } };

it('lets one in at a time, in any order, for as long as they like', async () => {
  const file = newFile();
  let inside = 0;
  let most = 0;
  const visit = async (): Promise<void> => {
    const release = await createFileLock({ file, clock, pollMs: 2, stalePolls: 1e6 }).acquire(20_000);
    expect(release).not.toBeNull();
    most = Math.max(most, ++inside);
    await new Promise((resolve) => { setTimeout(resolve, 3); });
    inside--;
    await release?.();
    await release?.();
  };
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(most).toBe(1);
  expect(readdirSync(path.dirname(file))).toEqual([]);
});

it('gives up after the time that it was given', async () => {
  const lock = createFileLock({ file: newFile(), clock, pollMs: 5 });
  const release = await lock.acquire(0);
  expect(await lock.acquire(30)).toBeNull();
  await release?.();
  expect(await lock.acquire(30)).not.toBeNull();
});

it('takes over at once from a process that has ended, also from one that was killed', async () => {
  const file = newFile();
  const url = new URL('session-lock.ts', import.meta.url).href;
  const code = `import { createFileLock } from ${JSON.stringify(url)};
    await createFileLock({ file: ${JSON.stringify(file)}, clock: { now: Date.now, after: (ms, action) => { setTimeout(action, ms); return () => {}; } } }).acquire(1000);
    console.log('held');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const lock = createFileLock({ file, clock, pollMs: 5 });
  expect(await lock.acquire(50)).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const release = await lock.acquire(1000);
  expect(release).not.toBeNull();
  await release?.();
});

it.each([
  ['of another computer that shows no life', JSON.stringify({ pid: 1, host: 'another', id: 'x', beat: 0 })],
  ['that was half written', '{"pid":'],
  ['of a number that another program has now', JSON.stringify({ pid: process.pid, host: hostname(), id: 'x', beat: 3 })],
])('takes over a lock %s, after having looked often enough', async (_what, content) => {
  const file = newFile();
  const lock = createFileLock({ file, clock, pollMs: 2, stalePolls: 10 });
  await (await lock.acquire(0))?.();
  writeFileSync(file, content);
  expect(await lock.acquire(2)).toBeNull();
  const release = await lock.acquire(5000);
  expect(release).not.toBeNull();
  expect(readFileSync(file, 'utf8')).toContain(`"pid":${process.pid}`);
  await release?.();
});

it('shows life, so that a long hold is no leftover', async () => {
  const file = newFile();
  const timers: (() => void)[] = [];
  const holder = createFileLock({ file, clock: { now: () => 0, after: (_ms, action) => { timers.push(action); return () => undefined; } } });
  const release = await holder.acquire(0);
  const before = readFileSync(file, 'utf8');
  timers.shift()?.();
  await expect.poll(() => readFileSync(file, 'utf8')).not.toBe(before);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ beat: 1 });
  await release?.();
});

it('says when it cannot work at all', async () => {
  const file = newFile();
  writeFileSync(path.dirname(file), 'a file where the folder should be');
  await expect(createFileLock({ file, clock }).acquire(10)).rejects.toThrow();
});

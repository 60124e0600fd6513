import { mkdir, mkdtemp, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layOut } from './electron-tree.ts';
import { executableIn, findElectron, type Candidate, type FoundElectron } from './electron.ts';
import { probeReason } from './probe.ts';
import { Failure } from './say.ts';

const electron = (version: string): FoundElectron => ({ kind: 'electron-45', version, dist: '/d', executable: `/d/${version}`, why: 'it is installed', prepare: () => Promise.resolve({ executable: '/d', args: [] }) });
const has = (name: string, version: string): Candidate => ({ name, obtain: () => Promise.resolve(electron(version)) });
const lacks = (name: string, missing: string): Candidate => ({ name, obtain: () => Promise.resolve({ missing }) });

async function find(candidates: Candidate[], broken: string[] = []): Promise<{ lines: string[]; version: string }> {
  const lines: string[] = [];
  const found = await findElectron({
    candidates, report: (line) => lines.push(line),
    tryOut: ({ version }) => Promise.resolve(broken.includes(version) ? { ok: false, reason: 'it did not come up within 20 s' } : { ok: true, version }),
  });
  return { lines, version: found.version };
}

describe('finding an Electron', () => {
  it('takes the first that works, in one line', async () => {
    expect(await find([has('first', '45.0.0'), has('second', '33.0.0')])).toEqual({ version: '45.0.0', lines: ['Electron 45.0.0: it is installed.'] });
  });

  it('takes the next when the first is not there, and says why', async () => {
    const { version, lines } = await find([lacks('first', 'no download'), has('second', '33.0.0')]);
    expect(version).toBe('33.0.0');
    expect(lines).toEqual(['Electron 33.0.0: it is installed because first: no download.']);
  });

  it('reports one that does not come up and tries the other', async () => {
    const { version, lines } = await find([has('first', '45.0.0'), has('second', '33.0.0')], ['45.0.0']);
    expect(version).toBe('33.0.0');
    expect(lines[0]).toBe('first did not come up: it did not come up within 20 s. Trying the other one.');
  });

  it('ends in one sentence with every reason when none works', async () => {
    const offline: Candidate = { name: 'second', obtain: () => Promise.reject(new Failure('The registry is not reachable.')) };
    await expect(find([has('first', '45.0.0'), offline], ['45.0.0'])).rejects.toMatchObject({ name: 'Failure', message: expect.stringMatching(/first: it did not come up.*second: The registry is not reachable/s) as string });
  });

  it('takes nothing but what was asked for', async () => {
    await expect(findElectron({ explicitPath: '/nonexistent/electron', report: () => undefined })).rejects.toThrow('there is no such file');
  });

  it('does not hide a defect behind a sentence', async () => {
    const defect: Candidate = { name: 'first', obtain: () => Promise.reject(new TypeError('defect')) };
    await expect(find([defect, has('second', '33.0.0')])).rejects.toThrow(TypeError);
  });
});

describe('why a start failed', () => {
  const outcome = { code: 1, signal: null, stderr: '', timedOut: false };
  it.each([
    [{ ...outcome, timedOut: true }, 'it did not come up within 20 s'],
    [{ ...outcome, stderr: 'electron: error while loading shared libraries: libnss3.so: cannot open' }, 'the system library libnss3.so is missing'],
    [{ ...outcome, stderr: 'The SUID sandbox helper binary was found, but is not configured correctly' }, 'sandbox'],
    [{ ...outcome, stderr: 'Missing X server or $DISPLAY' }, 'it found no display'],
    [{ ...outcome, code: null, signal: 'SIGSEGV' }, 'it ended with SIGSEGV'],
    [{ ...outcome, stderr: 'a\nlast words\n' }, 'it ended with code 1 (last words)'],
  ])('%#', (given, expected) => {
    expect(probeReason(given, 20_000)).toContain(expected);
  });
});

it('knows the executable of each platform', () => {
  expect(executableIn('/d', 'linux')).toBe(join('/d', 'electron'));
  expect(executableIn('/d', 'win32')).toBe(join('/d', 'electron.exe'));
  expect(executableIn('/d', 'darwin')).toBe(join('/d', 'Electron.app/Contents/MacOS/Electron'));
});

describe.runIf(process.platform !== 'win32')('laying out a tree', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valeo-tree-'));
    await mkdir(join(folder, 'dist/resources'), { recursive: true });
    await writeFile(join(folder, 'dist/electron'), 'binary', { mode: 0o755 });
    await mkdir(join(folder, 'app'));
  });
  afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

  it('links the files and the app, also when several processes do it at once', async () => {
    const made = await Promise.all(Array.from({ length: 3 }, () => layOut(join(folder, 'dist'), join(folder, 'app'), join(folder, 'trees'))));
    expect(new Set(made).size).toBe(1);
    const executable = made[0] ?? '';
    expect((await stat(executable)).ino).toBe((await stat(join(folder, 'dist/electron'))).ino);
    expect(await readlink(join(executable, '../resources/app'))).toBe(join(folder, 'app'));
  });

  it('gives each app a tree of its own', async () => {
    const one = await layOut(join(folder, 'dist'), join(folder, 'app'), join(folder, 'trees'));
    const other = await layOut(join(folder, 'dist'), folder, join(folder, 'trees'));
    expect(one).not.toBe(other);
  });
});

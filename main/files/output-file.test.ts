import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { fileFailure, OutputFile, writeWholeFile } from './output-file.ts';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-files-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const failureOf = (run: Promise<unknown>): Promise<unknown> => run.then(() => null, (error: unknown) => (error instanceof AppFailure ? error.error : error));

describe('a file that people asked for', () => {
  it('appears under its name only when it is whole, for its owner alone', async () => {
    const file = path.join(folder, 'liste.csv');
    const output = await OutputFile.create(file);
    await output.write(bytes('a;b\n'));
    expect(await readdir(folder)).not.toContain('liste.csv');
    await output.write(bytes('1;2\n'));
    await output.finish();
    expect(await readFile(file, 'utf8')).toBe('a;b\n1;2\n');
    expect(await readdir(folder)).toEqual(['liste.csv']);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('leaves the older file and nothing else when it is given up', async () => {
    const file = path.join(folder, 'liste.csv');
    await writeFile(file, 'old');
    const output = await OutputFile.create(file);
    await output.write(bytes('half'));
    await output.discard();
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['liste.csv']);
  });

  it('says that the disk is full and cleans up', async () => {
    // Every write to this device ends with ENOSPC: a full disk without filling one.
    expect(fileFailure(Object.assign(new Error('x'), { code: 'ENOSPC' }), path.join(folder, 'a.pdf')).error).toMatchObject({ code: 'file.diskFull', params: { file: 'a.pdf', folder } });
    expect(await failureOf(writeFile('/dev/full', 'x').catch((error: unknown) => { throw fileFailure(error, '/dev/full'); }))).toMatchObject({ code: 'file.diskFull' });
  });

  it('says where it could not write', async () => {
    const file = path.join(folder, 'missing', 'a.pdf');
    expect(await failureOf(writeWholeFile(file, bytes('x')))).toMatchObject({ code: 'file.notWritten', params: { file: 'a.pdf', folder: path.join(folder, 'missing'), reason: 'ENOENT' } });
  });

  it('takes a folder of that name for what it is', async () => {
    expect(await failureOf(writeWholeFile(folder, bytes('x')))).toMatchObject({ code: 'file.notWritten' });
    expect(await readdir(path.dirname(folder))).not.toContainEqual(expect.stringContaining(`.${path.basename(folder)}.`));
  });
});

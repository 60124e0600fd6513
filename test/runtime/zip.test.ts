import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeZip } from './zip-fixture.ts';
import { unzip } from './zip.ts';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'valeo-zip-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function archive(bytes: Buffer): Promise<string> {
  const file = join(folder, 'a.zip');
  await writeFile(file, bytes);
  return file;
}
const keep = (name: string): string => name;

describe('unzip', () => {
  it('unpacks what is selected, under the name that is given', async () => {
    const file = await archive(makeZip([
      { name: 'x/', content: Buffer.alloc(0), stored: true },
      { name: 'x/run', content: Buffer.from('#!'), mode: 0o100755 },
      { name: 'x/text', content: Buffer.from('Grüße'.repeat(10_000)) },
      { name: 'x/empty', content: Buffer.alloc(0), stored: true },
      { name: 'x/left-out', content: Buffer.from('no') },
    ]));
    const written = await unzip(file, join(folder, 'to'), (name) => (name.endsWith('left-out') ? undefined : name.replace('x/', '')));
    expect(written).toEqual(['run', 'text', 'empty']);
    expect(await readFile(join(folder, 'to/text'), 'utf8')).toBe('Grüße'.repeat(10_000));
    expect((await stat(join(folder, 'to/run'))).mode & 0o111).not.toBe(0);
    expect((await stat(join(folder, 'to/text'))).mode & 0o111).toBe(0);
    expect((await readdir(join(folder, 'to'))).toSorted()).toEqual(['empty', 'run', 'text']);
  });

  it('refuses to write outside its folder', async () => {
    const file = await archive(makeZip([{ name: '../../evil', content: Buffer.from('x') }]));
    await expect(unzip(file, join(folder, 'to'), keep)).rejects.toThrow('outside the target folder');
  });

  it('notices a changed file', async () => {
    const file = await archive(makeZip([{ name: 'a', content: Buffer.from('abc'), crc: 1 }]));
    await expect(unzip(file, join(folder, 'to'), keep)).rejects.toThrow('a is damaged');
  });

  it('notices an archive that ends too early, or is none', async () => {
    const whole = makeZip([{ name: 'a', content: Buffer.from('abc') }]);
    await expect(unzip(await archive(whole.subarray(0, whole.length - 30)), join(folder, 'to'), keep)).rejects.toThrow('not a zip archive');
    await expect(unzip(await archive(Buffer.from('<html>')), join(folder, 'to'), keep)).rejects.toThrow('not a zip archive');
  });
});

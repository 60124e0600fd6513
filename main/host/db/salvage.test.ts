import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scratchDatabase, testKey, type Scratch } from '../../../test/fixtures/database.ts';
import { connectEncrypted } from './cipher.ts';
import { markDamaged } from './files.ts';
import { putFact } from './repos/facts.ts';
import { openDatabase } from './open.ts';

let scratch: Scratch;
beforeEach(() => { scratch = scratchDatabase(); });
afterEach(() => { scratch.remove(); });

const pageSize = 4096;

/** Fills `facts` over many pages and returns which of them carry the rows. */
function fillFacts(count: number): void {
  const { writer, close } = scratch.open();
  writer.transaction(() => { for (let index = 0; index < count; index++) putFact(writer, `draft.${String(index).padStart(5, '0')}`, 'x'.repeat(300), index); });
  close();
}

function rescuedWith(bytes: Buffer): number[] {
  writeFileSync(scratch.file, bytes);
  markDamaged(scratch.file);
  const { reader, result, close } = scratch.open();
  const found = reader.values<number>('SELECT fetched_at FROM facts ORDER BY 1');
  expect(result.salvage?.recovered).toBe(found.length);
  rmSync(result.salvage?.keptAs ?? '');
  close();
  return found;
}

it('loses only the rows of a damaged page, wherever it lies', () => {
  fillFacts(400);
  const good = readFileSync(scratch.file);
  const pages = good.length / pageSize;
  let wholeRescues = 0;
  for (let page = 2; page < pages; page++) {
    const bad = Buffer.from(good);
    bad[page * pageSize + 100] = (bad[page * pageSize + 100] ?? 0) ^ 4;
    const found = rescuedWith(bad);
    expect(new Set(found).size, 'no row twice').toBe(found.length);
    if (found.length === 400) wholeRescues++;
    // A leaf holds some dozen rows. The inner pages and the schema lead to many rows; there are few of them.
    else if (found.length > 0) expect(found.length, `page ${page}`).toBeGreaterThan(380);
  }
  expect(wholeRescues, 'pages of other tables and indexes cost nothing').toBeGreaterThan(5);
}, 60_000);

it('saves what lies behind several damaged stretches', () => {
  fillFacts(2000);
  const bytes = readFileSync(scratch.file);
  const pages = bytes.length / pageSize;
  for (const share of [0.4, 0.41, 0.6, 0.8]) {
    const at = Math.floor(pages * share) * pageSize + 50;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  const found = rescuedWith(bytes);
  expect(found.length).toBeGreaterThan(1900);
  expect(found.at(-1)).toBe(1999);
});

it('starts again after a rescue that failed', () => {
  fillFacts(10);
  markDamaged(scratch.file);
  expect(() => openDatabase({ path: scratch.file, key: testKey(), steps: ['CREATE TABLE facts (broken'] })).toThrow();
  expect(scratch.open().result.salvage?.recovered).toBe(10);
});

it('finishes a rescue that was killed after the damaged file was moved', () => {
  fillFacts(10);
  markDamaged(scratch.file);
  renameSync(scratch.file, `${scratch.file}.rescue`);
  const { reader, result, close } = scratch.open();
  expect(result).toMatchObject({ created: false, salvage: null });
  expect(reader.value('SELECT count(*) FROM facts')).toBe(10);
  close();
  expect(scratch.open().result.salvage, 'the mark is gone').toBeNull();
});

it('carries the uncommitted log along, where the newest rows may still be', () => {
  const { writer } = scratch.open();
  putFact(writer, 'draft.1', 'in the log only', 1);
  expect(existsSync(`${scratch.file}-wal`)).toBe(true);
  // A crash: the files are copied while the log still holds the row.
  const crashed = scratchDatabase();
  for (const suffix of ['', '-wal', '.keycheck']) writeFileSync(crashed.file + suffix, readFileSync(scratch.file + suffix));
  markDamaged(crashed.file);
  const rescued = crashed.open();
  expect(rescued.reader.value('SELECT count(*) FROM facts')).toBe(1);
  const kept = connectEncrypted(rescued.result.salvage?.keptAs ?? '', testKey());
  expect(kept.value('SELECT count(*) FROM facts')).toBe(1);
  kept.close();
  crashed.remove();
});

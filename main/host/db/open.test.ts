import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, testKey, type Scratch } from '../../../test/fixtures/database.ts';
import { sampleRecords } from '../../../test/fixtures/documents.ts';
import { toAppError } from '../errors.ts';
import { keyCheckPath } from './key-check.ts';
import { migrations } from './migrations/index.ts';
import { countDocuments } from './repos/documents-read.ts';
import { putDocument } from './repos/documents-write.ts';
import { getFact, putFact } from './repos/facts.ts';
import { getTrail, putTrail } from './repos/trails.ts';
import { connectEncrypted } from './cipher.ts';
import { markDamaged } from './files.ts';

let scratch: Scratch;
beforeEach(() => { scratch = scratchDatabase(); });
afterEach(() => { scratch.remove(); });

const errorOf = (work: () => unknown): { code: string; params: Record<string, string> } => {
  try {
    work();
  } catch (error) {
    return toAppError(error);
  }
  throw new Error('expected a failure');
};

const fill = (count: number): void => {
  const database = scratch.open();
  database.writer.transaction(() => { for (const record of sampleRecords(count)) putDocument(database.writer, record); });
  putFact(database.writer, 'account.last', { name: 'sales' }, 1);
  putFact(database.writer, 'pull.sales_order', { finishedAt: 5 }, 1);
  putTrail(database.writer, { type: 'sales_order', number: 'SO-1' }, [], 3);
  database.close();
};

describe('openDatabase', () => {
  it('creates an encrypted file and says so', () => {
    const database = scratch.open();
    expect(database.result).toEqual({ created: true, migratedFrom: null, salvage: null });
    expect(database.writer.value('PRAGMA cipher')).toBe('aegis');
    expect(database.reader.value('PRAGMA cipher')).toBe('aegis');
    expect(database.writer.value('PRAGMA journal_mode')).toBe('wal');
    expect(database.writer.value('PRAGMA synchronous')).toBe(2);
    expect(database.writer.value('PRAGMA temp_store')).toBe(2);
    database.close();
    expect(readFileSync(scratch.file).subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
    expect(scratch.open().result.created).toBe(false);
  });

  it('leaves nothing readable in any file, open or closed', () => {
    fill(300);
    const database = scratch.open();
    putFact(database.writer, 'canary', 'canary-in-the-log', 1);
    for (const state of ['open', 'closed']) {
      for (const name of readdirSync(scratch.folder)) {
        const bytes = readFileSync(`${scratch.folder}/${name}`);
        for (const canary of ['Winterweizen', 'Raiffeisen', 'canary', 'CREATE TABLE', 'documents']) expect(bytes.includes(canary), `${canary} in ${name}, ${state}`).toBe(false);
      }
      if (state === 'open') database.close();
    }
  });

  it('wipes the key it was given', () => {
    const key = testKey();
    scratch.open({ key });
    expect(key.every((byte) => byte === 0)).toBe(true);
    const wrong = testKey(8);
    errorOf(() => scratch.open({ key: wrong }));
    expect(wrong.every((byte) => byte === 0), 'also when opening fails').toBe(true);
  });

  it('refuses a write through the reader', () => {
    const { reader } = scratch.open();
    expect(() => reader.value(`INSERT INTO facts VALUES ('a', '1', 1) RETURNING name`)).toThrow(/readonly/);
  });

  it('tells a wrong key from damage and touches nothing', () => {
    fill(20);
    const before = readFileSync(scratch.file);
    expect(errorOf(() => scratch.open({ key: testKey(8) }))).toMatchObject({ code: 'database.locked', params: { cause: 'key' } });
    expect(readFileSync(scratch.file).equals(before)).toBe(true);
    expect(countDocuments(scratch.open().reader)).toBe(20);
  });

  it('takes a wrong key for a wrong key also when the key check is lost or damaged', () => {
    fill(20);
    const check = readFileSync(keyCheckPath(scratch.file));
    check[20] = (check[20] ?? 0) ^ 1;
    for (const spoil of [() => { writeFileSync(keyCheckPath(scratch.file), check); }, () => { rmSync(keyCheckPath(scratch.file)); }]) {
      spoil();
      const before = readFileSync(scratch.file);
      expect(errorOf(() => scratch.open({ key: testKey(8) }))).toMatchObject({ code: 'database.locked', params: { cause: 'key' } });
      expect(readFileSync(scratch.file).equals(before)).toBe(true);
    }
    scratch.open().close();
    expect(existsSync(keyCheckPath(scratch.file))).toBe(true);
  });

  it('refuses a second opener at once', () => {
    const first = scratch.open();
    expect(errorOf(() => scratch.open())).toMatchObject({ code: 'database.locked', params: { cause: 'inUse' } });
    first.close();
    expect(scratch.open().result.created).toBe(false);
  });

  it('refuses a file of a later version and changes nothing', () => {
    fill(5);
    const raw = connectEncrypted(scratch.file, testKey());
    raw.script('PRAGMA user_version = 99');
    raw.close();
    const before = readFileSync(scratch.file);
    expect(errorOf(() => scratch.open())).toMatchObject({ code: 'database.newer', params: { version: '99', known: String(migrations.length) } });
    expect(readFileSync(scratch.file).equals(before)).toBe(true);
  });
});

describe('damage', () => {
  it('notices every flipped bit or is not hurt by it', () => {
    fill(60);
    const good = readFileSync(scratch.file);
    const outcomes = { noticed: 0, harmless: 0 };
    for (let round = 0; round < 150; round++) {
      const bad = Buffer.from(good);
      const at = randomInt(bad.length);
      bad[at] = (bad[at] ?? 0) ^ (1 << randomInt(8));
      const copy = `${scratch.folder}/flip.db`;
      writeFileSync(copy, bad);
      const raw = connectEncrypted(copy, testKey());
      try {
        const rows = raw.all('SELECT d.*, b.body FROM documents d JOIN document_bodies b ON b.id = d.id');
        const check = raw.value<string>('PRAGMA integrity_check');
        expect(rows, `flip at ${at}`).toHaveLength(60);
        if (check === 'ok') outcomes.harmless++;
        else outcomes.noticed++;
      } catch (error) {
        if (error instanceof Error && error.name === 'AssertionError') throw error;
        expect(toAppError(error).code, `flip at ${at}`).toBe('database.damaged');
        outcomes.noticed++;
      } finally {
        raw.close();
      }
    }
    // Free pages may be hit without harm; everything else must be noticed.
    expect(outcomes.noticed).toBeGreaterThan(100);
  });

  it('keeps a file with a damaged first page aside and starts fresh', () => {
    fill(20);
    const bytes = readFileSync(scratch.file);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(scratch.file, bytes);
    const database = scratch.open({ now: () => new Date('2026-11-22T10:42:00Z') });
    expect(database.result).toEqual({ created: true, migratedFrom: null, salvage: { keptAs: `${scratch.file}.damaged-20261122T104200Z`, recovered: 0 } });
    expect(readFileSync(`${scratch.file}.damaged-20261122T104200Z`).equals(bytes)).toBe(true);
    expect(countDocuments(database.reader)).toBe(0);
  });

  it('saves what is precious from a file that is damaged deep inside', () => {
    fill(20);
    markDamaged(scratch.file);
    const { reader, result } = scratch.open();
    expect(result.salvage?.recovered).toBe(2);
    expect(getFact(reader, 'account.last')?.value).toEqual({ name: 'sales' });
    expect(getTrail(reader, { type: 'sales_order', number: 'SO-1' })?.fetchedAt).toBe(3);
    expect(getFact(reader, 'pull.sales_order'), 'a cursor without its documents would hide the gap').toBeNull();
    expect(existsSync(`${scratch.file}.damaged`)).toBe(false);
  });

  it('takes an unencrypted database for damage and never writes into it', () => {
    fill(1);
    const plain = Buffer.concat([Buffer.from('SQLite format 3\0', 'latin1'), Buffer.alloc(8176)]);
    writeFileSync(scratch.file, plain);
    const { salvage } = scratch.open().result;
    expect(salvage).not.toBeNull();
    expect(readFileSync(salvage?.keptAs ?? '').equals(plain)).toBe(true);
  });

  it('keeps both when damage strikes twice in a second', () => {
    const kept = [1, 2].map(() => {
      scratch.open().close();
      markDamaged(scratch.file);
      const database = scratch.open({ now: () => new Date(0) });
      database.close();
      return database.result.salvage?.keptAs;
    });
    expect(new Set(kept).size).toBe(2);
    expect(kept.every((path) => existsSync(path ?? ''))).toBe(true);
  });
});

describe('a full disk', () => {
  it('is told as such and loses nothing', () => {
    const { writer, reader } = scratch.open();
    writer.transaction(() => { for (const record of sampleRecords(10)) putDocument(writer, record); });
    writer.value(`PRAGMA max_page_count = ${(writer.value<number>('PRAGMA page_count') ?? 0) + 2}`);
    expect(errorOf(() => writer.transaction(() => { for (const record of sampleRecords(500, 2, 10)) putDocument(writer, record); })).code).toBe('database.diskFull');
    expect(countDocuments(reader)).toBe(10);
    writer.value('PRAGMA max_page_count = 1073741823');
    writer.transaction(() => { for (const record of sampleRecords(500, 2, 10)) putDocument(writer, record); });
    expect(countDocuments(reader)).toBe(510);
  });
});

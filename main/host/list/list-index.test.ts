import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { randomFrom, sampleRecords } from '../../../test/fixtures/documents.ts';
import { documentTypes } from '../../../shared/domain/document-types.ts';
import { sortColumns, type ListQuery } from '../../../shared/domain/document-list.ts';
import type { DocumentRecord } from '../../../shared/domain/document.ts';
import { workflowStates } from '../../../shared/domain/workflow.ts';
import type { OpenDatabase } from '../db/open.ts';
import { putDocument, removeDocuments, setWorkflow, type RowChange } from '../db/repos/documents-write.ts';
import { pageBySql } from '../db/repos/list-sql.ts';
import { ListIndex } from './list-index.ts';

let scratch: Scratch;
let database: OpenDatabase;
beforeEach(() => {
  scratch = scratchDatabase();
  database = scratch.open();
});
afterEach(() => { scratch.remove(); });

/** Small enough that a few thousand rows exercise what is meant for a million. */
const limits = { manyRows: 1000, commonRows: 100, keptStarts: 60, worthCorrecting: 300 };

const put = (records: Iterable<DocumentRecord>): RowChange[] => database.writer.transaction(
  () => [...records].map((record) => putDocument(database.writer, record)).filter((change) => change !== null),
);

const newIndex = (): ListIndex => new ListIndex(database.reader, (error) => { throw error; }, { limits });

const texts = ['m', 'mü', 'mueller', 'weiz', 'winterweizen hof', '2025', '0000', '123', 'SO-2024', 'lieferung tor 7', 'ß', 'zzz', '---', 'kalkammonsalpeter', 'k1'];

function randomQuery(random: (below: number) => number): ListQuery {
  const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
  const some = <T>(values: readonly T[]): T[] => values.filter(() => random(3) === 0);
  const often = random(3);
  const use = (): boolean => random(4) < often;
  return {
    ...(use() && { types: some(documentTypes) }), ...(use() && { statuses: some(['ENTWURF', 'VERSENDET', 'offen', 'UNKNOWN', 'ANGENOMMEN']) }),
    ...(use() && { workflow: some(workflowStates) }), ...(use() && { dateFrom: `202${4 + random(3)}-03-01` }), ...(use() && { dateTo: '2026-06-30' }),
    ...(random(8) === 0 && { partnerId: `K${10_000 + random(300)}` }), ...(use() && { text: pick(texts) }),
    sort: { by: pick(sortColumns), direction: pick(['asc', 'desc']) }, offset: pick([0, 0, 7, 500, 1999, 100_000]), limit: pick([1, 50, 500]),
  };
}

function expectSameAsSql(index: ListIndex, random: (below: number) => number, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    const query = randomQuery(random);
    expect(index.page(query), JSON.stringify(query)).toEqual(pageBySql(database.reader, query));
  }
}

describe('ListIndex', () => {
  it('answers every query as SQL does, through all kinds of changes', async () => {
    const random = randomFrom(42);
    put(sampleRecords(6000, 1));
    const index = newIndex();
    await index.idle();
    expectSameAsSql(index, random, 150);
    for (let round = 0; round < 25; round++) {
      const kind = random(5);
      if (kind === 0) index.apply(put(sampleRecords(1 + random(5), 100 + round, 100_000 + round * 10)), []);
      // The same numbers from another seed: changed contents of known documents.
      if (kind === 1) index.apply(put(sampleRecords(1 + random(250), 200 + round)), []);
      if (kind === 2) index.apply(put(sampleRecords(400, 300 + round, 50_000 + round * 400)), []);
      const keys = database.reader.all<{ number: string; type: number }>('SELECT number, type FROM documents LIMIT ? OFFSET ?', 1 + random(40), random(3000));
      const named = keys.map(({ number, type }) => ({ number, type: documentTypes[type - 1] as (typeof documentTypes)[number] }));
      if (kind === 3) index.apply([], database.writer.transaction(() => removeDocuments(database.writer, named)));
      if (kind === 4 && named[0] !== undefined) {
        const key = named[0];
        index.apply(database.writer.transaction(() => setWorkflow(database.writer, key, { state: 'posted', version: '9', submittedBy: 'x', submittedAt: 1 })), []);
      }
      expectSameAsSql(index, random, 12);
      if (round % 5 === 0) await index.idle();
    }
    await index.idle();
    expectSameAsSql(index, random, 60);
  }, 60_000);

  it('takes in what is written while it loads', async () => {
    const random = randomFrom(7);
    put(sampleRecords(30_000, 1));
    const index = newIndex();
    let isIdle = false;
    const idle = index.idle().then(() => { isIdle = true; });
    for (let round = 0; !isIdle; round++) {
      index.apply(put(sampleRecords(3, 500 + round, random(2) === 0 ? 40_000 + round * 3 : random(30_000))), []);
      const gone = database.reader.one<{ number: string; type: number }>('SELECT number, type FROM documents WHERE id > ? LIMIT 1', random(30_000));
      if (gone !== undefined) {
        index.apply([], database.writer.transaction(() => removeDocuments(database.writer, [{ number: gone.number, type: documentTypes[gone.type - 1] as never }])));
      }
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    await idle;
    expectSameAsSql(index, random, 80);
  }, 60_000);

  it('is empty after clear and fills again', async () => {
    const random = randomFrom(3);
    const index = newIndex();
    index.apply(put(sampleRecords(1500, 1)), []);
    await index.idle();
    index.clear();
    expect(index.page({ sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 10 })).toEqual({ ids: [], total: 0 });
    for (const table of ['document_bodies', 'documents']) database.writer.run(`DELETE FROM ${table}`);
    database.writer.run(`INSERT INTO document_words (document_words) VALUES ('delete-all')`);
    index.apply(put(sampleRecords(300, 2)), []);
    expectSameAsSql(index, random, 60);
  });

  it('tells when the file cannot be read', async () => {
    put(sampleRecords(5000, 1));
    const errors: unknown[] = [];
    const fail = (): never => { throw new Error('page'); };
    const { reader } = database;
    const readerWith = (broken: Partial<typeof reader>): typeof reader => ({
      one: (sql, ...values) => reader.one(sql, ...values), all: (sql, ...values) => reader.all(sql, ...values), rows: (sql, ...values) => reader.rows(sql, ...values),
      value: (sql, ...values) => reader.value(sql, ...values), values: (sql, ...values) => reader.values(sql, ...values), ...broken,
    });
    const noFirstPage = readerWith({ values: fail });
    expect(() => new ListIndex(noFirstPage, (error) => errors.push(error), { limits })).toThrow('page');
    const noRows = readerWith({ rows: fail });
    await new ListIndex(noRows, (error) => errors.push(error), { limits }).idle();
    expect(errors).toEqual([new Error('page')]);
  });
});

import Database from 'better-sqlite3';
import path from 'node:path';
import { configure, connectEncrypted } from '../../main/host/db/cipher.ts';
import { Connection } from '../../main/host/db/connection.ts';
import { migrate } from '../../main/host/db/migrations/index.ts';
import { getDocument, findByNumber, pendingCount } from '../../main/host/db/repos/documents-read.ts';
import { putDocument } from '../../main/host/db/repos/documents-write.ts';
import { getFact, putFact } from '../../main/host/db/repos/facts.ts';
import { pageBySql } from '../../main/host/db/repos/list-sql.ts';
import { getTrail, putTrail } from '../../main/host/db/repos/trails.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import { scratchDatabase, testKey } from '../fixtures/database.ts';
import { randomFrom, sampleRecords } from '../fixtures/documents.ts';
import { median, timed, type Report } from './report.ts';

type Pair = { writer: Connection; reader: Connection };

const rounds = 60;

/**
 * The encrypted cache against the same code on plain SQLite: the app's own mix of reads and writes, both databases in
 * turns within each round, so that whatever else the machine does hits both.
 */
export async function run(report: Report): Promise<void> {
  const scratch = scratchDatabase();
  const open = (connect: () => Connection): Pair => {
    const [writer, reader] = [connect(), connect()];
    configure(writer, 'writer');
    migrate(writer);
    configure(reader, 'reader');
    return { writer, reader };
  };
  const encrypted = open(() => connectEncrypted(path.join(scratch.folder, 'encrypted.db'), testKey()));
  const plain = open(() => new Connection(new Database(path.join(scratch.folder, 'plain.db'))));
  const count = Math.max(2000, Math.round(100_000 * report.scale));
  report.note(`filling two databases with ${count} documents`);
  for (const { writer } of [encrypted, plain]) {
    let batch: DocumentRecord[] = [];
    const flush = (): void => { writer.transaction(() => { for (const record of batch) putDocument(writer, record); }); batch = []; };
    for (const record of sampleRecords(count)) {
      batch.push(record);
      if (batch.length === 1000) flush();
    }
    flush();
  }
  const known = [...sampleRecords(count)].map(({ document }) => ({ type: document.type, number: document.number }));
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes, because the second one finds a warmer processor.
    const order = round % 2 === 0 ? [encrypted, plain] : [plain, encrypted];
    const times = new Map<Pair, number>();
    for (const pair of order) times.set(pair, await timed(() => { mix(pair, known, round, count); }));
    if (round >= rounds / 6) ratios.push((times.get(encrypted) ?? 0) / (times.get(plain) ?? 1));
  }
  report.add({ name: 'encrypted cache against plain SQLite, query mix', value: median(ratios), unit: 'ratio', limit: 1.15 });
  for (const { writer, reader } of [encrypted, plain]) {
    reader.close();
    writer.close();
  }
  scratch.remove();
}

/** A minute of work, condensed: open documents and trails, look at lists, search, and store what a delta pull brings. */
function mix({ writer, reader }: Pair, known: readonly { type: DocumentRecord['document']['type']; number: string }[], round: number, count: number): void {
  const random = randomFrom(round);
  const some = () => known[random(known.length)] ?? { type: 'sales_order' as const, number: '' };
  for (let open = 0; open < 60; open++) {
    const key = some();
    getDocument(reader, key);
    getTrail(reader, key);
    findByNumber(reader, null, key.number);
  }
  const list = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 100 } as const;
  for (let look = 0; look < 6; look++) {
    const page = reader.values<number>('SELECT id FROM documents ORDER BY changed_at DESC, id DESC LIMIT 100 OFFSET ?', random(1000));
    for (const id of page) reader.one('SELECT * FROM documents WHERE id = ?', id);
    pageBySql(reader, { ...list, text: `müller ${random(100)}` });
    pageBySql(reader, { ...list, partnerId: `K${10_000 + random(2000)}` });
    pendingCount(reader);
    getFact(reader, 'spec');
  }
  writer.transaction(() => {
    for (const record of sampleRecords(40, 1000 + round, random(count - 40))) putDocument(writer, record);
    putFact(writer, 'spec', { round }, round);
    putTrail(writer, some(), [], round);
  });
}

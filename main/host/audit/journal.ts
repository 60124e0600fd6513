import { hash } from 'node:crypto';
import type { JournalEntry, JournalRecord } from '../../../shared/domain/audit.ts';
import type { Reader, Writer } from '../db/connection.ts';

type Row = { seq: number; entry: string; hash: Uint8Array };

const genesis = '0'.repeat(64);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** SHA-256 over the hash before, a line feed and the entry. */
const chained = (before: string, entry: string): Buffer => hash('sha256', `${before}\n${entry}`, 'buffer');

const canonical = (seq: number, { at, actor, action, resource, outcome, correlationId, detail }: JournalRecord): string =>
  JSON.stringify([seq, at, actor, action, resource, outcome, correlationId, detail]);

function entryOf({ entry, hash: digest }: Row): JournalEntry {
  const [seq, at, actor, action, resource, outcome, correlationId, detail] = JSON.parse(entry) as [number, number, string, string, string, JournalEntry['outcome'], string | null, string | null];
  return { seq, at, actor, action, resource, outcome, correlationId, detail, hash: hex(digest) };
}

/** Appends what this client did. Each entry is chained to the one before, so that none can vanish unnoticed. */
export function addToJournal(writer: Writer, records: readonly JournalRecord[]): void {
  writer.transaction(() => {
    const last = writer.one<Row>('SELECT * FROM audit_journal ORDER BY seq DESC LIMIT 1');
    let seq = last?.seq ?? 0;
    let before = last === undefined ? genesis : hex(last.hash);
    for (const record of records) {
      seq += 1;
      const entry = canonical(seq, record);
      const digest = chained(before, entry);
      writer.run('INSERT INTO audit_journal (seq, entry, hash) VALUES (?, ?, ?)', seq, entry, digest);
      before = hex(digest);
    }
  });
}

export type ChainedEntry = JournalEntry & { /** Follows the one before it, by number and by hash. */ fits: boolean };

/** The entries behind a number, oldest first, each held against the hash of the one before. @param before hash of the last known entry, hex */
export function readJournal(reader: Reader, after: number, before: string = genesis): ChainedEntry[] {
  let [expected, hashBefore] = [after + 1, before];
  return reader.all<Row>('SELECT * FROM audit_journal WHERE seq > ? ORDER BY seq', after).map((row) => {
    const fits = row.seq === expected && chained(hashBefore, row.entry).equals(row.hash);
    [expected, hashBefore] = [row.seq + 1, hex(row.hash)];
    return { ...entryOf(row), fits };
  });
}

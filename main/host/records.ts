import { z } from 'zod';
import type { Reader, Writer } from './db/connection.ts';
import { parseJson } from './db/repos/document-rows.ts';

const kind = z.string().min(1).max(80);
const id = z.string().min(1).max(300);
/** Characters of one record; an incident with its whole time line has some ten thousand. */
const largestBody = 4_000_000;

/** A record as it is stored: its body is checked by whoever knows its kind. */
export type StoredRecord = { id: string; body: unknown; /** Epoch milliseconds. */ changedAt: number };

/** What the host is asked about records. */
export const recordRequests = {
  /** Newest change first. */
  'records.list': z.object({ kind, limit: z.number().int().min(1).max(100_000), since: z.number().optional() }),
  'records.get': z.object({ kind, id }),
  /** All or nothing. */
  'records.put': z.object({ records: z.array(z.object({ kind, id, body: z.unknown(), changedAt: z.number() })).min(1).max(10_000) }),
  'records.remove': z.object({ kind, ids: z.array(id).min(1).max(10_000) }),
} as const;

export type RecordAnswers = {
  'records.list': StoredRecord[];
  'records.get': StoredRecord | null;
  'records.put': null;
  'records.remove': null;
};

export const recordWrites = ['records.put', 'records.remove'] as const;

type Row = { id: string; body: string; changed_at: number };
type Handlers = { [M in keyof RecordAnswers]: (params: z.output<(typeof recordRequests)[M]>) => RecordAnswers[M] };

const fromRow = (row: Row): StoredRecord => ({ id: row.id, body: parseJson(row.body), changedAt: row.changed_at });

/** @param write runs one transaction whose result is on disk soon after, as for drafts. */
export const recordHandlers = (reader: () => Reader, write: <T>(work: (writer: Writer) => T) => T): Handlers => ({
  'records.list': (query) => reader().all<Row>('SELECT id, body, changed_at FROM records WHERE kind = ? AND changed_at >= ? ORDER BY changed_at DESC, seq DESC LIMIT ?', query.kind, query.since ?? 0, query.limit).map(fromRow),
  'records.get': (one) => {
    const row = reader().one<Row>('SELECT id, body, changed_at FROM records WHERE kind = ? AND id = ?', one.kind, one.id);
    return row === undefined ? null : fromRow(row);
  },
  'records.put': ({ records }) => write((writer) => {
    for (const record of records) {
      const body = JSON.stringify(record.body ?? null);
      if (body.length > largestBody) throw new RangeError(`a record of kind ${record.kind} has ${body.length} characters`);
      writer.run(
        'INSERT INTO records (kind, id, body, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at',
        record.kind, record.id, body, Math.round(record.changedAt),
      );
    }
    return null;
  }),
  'records.remove': ({ kind: of, ids }) => write((writer) => {
    for (const each of ids) writer.run('DELETE FROM records WHERE kind = ? AND id = ?', of, each);
    return null;
  }),
});

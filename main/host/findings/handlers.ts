import type { z } from 'zod';
import type { Reader, Writer } from '../db/connection.ts';
import { inSlices } from '../slices.ts';
import { acceptFindings, expireAcceptances, unacceptFindings } from './decisions.ts';
import { findingIds, getFinding, listFindings, listImports, summarize } from './list.ts';
import type { FindingsAnswers, findingsRequests } from './protocol.ts';
import type { Reports } from './reports.ts';
import type { Parts } from '../pull/pull-store.ts';
import { rememberRefusal, Taker, type Steps } from './take.ts';

type Method = keyof FindingsAnswers;
type Handlers = { [M in Method]: (params: z.output<(typeof findingsRequests)[M]>) => FindingsAnswers[M] | Promise<FindingsAnswers[M]> };

export type FindingsPorts = {
  reports: Reports;
  reader: () => Reader;
  writer: () => Writer;
  /** One transaction whose result is on disk soon after, as for drafts. */
  write: <T>(work: (writer: Writer) => T) => T;
  /** A transaction in parts; others are served in between. */
  batch: () => Parts;
};

/** Findings are no documents: their list has no index that would follow. */
const stepsOf = ({ mayBegin, run }: Parts): Steps => ({ mayBegin, run: (work, last) => run((writer) => { work(writer); return { changes: [], removed: [] }; }, last) });

/** What fails between two parts leaves the transaction open, and with it everybody else waiting. */
function undo(parts: Steps, error: unknown): void {
  try {
    parts.run(() => { throw error; }, true);
  } catch {
    // Rolled back by this very error, or before it.
  }
}

/** The findings part of what the host does, one function per request. */
export const findingsHandlers = ({ reports, reader, writer, write, batch }: FindingsPorts): Handlers => ({
  'findings.begin': ({ id, size }) => { reports.begin(id, size); return null; },
  'findings.part': ({ id, bytes }) => ({ refused: reports.part(id, bytes) }),
  'findings.read': ({ id }) => reports.read(id),
  'findings.apply': async (take) => {
    const { result, progress } = reports.result(take.id);
    try {
      if (!result.ok) return write((each) => rememberRefusal(each, take, { format: result.format, refused: result.reason, rows: result.rows, unusable: result.unusableCount, faults: result.unusable }));
      const parts = stepsOf(batch());
      return await inSlices(function* () {
        while (!parts.mayBegin()) yield;
        try {
          return yield* new Taker(writer(), take).work(parts, result.reading, progress);
        } catch (error) {
          undo(parts, error);
          throw error;
        }
      }());
    } finally {
      reports.drop(take.id);
    }
  },
  'findings.progress': ({ id }) => reports.progress(id),
  'findings.drop': ({ id }) => { reports.drop(id); return null; },
  'findings.list': ({ now, ...query }) => listFindings(reader(), query, now),
  'findings.ids': ({ filter, now, limit }) => findingIds(reader(), filter, now, limit),
  'findings.get': ({ id }) => getFinding(reader(), id),
  'findings.summary': ({ now }) => summarize(reader(), now),
  'findings.imports': ({ limit }) => listImports(reader(), limit),
  'findings.accept': ({ ids, ...acceptance }) => write((each) => acceptFindings(each, ids, acceptance)),
  'findings.unaccept': ({ ids, ...mark }) => write((each) => unacceptFindings(each, ids, mark)),
  'findings.expire': ({ now }) => write((each) => expireAcceptances(each, now)),
});

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Job } from '../../../../shared/domain/job.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { reportPart } from '../../../../shared/ipc/calls/security/findings.ts';
import type { ImportRecord } from '../../../../shared/security/findings/finding.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useJob } from '../../paper/useJob.ts';

/** Reports that are imported at once. */
export const mostFiles = 8;

export type Importing = {
  /** Share of the bytes that have been sent; null when none are on their way. */
  sent: number | null;
  job: Job | null;
  error: AppError | null;
  /** What the last import did, one record a file. */
  records: readonly ImportRecord[];
  start: (files: readonly File[], target: string) => void;
  fetch: () => void;
  cancel: () => void;
  dismiss: () => void;
};

async function send(file: File, isStopped: () => boolean, onSent: (bytes: number) => void): Promise<string> {
  const { id } = await call('findings.begin', { size: file.size });
  for (let from = 0; from < file.size; from += reportPart) {
    if (isStopped()) {
      await call('findings.discard', { id });
      return id;
    }
    const bytes = new Uint8Array(await file.slice(from, from + reportPart).arrayBuffer());
    // What is refused already needs no more bytes; the import says why.
    if ((await call('findings.part', { id, bytes })).refused !== null) break;
    onSent(bytes.length);
  }
  return id;
}

/** Sends files to the data host in parts, imports them as one job, and reads what that did. */
export function useImport(): Importing {
  const [sent, setSent] = useState<number | null>(null);
  const [started, setStarted] = useState<Job | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [records, setRecords] = useState<readonly ImportRecord[]>([]);
  const stopped = useRef(false);
  const count = useRef(0);
  const job = useJob(started);

  const run = useCallback(async (files: readonly File[], target: string): Promise<void> => {
    [stopped.current, count.current] = [false, files.length];
    setError(null);
    setRecords([]);
    setStarted(null);
    setSent(0);
    const total = Math.max(1, files.reduce((sum, { size }) => sum + size, 0));
    let bytes = 0;
    try {
      const reports = [];
      for (const file of files) reports.push({ id: await send(file, () => stopped.current, (more) => { bytes += more; setSent(bytes / total); }), file: file.name.slice(0, 255) });
      if (stopped.current) for (const { id } of reports) await call('findings.discard', { id });
      else setStarted(await call('findings.import', { reports, target }));
    } catch (thrown) {
      setError(errorOf(thrown));
    } finally {
      setSent(null);
    }
  }, []);

  const status = job?.status;
  useEffect(() => {
    if (status === 'done') call('findings.imports', { limit: Math.max(1, count.current) }).then((all) => setRecords(all.toReversed()), (thrown: unknown) => setError(errorOf(thrown)));
  }, [status]);

  return {
    sent, job, error: error ?? (job?.status === 'failed' ? job.error : null), records,
    start: (files, target) => void run(files.slice(0, mostFiles), target),
    fetch: () => {
      [stopped.current, count.current] = [false, 1];
      setError(null);
      setRecords([]);
      setStarted(null);
      call('findings.fetch').then(setStarted, (thrown: unknown) => setError(errorOf(thrown)));
    },
    cancel: () => {
      stopped.current = true;
      if (job?.status === 'running') void call('jobs.cancel', { id: job.id });
    },
    dismiss: () => { setRecords([]); setError(null); setStarted(null); },
  };
}

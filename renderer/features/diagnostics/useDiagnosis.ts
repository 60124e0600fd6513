import { useCallback, useEffect } from 'react';
import type { DiagnosticReport } from '../../../shared/domain/diagnostics.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { setAnswer } from '../../bridge/answers.ts';
import { useEvent } from '../../bridge/events.ts';
import { useAction, useCall } from '../../bridge/queries.ts';

/** The diagnosis as it goes on. It runs by itself when the screen opens. */
export function useDiagnosis(): { report: DiagnosticReport | undefined; isRunning: boolean; error: AppError | null; run: () => void; cancel: () => void } {
  // Main tells every step; asking again would bring nothing newer.
  const { data: report, error } = useCall('diagnostics.report', undefined, { staleTime: Infinity });
  const start = useAction('diagnostics.run');
  const stop = useAction('diagnostics.cancel');
  useEvent('diagnostics.changed', (next) => setAnswer('diagnostics.report', undefined, next));
  const { run: begin } = start;
  const { run: end } = stop;
  const run = useCallback(() => void begin(), [begin]);
  const cancel = useCallback(() => void end(), [end]);
  useEffect(run, [run]);
  const isRunning = start.isPending || (report !== undefined && report.startedAt !== null && report.endedAt === null);
  return { report, isRunning, error: error ?? start.error, run, cancel };
}

import { fileURLToPath } from 'node:url';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Reading, Refusal } from '../../../shared/security/findings/report.ts';
import { runWorker, workerFile, type WorkerLimits } from '../worker.ts';
import type { RowsPart } from './index.ts';
import type { ReadResult } from './parse/read-report.ts';
import { Prescan, reportLimits } from './prescan.ts';
import type { ReadAnswer } from './protocol.ts';
import type { Progress } from './take.ts';

const usual: WorkerLimits = { timeMs: 30_000, memoryMb: 1536 };
/** Reports that wait at once; whoever wants more drops one first. */
const mostWaiting = 8;

type Report = { isRead: boolean; bytes: Uint8Array<ArrayBuffer>; filled: number; scan: Prescan; result: ReadResult | null; stop: AbortController; progress: Progress };

const refusedResult = (reason: Refusal): ReadResult => ({ ok: false, reason, format: null, unusable: [], unusableCount: 0, rows: 0 });
const rowsIn = (reading: Reading): number => reading.scans.reduce((sum, { rows }) => sum + rows.length, 0);

/** Reports on their way: arriving in parts and looked at as they come, then read in a worker, then waiting to be taken. */
export class Reports {
  readonly #reports = new Map<string, Report>();
  readonly #limits: WorkerLimits;
  readonly #worker: string;

  constructor(limits: WorkerLimits = usual, worker: string = workerFile(fileURLToPath(import.meta.url), { source: 'index.ts', bundle: 'reports' })) {
    [this.#limits, this.#worker] = [limits, worker];
  }

  /** @throws AppFailure input.invalid when too many wait */
  begin(id: string, size: number): void {
    if (this.#reports.size >= mostWaiting) {
      // One that a window has begun and left behind must not be in the way for ever.
      const [left] = [...this.#reports].find(([, report]) => report.result === null && !report.isRead) ?? [];
      if (left === undefined) throw failure('input.invalid', { params: { path: 'id' } });
      this.drop(left);
    }
    const isTooLarge = size > reportLimits.bytes;
    this.#reports.set(id, { isRead: false, bytes: new Uint8Array(isTooLarge ? 0 : size), filled: 0, scan: new Prescan(), result: isTooLarge ? refusedResult('tooLarge') : null, stop: new AbortController(), progress: { done: 0, total: 0, isStopped: false } });
  }

  /** A part of the bytes, in their order. @returns why no more of them are wanted */
  part(id: string, bytes: Uint8Array): Refusal | null {
    const report = this.#report(id);
    if (report.result !== null) return report.result.ok ? null : report.result.reason;
    const refused = report.filled + bytes.length > report.bytes.length ? 'tooLarge' : report.scan.add(bytes);
    if (refused === null) report.bytes.set(bytes, report.filled);
    else this.#refuse(report, refused);
    report.filled += bytes.length;
    return refused;
  }

  /** Reads it in a worker of its own. */
  async read(id: string): Promise<ReadAnswer> {
    const report = this.#report(id);
    report.isRead = true;
    const started = performance.now();
    const ended = report.result === null ? report.scan.end() : null;
    if (ended !== null) this.#refuse(report, ended);
    if (report.result === null) {
      const bytes = report.bytes.subarray(0, report.filled);
      report.bytes = new Uint8Array(0);
      const parts: RowsPart[] = [];
      const end = await runWorker<ReadResult>(this.#worker, { bytes }, this.#limits, { transfer: [bytes.buffer], signal: report.stop.signal, onPart: (part) => { parts.push(part as RowsPart); } });
      if (report.stop.signal.aborted) throw failure('call.cancelled');
      report.result = end.ok ? end.value : refusedResult(end.reason);
      if (report.result.ok) for (const { scan, rows } of parts) for (const row of rows) report.result.reading.scans[scan]?.rows.push(row);
    }
    const { result } = report;
    const parseMs = performance.now() - started;
    if (!result.ok) return { format: result.format, rows: result.rows, unusable: result.unusableCount, refused: result.reason, parseMs };
    report.progress.total = rowsIn(result.reading);
    return { format: result.reading.format, rows: report.progress.total, unusable: result.reading.unusableCount, refused: null, parseMs };
  }

  /** What was read. @throws AppFailure input.invalid when nothing was */
  result(id: string): { result: ReadResult; progress: Progress } {
    const { result, progress } = this.#report(id);
    if (result === null) throw failure('input.invalid', { params: { path: 'id' } });
    return { result, progress };
  }

  progress(id: string): { done: number; total: number } {
    const report = this.#reports.get(id);
    return { done: report?.progress.done ?? 0, total: report?.progress.total ?? 0 };
  }

  drop(id: string): void {
    const report = this.#reports.get(id);
    if (report === undefined) return;
    report.progress.isStopped = true;
    report.stop.abort();
    this.#reports.delete(id);
  }

  dropAll(): void {
    for (const id of this.#reports.keys()) this.drop(id);
  }

  #refuse(report: Report, reason: Refusal): void {
    report.result = refusedResult(reason);
    report.bytes = new Uint8Array(0);
  }

  #report(id: string): Report {
    const report = this.#reports.get(id);
    if (report === undefined) throw failure('input.invalid', { params: { path: 'id' } });
    return report;
  }
}

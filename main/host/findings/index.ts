import { parentPort, workerData } from 'node:worker_threads';
import type { Row } from '../../../shared/security/findings/report.ts';
import { readReport, type ReadResult } from './parse/read-report.ts';

/** Rows in one message: some milliseconds for whoever takes them. */
const partSize = 500;
/** One scan's rows, or a part of them. */
export type RowsPart = { scan: number; rows: Row[] };

// A worker for one untrusted report (law 12): it gets the bytes, posts the rows in parts, answers once, and is gone.
const { bytes } = workerData as { bytes: Uint8Array };
const result = readReport(bytes);
if (result.ok) {
  result.reading.scans.forEach((scan, at) => {
    for (let from = 0; from < scan.rows.length; from += partSize) parentPort?.postMessage({ part: { scan: at, rows: scan.rows.slice(from, from + partSize) } satisfies RowsPart });
    scan.rows = [];
  });
}
parentPort?.postMessage({ value: result satisfies ReadResult });

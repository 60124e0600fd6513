import { fileURLToPath } from 'node:url';
import { runWorker, workerFile, type WorkerLimits } from '../worker.ts';
import type { Inspection } from './findings.ts';

const usual: WorkerLimits = { timeMs: 20_000, memoryMb: 768 };

/** Looks into one untrusted file in a worker of its own; see {@link runWorker}. */
export async function inspect(bytes: Uint8Array, limits: WorkerLimits = usual, file: string = workerFile(fileURLToPath(import.meta.url))): Promise<Inspection> {
  const end = await runWorker<Inspection>(file, { bytes }, limits);
  return end.ok ? end.value : end;
}

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Inspection } from './findings.ts';

export type InspectorLimits = { timeMs: number; memoryMb: number };

const usual: InspectorLimits = { timeMs: 20_000, memoryMb: 768 };

/** The worker's file: beside this one as source, in a folder of its own as a bundle. Not from inside an archive, which a plain Node cannot read. */
export function workerFile(here: string): string {
  if (here.endsWith('.ts')) return path.join(path.dirname(here), 'index.ts');
  return path.join(path.dirname(here), '..', 'files', 'index.mjs').replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`);
}

/**
 * Looks into one untrusted file in a worker of its own, with limits of memory and time. However that ends, the data host
 * goes on; a file that kills its worker is a file that cannot be read.
 */
export function inspect(bytes: Uint8Array, limits: InspectorLimits = usual, file: string = workerFile(fileURLToPath(import.meta.url))): Promise<Inspection> {
  return new Promise((resolve) => {
    // Nothing of the host's environment, and nothing on its streams: what a reader warns about a stranger's file is noise.
    const worker = new Worker(file, { workerData: { bytes }, env: {}, argv: [], stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } });
    let settled = false;
    const settle = (inspection: Inspection): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      void worker.terminate();
      resolve(inspection);
    };
    const timer = setTimeout(() => settle({ ok: false, reason: 'tooHard' }), limits.timeMs);
    worker.once('message', (inspection: Inspection) => settle(inspection));
    worker.once('error', (error) => settle({ ok: false, reason: (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'tooHard' : 'unreadable' }));
    worker.once('exit', () => settle({ ok: false, reason: 'unreadable' }));
  });
}

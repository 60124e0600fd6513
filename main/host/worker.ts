import path from 'node:path';
import { Worker } from 'node:worker_threads';

export type WorkerLimits = { timeMs: number; memoryMb: number };

/** How a worker ends: with its last message, or with why there is none. */
export type WorkerEnd<T> = { ok: true; value: T } | { ok: false; reason: 'unreadable' | 'tooHard' };

/**
 * A worker's file: source beside its caller, a folder of its own as a bundle. Not from inside an archive, which a plain Node
 * cannot read. @param here file of the caller @param names the worker as source and the folder of its bundle
 */
export function workerFile(here: string, names: { source: string; bundle: string } = { source: 'index.ts', bundle: 'files' }): string {
  if (here.endsWith('.ts')) return path.join(path.dirname(here), names.source);
  return path.join(path.dirname(here), '..', names.bundle, 'index.mjs').replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`);
}

/**
 * Reads one untrusted file in a worker of its own, with limits of memory and time. However that ends, the data host goes on; a
 * file that kills its worker is a file that cannot be read. The worker posts `{ value }` once, before it any number of `{ part }`.
 * @param signal ends it early, as `tooHard`
 */
export function runWorker<T>(file: string, workerData: unknown, limits: WorkerLimits, { onPart, signal, transfer = [] }: { onPart?: (part: unknown) => void; signal?: AbortSignal; /** Handed over instead of copied. */ transfer?: ArrayBuffer[] } = {}): Promise<WorkerEnd<T>> {
  return new Promise((resolve) => {
    // Nothing of the host's environment, and nothing on its streams: what a reader warns about a stranger's file is noise.
    const worker = new Worker(file, { workerData, transferList: transfer, env: {}, argv: [], stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } });
    let settled = false;
    const settle = (end: WorkerEnd<T>): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      void worker.terminate();
      resolve(end);
    };
    const stop = (): void => settle({ ok: false, reason: 'tooHard' });
    const timer = setTimeout(stop, limits.timeMs);
    signal?.addEventListener('abort', stop);
    worker.on('message', (message: { value: T } | { part: unknown }) => {
      if (settled) return;
      if ('part' in message) onPart?.(message.part);
      else settle({ ok: true, value: message.value });
    });
    worker.once('error', (error) => settle({ ok: false, reason: (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'tooHard' : 'unreadable' }));
    worker.once('exit', () => settle({ ok: false, reason: 'unreadable' }));
  });
}

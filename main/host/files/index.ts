import { parentPort, workerData } from 'node:worker_threads';
import type { Inspection } from './findings.ts';
import { inspectFile } from './inspect-file.ts';

// A worker for one untrusted file (law 12): it gets the bytes, answers once, and is gone.
const { bytes } = workerData as { bytes: Uint8Array };
inspectFile(bytes).then(
  (findings): Inspection => ({ ok: true, findings }),
  // What exactly is wrong with a stranger's file helps nobody; that it cannot be read is all there is to say.
  (): Inspection => ({ ok: false, reason: 'unreadable' }),
).then((value) => parentPort?.postMessage({ value }), () => undefined);

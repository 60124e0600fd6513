import { parentPort, workerData } from 'node:worker_threads';
import { recordFrom, wireDocumentSchema } from '../../main/erp/api/document-codec.ts';
import { putDocument } from '../../main/host/db/repos/documents-write.ts';
import { documentTypes } from '../../shared/domain/document-types.ts';
import { scratchDatabase } from '../fixtures/database.ts';

/** Fetch and insert with nothing around it, in a thread of its own: its garbage must not be swept up in the pull's time. */
export type BareOrder = { erp: string; token: string };

async function fetchAndInsert({ erp, token }: BareOrder): Promise<void> {
  const scratch = scratchDatabase();
  const { writer } = scratch.open();
  for (const type of documentTypes) {
    for (let cursor: string | null = ''; cursor !== null;) {
      const response = await fetch(`${erp}/api/mcp/documents/${type}?limit=1000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, { headers: { Authorization: `Bearer ${token}` } });
      const page = (await response.json()) as { data: unknown[]; cursor: string | null };
      writer.transaction(() => { for (const row of page.data) putDocument(writer, recordFrom(type, wireDocumentSchema.parse(row), { etag: null, fetchedAt: 1 })); });
      ({ cursor } = page);
    }
  }
  scratch.remove();
}

// Once without counting, so that it is measured as warm as it gets, and the server too.
await fetchAndInsert(workerData as BareOrder);
const started = performance.now();
await fetchAndInsert(workerData as BareOrder);
parentPort?.postMessage(performance.now() - started);

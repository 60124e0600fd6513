import type { bulkCalls } from '../../../shared/ipc/calls/bulk.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { BulkService } from '../../documents/bulk.ts';
import type { Workspace } from '../../workspace.ts';

/** Calls about one action on many documents. */
export function bulkHandlers(workspace: () => Promise<Workspace | null>): Pick<CallHandlers, keyof typeof bulkCalls> {
  const open = async (): Promise<BulkService> => {
    const current = await workspace();
    if (current === null) throw failure('session.required');
    return current.bulk;
  };
  return {
    'bulk.plan': async ({ action, keys }) => (await open()).plan(action, keys),
    'bulk.start': async ({ action, keys, reason }) => (await open()).start(action, keys, reason),
    'bulk.get': async ({ id }) => (await open()).get(id),
    'bulk.latest': async () => (await open()).latest(),
    'bulk.close': async ({ id }) => {
      (await open()).close(id);
      return null;
    },
    'bulk.retry': async ({ id }) => (await open()).retry(id),
  };
}

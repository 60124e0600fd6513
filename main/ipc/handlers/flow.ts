import { selectionLimit } from '../../../shared/domain/document-list.ts';
import type { flowCalls } from '../../../shared/ipc/calls/flow.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { DataHost } from '../../host/client.ts';
import type { Workspace } from '../../workspace.ts';

/** Calls about the document flow. */
export function flowHandlers({ host, workspace }: { host: DataHost; workspace: () => Promise<Workspace | null> }): Pick<CallHandlers, keyof typeof flowCalls> {
  const open = async (): Promise<Workspace> => {
    const current = await workspace();
    if (current === null) throw failure('session.required');
    return current;
  };
  return {
    'documents.flow': async (key) => (await open()).flow.cached(key),
    'documents.completeFlow': async (key) => (await open()).flow.complete(key),
    'documents.followUp': async ({ from, toType }) => (await open()).flow.followUp(from, toType),
    'documents.copy': async (key) => (await open()).flow.copy(key),
    'documents.keys': (filter) => host.documents.keys({ ...filter, limit: selectionLimit }),
  };
}

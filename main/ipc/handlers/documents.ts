import type { documentCalls } from '../../../shared/ipc/calls/documents.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { DataHost } from '../../host/client.ts';
import type { Workspace } from '../../workspace.ts';

export type DocumentHandlerPorts = {
  host: DataHost;
  workspace: () => Promise<Workspace | null>;
  /** Told after a list was answered. */
  listed: () => void;
};

type DocumentCalls = keyof typeof documentCalls;

/** Calls about documents, their workflow, and the cache they live in. */
export function documentHandlers({ host, workspace, listed }: DocumentHandlerPorts): Pick<CallHandlers, DocumentCalls> {
  const open = async (): Promise<Workspace> => {
    const current = await workspace();
    if (current === null) throw failure('session.required');
    return current;
  };
  return {
    'documents.list': async (query) => {
      const page = await host.documents.list(query);
      listed();
      return page;
    },
    'documents.cached': (key) => host.documents.get(key),
    'documents.refresh': async (key) => (await open()).documents.refresh(key),
    'documents.nextNumber': async ({ type }) => (await open()).documents.nextNumber(type),
    'documents.releaseNumber': async ({ type, number }) => {
      (await open()).documents.numbers.release(type, number);
      return null;
    },
    'documents.formSpec': async ({ type }) => (await open()).documents.formSpec(type),
    'documents.trail': async (key) => (await open()).documents.trail(key),
    'lookups.search': async ({ kind, text }) => (await open()).documents.lookup(kind, text),
    'lookups.vatRates': ({ articles }) => host.lookups.vatRates(articles),
    'workflow.transition': async ({ action, reason, seen, ...key }) => (await open()).workflow.transition(key, action, reason, { seen }),
    'workflow.pendingCount': () => host.documents.pendingCount(),
    'sync.state': async () => (await open()).online.pull.state(),
    'sync.pull': async () => {
      void (await open()).online.pull.pull();
      return null;
    },
    'sync.cancel': async () => {
      await (await open()).online.pull.cancel();
      return null;
    },
  };
}

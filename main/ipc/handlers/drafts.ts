import type { draftCalls } from '../../../shared/ipc/calls/drafts.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { commandOf } from '../../documents/drafts.ts';
import { exportOutbox } from '../../documents/outbox-export.ts';
import type { FilePorts } from '../../files/ports.ts';
import type { OfflineWork } from '../../documents/offline-work.ts';
import type { DataHost } from '../../host/client.ts';
import { asNewDraft, conflictOf, resolve, takeTheirs, withdraw } from '../../sync/outbox/decide.ts';
import type { Workspace } from '../../workspace.ts';

export type DraftHandlerPorts = { host: DataHost; workspace: () => Promise<Workspace | null>; files: Pick<FilePorts, 'saveFile'>; now: () => number };

/** Calls about drafts, the outbox and decisions. */
export function draftHandlers({ host, workspace, files, now }: DraftHandlerPorts): Pick<CallHandlers, keyof typeof draftCalls> {
  const need = async (): Promise<Workspace> => {
    const current = await workspace();
    if (current === null) throw failure('session.required');
    return current;
  };
  const open = async (): Promise<OfflineWork> => (await need()).offline;
  return {
    'drafts.list': () => host.drafts.list(),
    'drafts.discarded': () => host.drafts.discarded(now()),
    'drafts.get': ({ id }) => host.drafts.get(id),
    'drafts.ofDocument': (key) => host.drafts.ofDocument(key),
    'drafts.create': async ({ id, content, base }) => (await open()).drafts.create(id, content, base),
    'drafts.save': async ({ id, version, content }) => (await open()).drafts.save(id, version, content),
    'drafts.versions': ({ id }) => host.drafts.versions(id),
    'drafts.version': ({ id, version }) => host.drafts.version(id, version),
    'drafts.discard': async ({ id }) => {
      await (await open()).drafts.discard(id);
      return null;
    },
    'drafts.restore': async ({ id }) => (await open()).drafts.restore(id),
    'drafts.send': async ({ id, submit }) => (await open()).drafts.send(id, submit),
    'outbox.list': async () => (await open()).outbox.entries().map(commandOf),
    'outbox.state': async () => (await open()).state(),
    'outbox.retry': async ({ id }) => {
      await (await need()).retry(id);
      return null;
    },
    'outbox.withdraw': async ({ id }) => {
      await withdraw((await open()).deciding, id);
      return null;
    },
    'outbox.export': async () => exportOutbox({ host, entries: (await open()).outbox.entries(), saveFile: files.saveFile, now: now() }),
    'outbox.conflict': async ({ id }) => conflictOf((await open()).deciding, id),
    'outbox.resolve': async ({ id, document, lineIds }) => {
      const { drafts, deciding } = await open();
      return drafts.follow(id, () => resolve(deciding, id, document, lineIds));
    },
    'outbox.takeTheirs': async ({ id }) => {
      await takeTheirs((await open()).deciding, id);
      return null;
    },
    'outbox.asNewDraft': async ({ id }) => asNewDraft((await open()).deciding, id),
    'decisions.list': async () => (await open()).decisions.list(),
    'decisions.add': async ({ action, reason, ...key }) => (await open()).decisions.add(key, action, reason),
    'decisions.remove': async ({ id }) => {
      await (await open()).decisions.remove(id);
      return null;
    },
    'decisions.confirm': async ({ id }) => (await open()).decisions.confirm(id),
  };
}

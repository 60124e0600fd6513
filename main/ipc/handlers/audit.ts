import { formatKey } from '../../../shared/audit/note.ts';
import type { auditCalls } from '../../../shared/ipc/calls/audit.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { AuditService } from '../../audit/audit.ts';
import type { FilePorts } from '../../files/ports.ts';
import { saveAs } from '../../files/save-as.ts';
import type { DataHost } from '../../host/client.ts';
import type { Workspace } from '../../workspace.ts';

export type AuditHandlerPorts = { host: DataHost; workspace: () => Promise<Workspace | null>; files: FilePorts };

/** Calls about the audit log. */
export function auditHandlers({ host, workspace, files }: AuditHandlerPorts): Pick<CallHandlers, keyof typeof auditCalls> {
  const audit = async (): Promise<AuditService> => {
    const current = await workspace();
    if (current === null) throw failure('session.required');
    return current.audit;
  };
  const save = (suggestedName: string, text: () => Promise<string>): Promise<{ path: string } | null> => saveAs(files, { suggestedName, extension: '.txt', kind: 'Text' }, text);
  return {
    'audit.status': async () => (await audit()).status(),
    'audit.features': async () => (await audit()).features(),
    'audit.deviceKey': async () => ({ key: formatKey((await (await audit()).deviceKey()).note) }),
    'audit.list': (query) => host.audit('audit.list', query),
    'audit.timeline': (query) => host.audit('audit.timeline', query),
    'audit.entry': (query) => host.audit('audit.entry', query),
    'audit.views': async () => (await audit()).views.list(),
    'audit.saveView': async (view) => (await audit()).views.save(view),
    'audit.removeView': async ({ name }) => (await audit()).views.remove(name),
    'audit.visit': async () => (await audit()).visit(),
    'audit.tail': async () => (await audit()).tail(),
    'audit.alarms': async () => (await audit()).alarms(),
    'audit.verify': async ({ restart }) => (await audit()).verify(restart),
    'audit.reread': async () => (await audit()).reread(),
    'audit.acknowledge': async ({ id, reason }) => (await audit()).acknowledge(id, reason),
    'audit.newSection': async ({ reason }) => (await audit()).newSection(reason),
    'audit.saveEvidence': async ({ target, report, unproven, suggestedName }) => {
      const made = await (await audit()).evidence(target, report, unproven);
      const saved = await save(suggestedName, () => Promise.resolve(made.text));
      return saved === null ? null : { ...saved, entries: made.entries, unproven: made.unproven };
    },
    'audit.saveCheckpoint': async ({ suggestedName }) => save(suggestedName, async () => (await (await audit()).exportCheckpoint()).text),
    'audit.compareCheckpoint': async ({ text, source }) => (await audit()).importCheckpoint(text, source),
    'audit.journal': async ({ filter, offset, limit }) => (await audit()).journal(filter, offset, limit),
  };
}

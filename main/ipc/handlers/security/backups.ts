import type { backupsCalls } from '../../../../shared/ipc/calls/security/backups.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import { saveAs } from '../../../files/save-as.ts';
import type { Backups } from '../../../security/backups/index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls about backups and restore drills. */
export function backupsHandlers({ security, files }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof backupsCalls> {
  const backups = async (): Promise<Backups> => (await security()).backups;
  return {
    'backups.state': async () => (await backups()).state(),
    'backups.read': async () => (await backups()).read(),
    'backups.create': async () => (await backups()).create(),
    'backups.drill': async ({ id }) => (await backups()).drill(id),
    'backups.exportProof': async ({ id, suggestedName }) => {
      const text = await (await backups()).exportProof(id);
      return saveAs(files, { suggestedName, extension: '.txt', kind: 'Text' }, () => text);
    },
    'backups.importProof': async ({ text, file }) => (await backups()).importProof(text, file),
    'backups.trustKey': async ({ id, reason }) => (await backups()).trustKey(id, reason),
  };
}

import type { checklistsCalls } from '../../../../shared/ipc/calls/security/checklists.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import { saveAs } from '../../../files/save-as.ts';
import type { Checklists } from '../../../security/checklists/index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls of the checklists. */
export function checklistsHandlers({ security, files }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof checklistsCalls> {
  const lists = async (): Promise<Checklists> => (await security()).checklists;
  return {
    'checklists.read': async () => (await lists()).read(),
    'checklists.sync': async () => ({ isServerAsked: await (await lists()).sync() }),
    'checklists.answer': async ({ list, item, answer }) => (await lists()).answer(list, item, answer),
    'checklists.resolve': async ({ list, item, keep }) => (await lists()).resolve(list, item, keep),
    'checklists.saveCampaign': async (campaign) => {
      await (await lists()).saveCampaign(campaign);
      return true as const;
    },
    'checklists.removeCampaign': async ({ id }) => {
      await (await lists()).removeCampaign(id);
      return true as const;
    },
    'checklists.export': async ({ list, language, suggestedName }) => saveAs(files, { suggestedName, extension: '.csv', kind: 'CSV' }, async () => (await lists()).csv(list, language)),
  };
}

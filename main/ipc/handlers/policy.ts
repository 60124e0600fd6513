import type { policyCalls } from '../../../shared/ipc/calls/policy.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { serverTimeZone } from '../../policy/history.ts';
import type { FilePorts } from '../../files/ports.ts';
import { saveAs } from '../../files/save-as.ts';
import type { Workspace } from '../../workspace.ts';

export type PolicyHandlerPorts = { workspace: () => Promise<Workspace | null>; files: FilePorts };

/** Calls about policies. */
export function policyHandlers({ workspace, files }: PolicyHandlerPorts): Pick<CallHandlers, keyof typeof policyCalls> {
  const open = async (): Promise<Workspace> => {
    const current = await workspace();
    if (current === null) throw failure('session.required');
    return current;
  };
  const policy = async (): Promise<Workspace['policy']> => (await open()).policy;
  const changeFiles = async (): Promise<Workspace['policyChanges']> => (await open()).policyChanges;
  const history = async (): Promise<Workspace['policyHistory']> => (await open()).policyHistory;
  return {
    'policy.rules': async () => (await policy()).rules(),
    'policy.features': async () => ({ ...(await (await policy()).features()), timeZone: serverTimeZone }),
    'policy.working': async () => (await policy()).working(),
    'policy.saveWorking': async (work) => (await policy()).saveWorking(work),
    'policy.scenarios': async () => (await policy()).scenarios(),
    'policy.saveScenarios': async (scenarios) => {
      await (await policy()).saveScenarios(scenarios);
      return null;
    },
    'policy.apply': async ({ changes, reason, confirmed }) => (await policy()).apply(changes, reason, confirmed),
    'policy.propose': async ({ changes, reason, activateAt }) => (await policy()).propose(changes, reason, activateAt),
    'policy.proposals': async () => (await policy()).proposals(),
    'policy.decide': async ({ id, verdict, reason, confirmed }) => (await policy()).decide(id, verdict, reason, confirmed),
    'policy.saveChange': async ({ suggestedName, changes, reason, base }) => {
      const text = await (await changeFiles()).sign(changes, reason, base);
      return saveAs(files, { suggestedName, extension: '.txt', kind: 'Text' }, () => text);
    },
    'policy.openChange': async ({ text }) => (await changeFiles()).open(text),
    'policy.applyChange': async ({ text, isCompared, confirmed }) => (await changeFiles()).apply(text, isCompared, confirmed),
    'policy.versions': async () => (await policy()).versions(),
    'policy.test': async ({ alert, roles }) => (await policy()).test(alert, roles),
    'policy.pullAlerts': async () => (await history()).pull(),
    'policy.alertsInfo': async () => (await history()).info(),
    'policy.alertFacts': async () => (await history()).facts(),
    'policy.generateAlerts': async ({ rules }) => (await history()).generate(rules),
    'policy.replay': async ({ before, after }) => (await history()).replay(before, after),
    'policy.alerts': async ({ places }) => (await history()).alerts(places),
    'policy.backups': async () => (await policy()).backups(),
    'policy.createBackup': async () => (await policy()).createBackup(),
    'policy.origin': async () => (await policy()).origin(),
    'policy.restore': async ({ reason, ...from }) => (await policy()).restore(from, reason),
    'policy.saveCopy': async ({ suggestedName }) => (await policy()).saveCopy((text) => saveAs(files, { suggestedName, extension: '.json', kind: 'JSON' }, text)),
    'policy.saveFile': ({ suggestedName, text }) => saveAs(files, { suggestedName, extension: '.json', kind: 'JSON' }, () => text),
  };
}

import type { scoreCalls } from '../../../../shared/ipc/calls/security/score.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import { saveAs } from '../../../files/save-as.ts';
import type { SecurityScore } from '../../../security/score/index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls of the security score. */
export function scoreHandlers({ security, files }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof scoreCalls> {
  const score = async (): Promise<SecurityScore> => (await security()).score;
  return {
    'score.read': async () => (await score()).read(),
    'score.history': async () => (await score()).history(),
    'score.measure': async ({ isAsked }) => ({ isServerAsked: await (await score()).measure(isAsked) }),
    'score.attest': async (attestation) => {
      await (await score()).attest(attestation);
      return true as const;
    },
    'score.withdraw': async ({ point }) => {
      await (await score()).withdraw(point);
      return true as const;
    },
    'score.saveSettings': async (settings) => {
      await (await score()).saveSettings(settings);
      return null;
    },
    'score.export': async ({ suggestedName }) => saveAs(files, { suggestedName, extension: '.json', kind: 'JSON' }, async () => (await score()).exportText()),
    'score.overview': async () => (await security()).overview(),
  };
}

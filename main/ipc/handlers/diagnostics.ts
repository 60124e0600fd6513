import type { diagnosticsCalls } from '../../../shared/ipc/calls/diagnostics.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import type { DiagnosticsDesk } from '../../diagnostics/index.ts';

/** Calls of the diagnosis. */
export function diagnosticsHandlers({ diagnostics, bundle, save }: DiagnosticsDesk): Pick<CallHandlers, keyof typeof diagnosticsCalls> {
  return {
    'diagnostics.report': () => diagnostics.report(),
    'diagnostics.run': () => diagnostics.run(),
    'diagnostics.cancel': async () => {
      await diagnostics.cancel();
      return null;
    },
    'diagnostics.bundle': async () => ({ text: await bundle() }),
    'diagnostics.saveBundle': ({ suggestedName }) => save(suggestedName),
  };
}

import type { secretsCalls } from '../../../../shared/ipc/calls/security/secrets.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { Secrets } from '../../../security/secrets/index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls about the server's secrets. */
export function secretsHandlers({ security }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof secretsCalls> {
  const secrets = async (): Promise<Secrets> => (await security()).secrets;
  return {
    'secrets.state': async () => (await secrets()).state(),
    'secrets.read': async () => (await secrets()).read(),
    'secrets.rotate': async ({ name, phase, reason }) => (await secrets()).rotate(name, phase, reason),
    'secrets.keep': async (secret) => (await secrets()).keep(secret),
    'secrets.forget': async ({ name }) => (await secrets()).forget(name),
  };
}

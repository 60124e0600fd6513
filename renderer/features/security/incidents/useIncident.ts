import { useCallback } from 'react';
import type { CallName, CallOutput } from '../../../../shared/ipc/contract.ts';
import type { Command } from '../../../../shared/security/incidents/commands.ts';
import type { StoredIncident } from '../../../../shared/security/incidents/incident.ts';
import { setAnswer } from '../../../bridge/answers.ts';
import { call, type CallArguments } from '../../../bridge/call.ts';
import { useGuarded, type Guarded } from '../../../bridge/guarded.ts';
import { useCall } from '../../../bridge/queries.ts';

/** Calls that answer the incident as it is afterwards. */
type Answering = { [N in CallName]: CallOutput<N> extends StoredIncident ? N : never }[CallName];

export type Doing = Pick<Guarded, 'isPending' | 'error' | 'clear'> & {
  /** @returns whether it was done; the reason stands in `error` otherwise */
  obey: (command: Command) => Promise<boolean>;
  run: <N extends Answering>(name: N, ...input: CallArguments<N>) => Promise<boolean>;
};

/** Whether incidents stay on this device because the server has no place for them; false until it was asked. */
export const useIsLocal = (): boolean => useCall('incidents.list', undefined).data?.sync.server === 'unsupported';

/** Does something with an incident and shows at once what became of it. */
export function useDoing(id: string): Doing {
  const { guard, isPending, error, clear } = useGuarded();
  const run = useCallback(<N extends Answering>(name: N, ...input: CallArguments<N>): Promise<boolean> => guard(async () => {
    const stored: StoredIncident = await call(name, ...input);
    setAnswer('incidents.get', { id }, stored);
  }), [guard, id]);
  const obey = useCallback((command: Command) => run('incidents.obey', { id, command }), [run, id]);
  return { obey, run, isPending, error, clear };
}

import { useCallback, useState } from 'react';
import type { CallName, CallOutput } from '../../../../shared/ipc/contract.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import type { Command } from '../../../../shared/security/incidents/commands.ts';
import type { StoredIncident } from '../../../../shared/security/incidents/incident.ts';
import { setAnswer } from '../../../bridge/answers.ts';
import { call, errorOf, type CallArguments } from '../../../bridge/call.ts';

/** Calls that answer the incident as it is afterwards. */
type Answering = { [N in CallName]: CallOutput<N> extends StoredIncident ? N : never }[CallName];

export type Doing = {
  /** @returns whether it was done; the reason stands in `error` otherwise */
  obey: (command: Command) => Promise<boolean>;
  run: <N extends Answering>(name: N, ...input: CallArguments<N>) => Promise<boolean>;
  isPending: boolean;
  error: AppError | null;
  clear: () => void;
};

/** Does something with an incident and shows at once what became of it. */
export function useDoing(id: string): Doing {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = useCallback(async <N extends Answering>(name: N, ...input: CallArguments<N>): Promise<boolean> => {
    setPending(true);
    setError(null);
    try {
      const stored: StoredIncident = await call(name, ...input);
      setAnswer('incidents.get', { id }, stored);
      return true;
    } catch (thrown) {
      setError(errorOf(thrown));
      return false;
    } finally {
      setPending(false);
    }
  }, [id]);
  const obey = useCallback((command: Command) => run('incidents.obey', { id, command }), [run, id]);
  return { obey, run, isPending, error, clear: () => setError(null) };
}

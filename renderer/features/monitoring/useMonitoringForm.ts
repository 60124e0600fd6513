import { useState } from 'react';
import { readAddress, watcherFields, watcherIds, type AddressProblem, type Monitoring, type WatcherAnswer, type WatcherId } from '../../../shared/domain/monitoring.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { useAction } from '../../bridge/queries.ts';

export type MonitoringForm = {
  value: Monitoring;
  /** Why an address cannot be read; known once its field was left. */
  problems: Partial<Record<WatcherId, AddressProblem>>;
  /** What came of asking the addresses as they stand. */
  answers: readonly WatcherAnswer[];
  isEmpty: boolean;
  isPending: boolean;
  error: AppError | null;
  edit: (id: WatcherId, text: string) => void;
  /** Puts the address into the form in which it is stored, or says what is wrong with it. */
  leave: (id: WatcherId) => void;
  /** The addresses as they would be stored; null when one cannot be read, and then its field says why. */
  read: () => Monitoring | null;
  /** Asks every address that is filled in; null when one cannot be read or nobody could be asked. */
  check: () => Promise<readonly WatcherAnswer[] | null>;
};

const readAll = (value: Monitoring) => watcherIds.map((id) => ({ id, ...readAddress(id, value[watcherFields[id]]) }));

/** The addresses of the servers beside the ERP while somebody edits them. @param of the profile they belong to, where it is known already */
export function useMonitoringForm(value: Monitoring, onChange: (value: Monitoring) => void, of: { profileId: string | null; erpUrl: string }): MonitoringForm {
  const action = useAction('profiles.checkMonitoring');
  const [problems, setProblems] = useState<MonitoringForm['problems']>({});
  const [answers, setAnswers] = useState<readonly WatcherAnswer[]>([]);
  const read = (): Monitoring | null => {
    const all = readAll(value);
    setProblems(Object.fromEntries(all.flatMap(({ id, problem }) => (problem === null ? [] : [[id, problem]]))));
    const tidy = { ...value, ...Object.fromEntries(all.flatMap(({ id, address }) => (address === null ? [] : [[watcherFields[id], address]]))) };
    onChange(tidy);
    return all.some(({ problem }) => problem !== null) ? null : tidy;
  };
  return {
    value, problems, answers, read, isPending: action.isPending, error: action.error, isEmpty: watcherIds.every((id) => value[watcherFields[id]].trim() === ''),
    edit(id, text) {
      onChange({ ...value, [watcherFields[id]]: text });
      setProblems(({ [id]: _, ...others }) => others);
      // An answer is about the address that was asked.
      setAnswers((before) => before.filter((answer) => answer.id !== id));
    },
    leave(id) {
      const { address, problem } = readAddress(id, value[watcherFields[id]]);
      if (problem !== null) setProblems((before) => ({ ...before, [id]: problem }));
      else if (address !== value[watcherFields[id]]) onChange({ ...value, [watcherFields[id]]: address });
    },
    async check() {
      const monitoring = read();
      if (monitoring === null) return null;
      const result = await action.run({ ...of, monitoring });
      if (result === null) return null;
      setAnswers(result.answers);
      return result.answers;
    },
  };
}

import { useMemo } from 'react';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { Decision } from '../../../shared/domain/outbox.ts';
import type { ActionView } from '../documents/actions/action-model.ts';
import { useCall } from '../../bridge/queries.ts';

const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;

/** The decisions that were made without a network and wait for their second look, by document (`type/number`). */
export function useNoted(): ReadonlyMap<string, Decision> {
  const { data } = useCall('decisions.list', undefined);
  return useMemo(() => new Map((data ?? []).map((decision) => [nameOf(decision.key), decision])), [data]);
}

/** Only the missing network stands in the way: then it can be decided now and confirmed when it is back. Submitting waits in the outbox instead. */
export const canNote = (view: ActionView): view is ActionView & { action: Decision['action'] } =>
  view.action !== 'submit' && view.isNext && view.blockers.length > 0 && view.blockers.every(({ kind }) => kind === 'offline');

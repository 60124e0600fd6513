import { useCallback } from 'react';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import { setAnswer } from '../bridge/answers.ts';
import { useCall, type CallState } from '../bridge/queries.ts';

type ProfileOverview = CallOutput<'profiles.list'>;

/** The connection profiles and which one is active. They change only through calls of this window. */
export const useProfiles = (): CallState<ProfileOverview> => useCall('profiles.list', undefined, { staleTime: Infinity });

/** The active profile; null while there is none, or it is not known yet. */
export function useActiveProfile(): ConnectionProfile | null {
  const { data } = useProfiles();
  return data?.profiles.find((profile) => profile.id === data.activeId) ?? null;
}

/** Takes over what a call answered that changed the profiles; null (nothing changed) is ignored. */
export const useAdoptProfiles = (): ((overview: ProfileOverview | null) => void) =>
  useCallback((overview: ProfileOverview | null) => {
    if (overview !== null) setAnswer('profiles.list', undefined, overview);
  }, []);

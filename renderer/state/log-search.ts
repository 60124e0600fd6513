import { mayInCentre } from '../../shared/rbac/centre.ts';
import { useActiveProfile } from './profiles.ts';
import { accessOf, useAccount } from './session.ts';

/** Where the server's log under a correlation id is shown. @param around epoch milliseconds; null: now */
export const logAddress = (correlationId: string, around: number | null): string => `/security/metrics/log/${encodeURIComponent(correlationId)}${around === null ? '' : `?around=${Math.round(around)}`}`;

/** Whether this person can search the server's log: the profile names one, and they may read the security centre. */
export function useCanSearchLog(): boolean {
  const profile = useActiveProfile();
  const account = useAccount();
  return profile?.lokiUrl !== undefined && account !== null && mayInCentre(accessOf(account), 'read');
}

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { decide } from '../../shared/rbac/access.ts';
import { centreRoles, centreScope, mayInCentre, type CentreRight } from '../../shared/rbac/centre.ts';
import { domains, type Domain } from '../../shared/domain/document-types.ts';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import { useCall } from '../bridge/queries.ts';
import { useFormat } from '../i18n/format.ts';
import { accessOf, useAccount } from '../state/session.ts';

export type ApprovalRights = {
  /** The domains in which the person may approve. */
  domains: Domain[];
  /** Why approvals are closed to them; null when they are open. */
  reason: string | null;
};

/** In which domains the signed-in person may approve, and if in none, what is missing. */
export function useApprovalRights(): ApprovalRights {
  const account = useAccount();
  const { t } = useTranslation('shell');
  const format = useFormat();
  return useMemo(() => {
    if (account === null) return { domains: [], reason: t('rail.signedOut') };
    const allowed = domains.filter((domain) => decide(accessOf(account), { anyOf: [`${domain}:approve`] }).allowed);
    const decision = decide(accessOf(account), { anyOf: ['sales:approve', 'purchase:approve'] });
    const reason = decision.allowed ? null : t('rail.missingScope', { scopes: decision.missing.join(', '), roles: format.list(decision.heldBy) });
    return { domains: allowed, reason };
  }, [account, t, format]);
}

/** Why policies are closed to the signed-in person; null when they are open. */
export function usePolicyReason(): string | null {
  const account = useAccount();
  const { t } = useTranslation('shell');
  const format = useFormat();
  if (account === null) return t('rail.signedOut');
  const decision = decide(accessOf(account), { allOf: ['policy:read'] });
  return decision.allowed ? null : t('rail.missingScope', { scopes: decision.missing.join(', '), roles: format.list(decision.heldBy) });
}

/** Why the security centre, or acting in it, is closed to the signed-in person; null when it is open. Auditors read it, administrators act in it. */
export function useSecurityReason(right: CentreRight = 'read'): string | null {
  const account = useAccount();
  const { t } = useTranslation('shell');
  const format = useFormat();
  if (account === null) return t('rail.signedOut');
  return mayInCentre(accessOf(account), right) ? null : t('rail.missingScope', { scopes: centreScope, roles: format.list([...centreRoles[right]]) });
}

/** How many documents wait for this person's approval; 0 while not known. */
export function useWaitingCount(): number {
  const rights = useApprovalRights();
  const pending = useCall('workflow.pendingCount', undefined, { enabled: rights.domains.length > 0 });
  return rights.domains.reduce((sum, domain) => sum + (pending.data?.[domain] ?? 0), 0);
}

/** Open incidents, the next clock of one, and what is to be told; null for whom the security centre is closed, and while not known. */
export function useIncidentWatch(): CallOutput<'incidents.watch'> | null {
  const isOpen = useSecurityReason() === null;
  const { data } = useCall('incidents.watch', undefined, { enabled: isOpen });
  return isOpen ? (data ?? null) : null;
}

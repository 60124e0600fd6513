import { useTranslation } from 'react-i18next';
import { decide } from '../../../shared/rbac/access.ts';
import type { Scope } from '../../../shared/rbac/scopes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useIsOffline } from '../../state/connection.ts';
import { accessOf, useAccount } from '../../state/session.ts';

/** Why the person may not act here; null when they may. Reading is open to auditors, acting asks for this scope. */
export function useActReason(scope: Scope = 'admin:all'): string | null {
  const { t } = useTranslation('security');
  const format = useFormat();
  const account = useAccount();
  if (account === null) return t('reason.signedOut');
  const decision = decide(accessOf(account), { anyOf: [scope] });
  return decision.allowed ? null : t('reason.missingScope', { scopes: decision.missing.join(', '), roles: format.list(decision.heldBy) });
}

/** The same for what needs the server now. */
export function useServerReason(scope: Scope = 'admin:all'): string | null {
  const { t } = useTranslation('security');
  const missing = useActReason(scope);
  const isOffline = useIsOffline();
  return missing ?? (isOffline ? t('reason.offline') : null);
}

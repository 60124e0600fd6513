import { useTranslation } from 'react-i18next';
import { explain } from '../../../shared/rbac/explain.ts';
import { useFormat } from '../../i18n/format.ts';
import { accessOf } from '../../state/session.ts';
import { useWorkingAccount } from '../documents/working-account.ts';

/** Why the person may not do something with policies; null when they may. */
export function useRight(action: 'policy.read' | 'policy.write'): string | null {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const account = useWorkingAccount();
  if (account === null) return t('reason.signedOut');
  const told = explain(accessOf(account), action);
  return told.allowed ? null : t('reason.missingScope', { scopes: told.missing.join(', '), roles: format.list(told.heldBy) });
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretState } from '../../../../shared/security/secrets/secret.ts';
import { Badge, type IconName, type Tone } from '../../../ui/index.ts';

const looks: Readonly<Record<SecretState, { tone: Tone; icon: IconName }>> = {
  overdue: { tone: 'danger', icon: 'error' }, overlap: { tone: 'accent', icon: 'key' }, soon: { tone: 'warning', icon: 'clock' }, unknown: { tone: 'warning', icon: 'warning' }, good: { tone: 'success', icon: 'check' },
};

/** How a secret stands against its rule. */
export function SecretStateMark({ state }: { state: SecretState }): ReactNode {
  const { t } = useTranslation('security-secrets');
  return <Badge {...looks[state]}>{t(`state.${state}`)}</Badge>;
}

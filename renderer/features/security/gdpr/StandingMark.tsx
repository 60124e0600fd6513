import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Standing } from '../../../../shared/security/gdpr/request.ts';
import { Badge, type IconName, type Tone } from '../../../ui/index.ts';

const looks: Readonly<Record<Standing['state'], { tone: Tone; icon: IconName }>> = {
  overdue: { tone: 'danger', icon: 'error' }, soon: { tone: 'warning', icon: 'clock' }, open: { tone: 'neutral', icon: 'clock' }, answered: { tone: 'success', icon: 'check' }, answeredLate: { tone: 'warning', icon: 'warning' },
};

/** How much time is left, or that it was used well. */
export function StandingMark({ standing: { state, daysLeft } }: { standing: Standing }): ReactNode {
  const { t } = useTranslation('security-gdpr');
  return <Badge {...looks[state]}>{t(`standing.${state}`, { count: Math.abs(daysLeft) })}</Badge>;
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PointState } from '../../../../shared/security/score/score.ts';
import { Badge, type IconName, type Tone } from '../../../ui/index.ts';

const looks: Readonly<Record<PointState, { tone: Tone; icon: IconName }>> = {
  met: { tone: 'success', icon: 'check' }, partly: { tone: 'warning', icon: 'minus' }, unmet: { tone: 'danger', icon: 'close' },
  stale: { tone: 'warning', icon: 'clock' }, missing: { tone: 'neutral', icon: 'info' }, notApplicable: { tone: 'neutral', icon: 'minus' },
};

/** How a point stands, by word, sign and colour. */
export function StateMark({ state }: { state: PointState }): ReactNode {
  const { t } = useTranslation('security-score');
  return <Badge {...looks[state]}>{t(`state.${state}`)}</Badge>;
}

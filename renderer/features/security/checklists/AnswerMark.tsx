import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemStanding } from '../../../../shared/security/checklists/list.ts';
import { Badge, type IconName, type Tone } from '../../../ui/index.ts';

const looks: Readonly<Record<'open' | 'done' | 'partly' | 'notApplicable', { tone: Tone; icon: IconName }>> = {
  open: { tone: 'neutral', icon: 'info' }, done: { tone: 'success', icon: 'check' }, partly: { tone: 'warning', icon: 'minus' }, notApplicable: { tone: 'neutral', icon: 'minus' },
};

/** How an item stands. What is only proven by the score says so. */
export function AnswerMark({ standing: { result, isProven, isOverdue } }: { standing: ItemStanding }): ReactNode {
  const { t } = useTranslation('security-checklists');
  const state = result?.state ?? 'open';
  if (result !== null && result.mine !== null) return <Badge tone="danger" icon="warning">{t('conflict')}</Badge>;
  if (isOverdue) return <Badge tone="danger" icon="clock">{t('overdue')}</Badge>;
  if (state === 'open' && isProven) return <Badge tone="success" icon="check">{t('proven')}</Badge>;
  return <Badge {...looks[state]}>{t(`state.${state}`)}</Badge>;
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision, OutboxCommand } from '../../../shared/domain/outbox.ts';
import { Badge, type IconName, type Tone } from '../../ui/index.ts';

const looks: Readonly<Record<OutboxCommand['state'], { tone: Tone; icon: IconName }>> = {
  waiting: { tone: 'neutral', icon: 'clock' }, sending: { tone: 'accent', icon: 'send' }, rejected: { tone: 'danger', icon: 'reject' }, conflict: { tone: 'warning', icon: 'warning' }, reconcile: { tone: 'accent', icon: 'refresh' },
};

/** How far a command is: word, sign and colour say the same. */
export function CommandState({ command }: { command: OutboxCommand }): ReactNode {
  const { t } = useTranslation('outbox');
  return <Badge {...looks[command.state]}>{t(`state.${command.state}`)}</Badge>;
}

/** Whether a decision can be confirmed, and whether something changed meanwhile. */
export function DecisionState({ decision }: { decision: Pick<Decision, 'current' | 'changed'> }): ReactNode {
  const { t } = useTranslation('outbox');
  if (decision.current === null) return <Badge icon="clock">{t('decision.state.later')}</Badge>;
  return decision.changed ? <Badge tone="warning" icon="warning">{t('decision.state.changed')}</Badge> : <Badge tone="accent" icon="approvals">{t('decision.state.ready')}</Badge>;
}

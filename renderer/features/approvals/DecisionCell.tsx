import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision as Noted } from '../../../shared/domain/outbox.ts';
import { useMessage } from '../../i18n/errors.ts';
import { Badge, IconButton, useSecondsLeft } from '../../ui/index.ts';
import { decisions } from './decisions.ts';
import { undoTime, type Decision } from './undo-queue.ts';
import styles from './approvals.module.css';

/** What became of a row: nothing yet, noted for later, waiting with its countdown, on its way, decided, or refused and why. */
export function DecisionCell({ decision, noted }: { decision: Decision | undefined; noted: Noted | undefined }): ReactNode {
  const { t } = useTranslation('approvals');
  const message = useMessage();
  if (decision === undefined) return noted === undefined ? null : <Badge tone="accent" icon="clock">{t(`result.noted.${noted.action}`)}</Badge>;
  if (decision.status === 'waiting') return <Waiting decision={decision} />;
  if (decision.status === 'sending') return <Badge icon="send">{t('result.sending')}</Badge>;
  if (decision.status === 'done') return <Badge tone={decision.verdict === 'approve' ? 'success' : 'danger'} icon={decision.verdict === 'approve' ? 'check' : 'reject'}>{t(`result.${decision.verdict}`)}</Badge>;
  return <span title={message(decision.error)}><Badge tone="danger" icon="error">{t('result.failed')}</Badge></span>;
}

function Waiting({ decision }: { decision: Extract<Decision, { status: 'waiting' }> }): ReactNode {
  const { t } = useTranslation('approvals');
  const seconds = useSecondsLeft(decision.sendAt);
  return (
    <span className={styles.waiting}>
      <span className={styles.countdown} style={{ '--left': `${(seconds / (undoTime / 1000)) * 100}%` } as Record<string, string>}>{t(`result.waiting.${decision.verdict}`, { seconds })}</span>
      <IconButton icon="undo" label={t('undo')} shortcut="U" onPress={() => decisions.undo(decision.key)} />
    </span>
  );
}

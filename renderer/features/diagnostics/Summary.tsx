import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagnosticReport } from '../../../shared/domain/diagnostics.ts';
import { useFormat } from '../../i18n/format.ts';
import { ProgressBar } from '../../ui/index.ts';
import styles from './diagnostics.module.css';

/** What came of it in one line; while it runs, how far it is. */
export function Summary({ report, isRunning, onCancel }: { report: DiagnosticReport; isRunning: boolean; onCancel: () => void }): ReactNode {
  const { t } = useTranslation('diagnostics');
  const format = useFormat();
  const { steps, endedAt } = report;
  const done = steps.filter(({ status }) => status !== 'waiting' && status !== 'running').length;
  if (isRunning) return <div className={styles.progress}><ProgressBar label={t('running')} value={done / steps.length} detail={t('progress', { done, total: steps.length })} onCancel={onCancel} /></div>;
  if (endedAt === null) return null;
  const [failed, warnings] = (['failed', 'warning'] as const).map((status) => steps.filter((step) => step.status === status).length) as [number, number];
  const text = failed > 0 ? t('summary.failed', { count: failed }) : warnings > 0 ? t('summary.warning', { count: warnings }) : t('summary.ok');
  return <p className={styles.summary} role="status" data-testid="diagnosis-summary"><b>{text}</b> {t('summary.measured', { when: format.dateTime(endedAt) })}</p>;
}

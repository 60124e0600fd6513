import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { countRows } from '../../../../shared/domain/bulk.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useWaiting } from '../../../state/waiting.ts';
import { Banner, Button, ErrorPanel, ProgressBar, useCopy, useSecondsLeft } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import { cancelBulk, leaveBulk, retryBulk, type BulkStage } from './bulk-store.ts';
import { BulkTable, useRowResult } from './BulkTable.tsx';
import { resultText } from './result-text.ts';
import pane from '../detail/pane.module.css';
import styles from './bulk.module.css';

/** An action on many documents while it runs and after: how far, what waits, and what became of each. */
export function BulkResult({ stage: { bulk, job, error }, onClose }: { stage: Extract<BulkStage, { kind: 'sent' }>; onClose: () => void }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const { isCopied, copy } = useCopy();
  const result = useRowResult(bulk.action);
  const counts = countRows(bulk.rows);
  const isRunning = job === null || job.status === 'running';
  const total = bulk.rows.length - counts.skipped;
  const left = counts.refused + counts.waiting;
  const copyResult = (): void => copy(resultText(bulk.rows, {
    head: [t('column.type'), t('column.number'), t('column.partner'), t('column.gross'), t('bulk.result')],
    type: ({ key }) => words.type(key.type), amount: ({ gross }) => (gross === null ? '' : format.amount(gross)), result: (row) => [result(row), row.error === null ? '' : words.about(row.error)].filter((text) => text !== '').join(': '),
  }));
  const close = (): void => {
    leaveBulk();
    onClose();
  };
  return (
    <section className={pane.pane} aria-label={t('bulk.title')} data-testid="bulk" data-status={isRunning ? 'running' : job.status}>
      <header className={pane.head}><div className={pane.title}><h2>{t('bulk.plan', { count: bulk.rows.length, shown: format.integer(bulk.rows.length), action: words.action(bulk.action) })}</h2></div></header>
      {isRunning && (
        <div className={styles.progress}>
          <ProgressBar label={t('bulk.running')} value={total === 0 ? 1 : counts.done / total} detail={t('bulk.progress', { done: format.integer(counts.done), total: format.integer(total) })} onCancel={cancelBulk} />
          <RateLimit />
        </div>
      )}
      {!isRunning && job.status === 'failed' && job.error !== null && <div className={pane.notice}><ErrorPanel error={job.error} title={t('bulk.stopped')} isInline /></div>}
      {error !== null && <div className={pane.notice}><ErrorPanel error={error} title={t('bulk.notStarted')} isInline /></div>}
      {!isRunning && job.status === 'cancelled' && <Banner tone="warning">{t('bulk.cancelled')}</Banner>}
      <p className={styles.summary} role="status" data-testid="bulk-summary">
        {(['done', 'refused', 'skipped', 'waiting'] as const).filter((state) => state === 'done' || counts[state] > 0).map((state) => <span key={state} data-state={state}>{t(`bulk.count.${state}`, { count: counts[state], shown: format.integer(counts[state]) })}</span>)}
      </p>
      {!isRunning && (
        <div className={styles.actions}>
          {left > 0 && <Button icon="refresh" variant="primary" onPress={() => void retryBulk()} data-testid="bulk-retry">{t(counts.waiting > 0 && counts.refused === 0 ? 'bulk.goOn' : 'bulk.retry', { count: left, shown: format.integer(left) })}</Button>}
          <Button icon={isCopied ? 'check' : 'copy'} onPress={copyResult}>{t(isCopied ? 'bulk.copied' : 'bulk.copy')}</Button>
          <Button variant={left > 0 ? 'quiet' : 'primary'} onPress={close} data-testid="bulk-close">{t('bulk.close')}</Button>
        </div>
      )}
      <div className={styles.table}><BulkTable rows={bulk.rows} action={bulk.action} /></div>
    </section>
  );
}

/** Under the server's limit waiting is part of the work; it is said and no error. */
function RateLimit(): ReactNode {
  const info = useWaiting((store) => store.info);
  return info === null || info.until === null || info.waiting === 0 ? null : <Seconds until={info.until} />;
}

function Seconds({ until }: { until: number }): ReactNode {
  const { t } = useTranslation('documents');
  const seconds = useSecondsLeft(until);
  return seconds === 0 ? null : <p className={styles.limit}>{t('bulk.limit', { seconds })}</p>;
}

import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { countRows } from '../../../../shared/domain/bulk.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { Banner, Button, ErrorPanel, Skeleton, TextArea, useSecondsLeft } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import { decideBulk, leaveBulk, planBulk, undoTime, type BulkStage } from './bulk-store.ts';
import { BulkTable } from './BulkTable.tsx';
import pane from '../detail/pane.module.css';
import styles from './bulk.module.css';

/** As many refusals as stand in full above the table; of more, the table says why. */
const mostReasons = 3;

/** What an action on many documents would do: rows that cannot stand first, with the reason; then the decision. */
export function BulkPlanView({ stage }: { stage: Exclude<BulkStage, { kind: 'sent' }> }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const { action, keys, plan } = stage;
  const rows = useMemo(() => (plan?.rows ?? []).toSorted((a, b) => Number(b.state === 'skipped') - Number(a.state === 'skipped')), [plan]);
  const { waiting: can, skipped: cannot } = countRows(rows);
  const needsReason = action === 'reject' || (plan?.needReason ?? 0) > 0;
  const isMissing = needsReason && reason.trim() === '';
  const decide = (): void => {
    setAsked(true);
    if (can > 0 && !isMissing) decideBulk(needsReason ? reason.trim() : null);
  };
  const isOpen = stage.kind === 'plan';
  useCommand({ id: 'bulk.decide', title: t('bulk.decide', { count: can, shown: format.integer(can), action: words.action(action) }), group: 'document', shortcut: 'Ctrl+Enter', isEnabled: isOpen && can > 0, run: decide });
  useCommand({ id: 'bulk.back', title: t(isOpen ? 'bulk.back' : 'bulk.undo'), group: 'document', shortcut: isOpen ? 'Escape' : 'U', run: leaveBulk });
  return (
    <section className={pane.pane} aria-label={t('bulk.title')} data-testid="bulk">
      <header className={pane.head}><div className={pane.title}><h2>{t('bulk.plan', { count: keys.length, shown: format.integer(keys.length), action: words.action(action) })}</h2></div></header>
      {stage.kind === 'waiting' && <Waiting sendAt={stage.sendAt} />}
      {stage.kind === 'plan' && stage.error !== null && <div className={pane.notice}><ErrorPanel error={stage.error} title={t('bulk.notStarted')} onRetry={() => void planBulk(action, keys)} isInline /></div>}
      {plan === null ? (stage.kind === 'plan' && stage.error === null && <div className={pane.skeleton}><Skeleton lines={6} /></div>) : (
        <>
          <p className={styles.summary} role="status">
            {t('bulk.can', { count: can, shown: format.integer(can) })} {cannot > 0 && <b>{t('bulk.cannot', { count: cannot, shown: format.integer(cannot) })}</b>}
          </p>
          {cannot > 0 && cannot <= mostReasons && (
            <ul className={styles.reasons}>{rows.map((row) => row.error !== null && <li key={`${row.key.type}/${row.key.number}`}><b>{row.key.number}</b>: {words.about(row.error)}</li>)}</ul>
          )}
          {isOpen && (
            <div
              role="group" className={styles.form} aria-label={t('bulk.decision')}
              onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); leaveBulk(); } if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); decide(); } }}
            >
              {needsReason && (
                <TextArea
                  label={t(action === 'reject' ? 'reason.reject' : 'reason.ownApproval')} hint={action === 'reject' ? t('bulk.oneReason') : t('bulk.ownReason', { count: plan.needReason })} value={reason} onChange={setReason} rows={2} maxLength={1000} autoFocus isRequired
                  error={isAsked && isMissing ? t('reason.missing') : null} data-testid="bulk-reason"
                />
              )}
              <div className={styles.buttons}>
                {/* No submit button: on one that has the focus, Ctrl+Enter would do nothing. */}
                <Button variant={action === 'reject' ? 'danger' : 'primary'} autoFocus={!needsReason} isDisabled={can === 0} reason={can === 0 ? t('bulk.nothing') : null} shortcut="Ctrl+Enter" onPress={decide} data-testid="bulk-confirm">{t('bulk.decide', { count: can, shown: format.integer(can), action: words.action(action) })}</Button>
                <Button variant="quiet" onPress={leaveBulk} shortcut="Escape">{t('bulk.back')}</Button>
              </div>
            </div>
          )}
          <div className={styles.table}><BulkTable rows={rows} action={action} isPlan /></div>
        </>
      )}
    </section>
  );
}

function Waiting({ sendAt }: { sendAt: number }): ReactNode {
  const { t } = useTranslation('documents');
  const seconds = useSecondsLeft(sendAt);
  return <Banner tone="accent" icon="clock" action={<Button icon="undo" shortcut="U" onPress={leaveBulk} data-testid="bulk-undo">{t('bulk.undo')}</Button>}>{t('bulk.waiting', { seconds, total: undoTime / 1000 })}</Banner>;
}

import { useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import type { Account } from '../../../shared/domain/session.ts';
import type { Decision as Noted } from '../../../shared/domain/outbox.ts';
import { seenOf, type Seen } from '../../../shared/domain/seen.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Banner, Button, EmptyState, ErrorPanel, Icon, Skeleton, Tabs, useSecondsLeft, type IconName } from '../../ui/index.ts';
import { actionViews, lineFindings, reasonsOf, stateOf, type ActionView } from '../documents/actions/action-model.ts';
import { ReasonForm } from '../documents/actions/ReasonForm.tsx';
import { DocumentSheet } from '../documents/detail/DocumentSheet.tsx';
import { PaneHead } from '../documents/detail/PaneHead.tsx';
import { useDocument } from '../documents/detail/useDocument.ts';
import { useWords } from '../documents/words.ts';
import { canNote } from '../outbox/noted.ts';
import { NotedBanner } from '../outbox/NotedBanner.tsx';
import { TrailPanel } from '../trail/TrailPanel.tsx';
import { approvalChecks, type Check } from './checks.ts';
import { decisions } from './decisions.ts';
import { undoTime, type Decision, type Verdict } from './undo-queue.ts';
import pane from '../documents/detail/pane.module.css';
import styles from './approvals.module.css';

export type DecisionPaneProps = {
  row: ListRow;
  account: Account;
  decision: Decision | undefined;
  /** What was decided about it without a network. */
  noted: Noted | undefined;
  tab: string;
  onTab: (tab: string) => void;
  /** The verdict whose reason is being asked for. */
  asking: Verdict | null;
  onAsk: (verdict: Verdict | null) => void;
  /** @param seen what is on screen */
  onDecide: (verdict: Verdict, reason: string | null, seen: Seen) => void;
  /** Offline: the decision is kept, and confirmed by a person later. */
  onNote: (verdict: Verdict, reason: string | null) => void;
};

/** The document to decide about: what was checked, the document itself, and the two buttons. */
export function DecisionPane({ row, account, decision, noted, tab, onTab, asking, onAsk, onDecide, onNote }: DecisionPaneProps): ReactNode {
  const { t } = useTranslation('approvals');
  const words = useWords();
  const isOffline = useIsOffline();
  const { type, number } = row;
  const view = useDocument({ type, number });
  const { record, isPrevious } = view;
  const facts = useMemo(() => (record === null ? null : { record, account, isOffline, isDirty: false }), [record, account, isOffline]);
  const views = useMemo(() => (facts === null ? [] : actionViews(facts)), [facts]);
  const findings = useMemo(() => lineFindings(views), [views]);
  const isReady = record !== null && !isPrevious && decision === undefined && noted === undefined;
  const find = (verdict: Verdict): ActionView | undefined => views.find((one) => one.action === verdict);
  const why = (verdict: Verdict): string | null => {
    const action = find(verdict);
    const blockers = action === undefined || canNote(action) ? [] : action.blockers;
    return blockers.length === 0 ? null : reasonsOf(blockers).map(words.about).join(' ');
  };
  const settle = (verdict: Verdict, reason: string | null): void => {
    if (isOffline) onNote(verdict, reason);
    else if (record !== null) onDecide(verdict, reason, seenOf(record));
  };
  const label = (verdict: Verdict): string => (isOffline ? t(`later.${verdict}`) : words.action(verdict));
  const start = (verdict: Verdict): void => {
    const action = find(verdict);
    if (!isReady || action === undefined || why(verdict) !== null) return;
    if (action.needsReason) onAsk(verdict);
    else settle(verdict, null);
  };
  const command = (verdict: Verdict) => ({ group: 'document' as const, title: label(verdict), isEnabled: isReady && why(verdict) === null, reason: why(verdict), run: () => start(verdict) });
  useCommand({ id: 'approvals.approve', shortcut: 'A', ...command('approve') });
  useCommand({ id: 'approvals.reject', shortcut: 'R', ...command('reject') });
  useCommand({ id: 'approvals.approveKey', shortcut: 'F8', isHidden: true, ...command('approve') });
  // A reason being typed belongs to one document only.
  useEffect(() => onAsk(null), [type, number, onAsk]);

  if (record === null || facts === null) {
    if (view.error !== null) return <div className={pane.notice}><ErrorPanel error={view.error} title={t('pane.notRead', { number })} onRetry={() => void view.refresh()} /></div>;
    return isOffline ? <EmptyState icon="offline" title={t('pane.notCached', { number })} /> : <div className={pane.skeleton}><Skeleton lines={8} /></div>;
  }
  const approve = find('approve');
  return (
    <article className={pane.pane} aria-label={`${words.type(type)} ${number}`} data-testid="approval" data-number={isPrevious ? undefined : record.document.number}>
      <PaneHead record={record} isRefreshing={view.isRefreshing} isOffline={isOffline} isEditing={false} onRefresh={() => void view.refresh()} />
      {decision === undefined && !isPrevious && stateOf(record) !== 'pending' && <Banner tone="warning">{t('pane.notPending', { state: words.state(stateOf(record)) })}</Banner>}
      {noted !== undefined && !isPrevious && <NotedBanner decision={noted} />}
      {decision?.status === 'waiting' && <WaitingBanner decision={decision} />}
      {decision?.status === 'failed' && (
        <div className={pane.notice}><ErrorPanel error={decision.error} title={t('pane.refused')} isInline action={<Button onPress={() => decisions.dismiss(decision.key)}>{t('pane.decideAgain')}</Button>} /></div>
      )}
      <section className={styles.decide} aria-label={t('pane.decide')}>
        <div className={styles.buttons}>
          <Button variant={why('approve') === null ? 'primary' : 'default'} icon="check" shortcut="A" isDisabled={!isReady || why('approve') !== null} reason={why('approve')} onPress={() => start('approve')} data-testid="approve">{label('approve')}</Button>
          <Button icon="reject" shortcut="R" isDisabled={!isReady || why('reject') !== null} reason={why('reject')} onPress={() => start('reject')} data-testid="reject">{label('reject')}</Button>
        </div>
        <ul className={styles.checks} aria-label={t('check.title')}>{approvalChecks(facts).map((check) => <CheckItem key={check.id} check={check} />)}</ul>
        {why('reject') !== null && why('reject') !== why('approve') && <p className={styles.why}><Icon name="lock" /><span><b>{words.action('reject')}:</b> {why('reject')}</span></p>}
        {asking !== null && isReady && (
          <ReasonForm
            key={`${type}/${number}/${asking}`} title={t(asking === 'reject' ? 'reason.reject' : 'reason.own')} confirm={label(asking)} isDanger={asking === 'reject'} isPending={false}
            {...(asking === 'approve' && approve?.isOwn === true && { hint: t('reason.ownHint') })} onConfirm={(reason) => settle(asking, reason)} onCancel={() => onAsk(null)}
          />
        )}
      </section>
      <div className={pane.tabs}>
        <Tabs
          label={t('pane.views')} selected={tab} onSelect={onTab}
          tabs={[{ id: 'document', label: t('tab.document'), content: <DocumentSheet record={record} findings={findings} /> }, { id: 'trail', label: t('tab.trail'), content: <TrailPanel document={{ type, number }} /> }]}
        />
      </div>
    </article>
  );
}

function WaitingBanner({ decision }: { decision: Extract<Decision, { status: 'waiting' }> }): ReactNode {
  const { t } = useTranslation('approvals');
  const seconds = useSecondsLeft(decision.sendAt);
  return <Banner tone="accent" icon="clock" action={<Button icon="undo" shortcut="U" onPress={() => decisions.undo(decision.key)} data-testid="undo">{t('undo')}</Button>}>{t(`pane.waiting.${decision.verdict}`, { seconds, total: undoTime / 1000 })}</Banner>;
}

const signs: Readonly<Record<Check['status'], IconName>> = { ok: 'check', warning: 'warning', failed: 'error', unknown: 'info' };

function CheckItem({ check }: { check: Check }): ReactNode {
  const { t } = useTranslation('approvals');
  const words = useWords();
  return <li className={styles.check} data-status={check.status} data-check={check.id}><Icon name={signs[check.status]} label={t(`check.status.${check.status}`)} /><span>{words.about(check)}</span></li>;
}

import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { DocumentRecord } from '../../../shared/domain/document.ts';
import type { Account } from '../../../shared/domain/session.ts';
import type { Decision } from '../../../shared/domain/outbox.ts';
import type { WorkflowState } from '../../../shared/domain/workflow.ts';
import { useAction } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Age, Banner, Button, ErrorPanel, Icon } from '../../ui/index.ts';
import { actionViews, lineFindings, reasonsOf } from '../documents/actions/action-model.ts';
import { DocumentSheet } from '../documents/detail/DocumentSheet.tsx';
import { useDocument } from '../documents/detail/useDocument.ts';
import { StateBadge } from '../documents/StateBadge.tsx';
import { useWords } from '../documents/words.ts';
import { addressOf } from './address.ts';
import { articleOf, positionOf } from './conflict-model.ts';
import { isUnchanged, reviewOf } from './decision-model.ts';
import { DecisionState } from './EntryState.tsx';
import { usePlaceWords } from './place-words.ts';
import { useDone } from './useDone.ts';
import styles from './outbox.module.css';

export type Decided = { decision: Decision; state: WorkflowState | null };
export type DecisionReviewProps = { decision: Decision; account: Account; onDone: (decided: Decided) => void };

/** A decision that was made without a network: what was seen then, what is there now, and only then the button. */
export function DecisionReview({ decision, account, onDone }: DecisionReviewProps): ReactNode {
  const { t } = useTranslation('outbox');
  const format = useFormat();
  const words = useWords();
  const navigate = useNavigate();
  const isOffline = useIsOffline();
  const confirm = useAction('decisions.confirm');
  const remove = useDone('decisions.remove');
  const { action, key, seen } = decision;
  // What is on screen is what the server has now, also when it changed since the connection came back.
  const view = useDocument(key);
  const current = view.record !== null && view.record.fetchedAt > decision.decidedAt ? view.record : decision.current;
  const review = useMemo(() => reviewOf({ ...decision, current }), [decision, current]);
  const shown = current ?? seen;
  const views = useMemo(() => actionViews({ record: shown, account, isOffline, isDirty: false }), [shown, account, isOffline]);
  const findings = useMemo(() => lineFindings(views), [views]);
  const blockers = views.find((one) => one.action === action)?.blockers ?? [];
  const blocked = current === null && !isOffline ? t('decision.notRead') : blockers.length > 0 ? reasonsOf(blockers).map(words.about).join(' ') : null;
  const failed = confirm.error ?? remove.error;
  const isBusy = confirm.isPending || remove.isPending;
  const send = async (): Promise<void> => {
    if (blocked !== null || isBusy) return;
    const result = await confirm.run({ id: decision.id });
    if (result !== null) onDone({ decision, state: result.state });
  };
  const drop = async (): Promise<void> => {
    if (!isBusy && await remove.run({ id: decision.id })) onDone({ decision, state: null });
  };
  const isChanged = review !== null && !isUnchanged(review);
  useCommand({ id: 'outbox.confirm', title: t('decision.confirm', { action: words.action(action) }), group: 'document', shortcut: 'Ctrl+Enter', isEnabled: blocked === null, reason: blocked, run: () => void send() });
  useCommand({ id: 'outbox.drop', title: t('decision.drop'), group: 'document', shortcut: 'Ctrl+Delete', run: () => void drop() });
  return (
    <article className={styles.pane} aria-label={t('decision.title', { action: words.action(action), number: key.number })} data-testid="decision-review" data-number={key.number} data-changed={isChanged || undefined}>
      <header className={styles.paneHead}>
        <div className={styles.paneTitle}>
          <h2><span className={styles.type}>{words.type(key.type)}</span> {key.number}</h2>
          <p>{t('decision.made', { action: words.action(action), when: format.moment(decision.decidedAt) })}{shown.document.partnerName !== null && ` · ${shown.document.partnerName}`}</p>
        </div>
        <DecisionState decision={{ current, changed: isChanged }} />
      </header>
      <div className={styles.actions}>
        <Button variant={blocked === null ? 'primary' : 'default'} icon="check" shortcut="Ctrl+Enter" isPending={confirm.isPending} isDisabled={blocked !== null || isBusy} reason={blocked} onPress={() => void send()} data-testid="confirm-decision">
          {t(isChanged ? 'decision.confirmAnyway' : 'decision.confirm', { action: words.action(action) })}
        </Button>
        <Button icon="trash" shortcut="Ctrl+Delete" isPending={remove.isPending} isDisabled={isBusy} onPress={() => void drop()} data-testid="drop-decision">{t('decision.drop')}</Button>
        <Button icon="documents" onPress={() => void navigate(addressOf(key))}>{t('action.open')}</Button>
      </div>
      {decision.reason !== null && <p className={styles.why}><Icon name="edit" /><span>{t('decision.reason', { reason: decision.reason })}</span></p>}
      {blocked !== null && <p className={styles.why} data-testid="decision-blocked"><Icon name={isOffline ? 'offline' : current === null ? 'clock' : 'lock'} /><span>{blocked}</span></p>}
      {failed !== null && <div className={styles.notice}><ErrorPanel error={failed} title={t('decision.failed')} isInline /></div>}
      {current === null && !isOffline && view.error !== null && <div className={styles.notice}><ErrorPanel error={view.error} title={t('decision.notRead')} onRetry={() => void view.refresh()} isInline /></div>}
      {review !== null && current !== null && (isChanged ? <Changes decision={decision} current={current} review={review} /> : <Banner tone="success">{t('decision.unchanged', { when: format.moment(seen.fetchedAt) })}</Banner>)}
      <div className={styles.sheet} role="group" aria-label={t(current === null ? 'decision.seen' : 'decision.now')}>
        <p className={styles.asOf}>{t(current === null ? 'decision.seen' : 'decision.now')} · <Age at={shown.fetchedAt} oldAfter={isOffline ? 60_000 : 24 * 60 * 60_000} /></p>
        <DocumentSheet record={shown} findings={findings} />
      </div>
    </article>
  );
}

function Changes({ decision, current, review }: { decision: Decision; current: DocumentRecord; review: NonNullable<ReturnType<typeof reviewOf>> }): ReactNode {
  const { t } = useTranslation('outbox');
  const format = useFormat();
  const words = usePlaceWords(decision.key.type);
  const lines = { position: (id: number) => positionOf(review.comparison, id), article: (id: number) => articleOf(review.comparison.plan, id) };
  const empty = <span className={styles.none}>{t('place.empty')}</span>;
  return (
    <section className={styles.changes} aria-label={t('decision.changes')}>
      <Banner tone="warning">{t('decision.changed')}</Banner>
      <table data-testid="decision-changes">
        <thead><tr><th scope="col">{t('decision.place')}</th><th scope="col">{t('decision.then', { when: format.moment(decision.seen.fetchedAt) })}</th><th scope="col">{t('decision.nowAt', { when: format.moment(current.fetchedAt) })}</th></tr></thead>
        <tbody>
          {review.states !== null && <tr><th scope="row">{t('decision.workflow')}</th><td><StateBadge state={review.states.before} /></td><td><StateBadge state={review.states.now} /></td></tr>}
          {review.submitters !== null && <tr><th scope="row">{t('decision.submitter')}</th><td>{review.submitters.before ?? empty}</td><td>{review.submitters.now ?? empty}</td></tr>}
          {review.changes.map((place) => <tr key={place.path}><th scope="row">{words.label(place, lines)}{words.detail(place, lines) !== null && <span className={styles.detail}>{words.detail(place, lines)}</span>}</th><td>{words.value(place, 'base', lines) ?? empty}</td><td className={styles.newValue}>{words.value(place, 'theirs', lines) ?? empty}</td></tr>)}
          <tr><th scope="row">{t('decision.gross')}</th><td>{format.money(decision.seen.document.totals.gross)}</td><td className={decision.seen.document.totals.gross === current.document.totals.gross ? undefined : styles.newValue}>{format.money(current.document.totals.gross)}</td></tr>
        </tbody>
      </table>
    </section>
  );
}

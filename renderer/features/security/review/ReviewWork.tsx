import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { bundleOf, keptEntries, openFindings, type Review, type ReviewFinding } from '../../../../shared/security/review/finding.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { Banner, Button, DataTable, EmptyState, ErrorPanel, Skeleton, SplitPane, StatusLine, showToast, type Column, type DataTableHandle } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { FindingPane } from './FindingPane.tsx';
import { VerdictMark } from './VerdictMark.tsx';
import styles from './review.module.css';

/** One review: its findings one after the other, and its end in a signed report. */
export function ReviewWork({ id }: { id: string }): ReactNode {
  const { t, i18n } = useTranslation('security-review');
  const format = useFormat();
  const navigate = useNavigate();
  const mayAct = useActReason();
  const stored = useCall('review.get', { id });
  const finish = useAction('review.finish');
  const bundle = useAction('review.saveEvidence');
  const [failed, setFailed] = useState<AppError | null>(null);
  const [chosen, choose] = useState<string | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const table = useRef<DataTableHandle>(null);
  const review = stored.data ?? null;
  const rows = useMemo(() => review?.findings ?? [], [review]);
  // Where one left off: the first that nobody has decided.
  const index = Math.max(0, rows.findIndex((row) => (chosen === null ? row.decision === null : row.id === chosen)));
  const finding = rows[index];
  const open = review === null ? 0 : openFindings(review);
  const isFinished = review !== null && review.finished !== null;
  const locked = mayAct ?? (isFinished ? t('reason.finished') : null);
  const cannotFinish = locked ?? (open > 0 ? t('reason.undecided') : null);
  const back = (): void => void navigate('/security/review');
  const moveTo = (next: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, next))];
    if (row === undefined) return;
    choose(row.id);
    table.current?.scrollToRow(rows.indexOf(row));
  };
  /** To the next that is still open, from here on and then from the top. */
  const advance = (done: Review): void => {
    const next = [...done.findings.slice(index + 1), ...done.findings.slice(0, index + 1)].find(({ decision }) => decision === null);
    if (next !== undefined) moveTo(rows.findIndex((row) => row.id === next.id));
    table.current?.focus();
  };
  const language = i18n.language === 'en' ? 'en' : 'de';
  const day = review === null ? '' : new Date(review.to).toISOString().slice(0, 10);
  const end = (): void => void finish.run({ id, language, suggestedName: t('report.fileName', { day }) });
  const remove = (): void => void call('review.discard', { id }).then(() => {
    showToast({ title: t('discarded') });
    back();
  }, (thrown: unknown) => setFailed(errorOf(thrown)));
  useCommand({ id: 'review.next', title: t('command.next'), group: 'view', shortcut: 'J', run: () => moveTo(index + 1) });
  useCommand({ id: 'review.previous', title: t('command.previous'), group: 'view', shortcut: 'K', run: () => moveTo(index - 1) });
  useCommand({ id: 'review.finish', title: t('action.finish'), group: 'document', shortcut: 'Ctrl+Enter', isEnabled: cannotFinish === null, reason: cannotFinish, run: end });
  const columns = useMemo((): Column<ReviewFinding>[] => [
    { id: 'kind', header: t('column.kind'), width: 152, grow: 1, render: (row) => t(`kind.${row.kind}`) },
    { id: 'actor', header: t('column.actor'), width: 136, grow: 2, render: (row) => (row.actor === '' ? '–' : row.actor) },
    { id: 'count', header: t('column.count'), width: 72, align: 'end', render: (row) => format.integer(row.count) },
    { id: 'verdict', header: t('column.verdict'), width: 124, render: (row) => <VerdictMark decision={row.decision} /> },
  ], [t, format]);
  const history = <Button icon="chevronLeft" onPress={back}>{t('action.history')}</Button>;
  if (review === null) return <AreaFrame bar={<AreaBar summary={t('summary.none')} actions={history} />}>{stored.error !== null ? <ErrorPanel error={stored.error} onRetry={stored.refetch} isInline /> : stored.data === null ? <EmptyState icon="audit" title={t('unknown')} /> : stored.isSlow && <Skeleton />}</AreaFrame>;
  const { log, finished } = review;
  const error = finish.error ?? bundle.error ?? failed;
  const held = bundleOf(review);
  const limits = [
    t('bundle.holds', { shown: format.integer(held.indexes.length) }), held.shortened > 0 && t('bundle.shortenedFindings', { count: held.shortened, shown: format.integer(keptEntries) }),
    held.beyond > 0 && t('bundle.beyond', { left: format.integer(held.beyond), most: format.integer(held.indexes.length) }), held.unproven > 0 && t('bundle.unproven', { left: format.integer(held.unproven) }),
  ].filter((line) => line !== false).join(' ');
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={<><b>{format.date(review.from)} – {format.date(review.to)}</b> · {t('summary.open', { decided: format.integer(rows.length - open), total: format.integer(rows.length) })} · {t('summary.entries', { entries: format.integer(review.entries) })}</>}
          actions={(
            <>
              {history}
              {finished === null ? (
                <>
                  <Button icon="trash" variant="quiet" isDisabled={mayAct !== null} reason={mayAct} onPress={remove}>{t('action.discard')}</Button>
                  <Button icon="check" variant="primary" shortcut="Ctrl+Enter" isPending={finish.isPending} isDisabled={cannotFinish !== null} reason={cannotFinish} onPress={end} data-testid="review-finish">{t('action.finish')}</Button>
                </>
              ) : <Button icon="archive" variant="primary" isPending={bundle.isPending} onPress={() => void bundle.run({ id, language, suggestedName: t('bundle.fileName', { day }) }).then((written) => { if (written !== null) setSaved(written.path); })} data-testid="review-bundle">{t('action.bundle')}</Button>}
            </>
          )}
        />
      )}
      foot={<StatusLine items={[`${log.origin ?? '–'} (${t(`log.${log.kind}`)})`, log.verified === null ? t('new.notVerified') : t('new.verified', { size: format.integer(log.verified.size), at: format.dateTime(log.verified.at) })]} end={t('keys')} />}
    >
      <div className={styles.work}>
        {error !== null && <div className={styles.notice}><ErrorPanel error={error} isInline /></div>}
        {review.cut > 0 && <Banner tone="warning" data-testid="review-cut">{t('cut', { cut: format.integer(review.cut) })}</Banner>}
        {finished !== null && <p className={styles.limits} data-testid="review-bundle-limits">{limits}</p>}
        {saved !== null && <Banner tone="success">{t('saved', { path: saved })}</Banner>}
        {finished !== null && <div data-testid="review-finished"><Banner tone="success" icon="check">{t('finished', { at: format.dateTime(finished.at), by: finished.by })} <span className={styles.digest}>{finished.sha256}</span> ({finished.file})</Banner></div>}
        {finding === undefined ? <EmptyState icon="success" title={t('nothing.title')} {...(finished === null && { hint: t('nothing.hint') })} /> : (
          <SplitPane
            storageKey="security.review" label={t('divider')} initial={46} minimum={360}
            end={<FindingPane key={finding.id} review={review} finding={finding} reason={locked} onDecided={advance} />}
            start={<DataTable ref={table} label={t('table.findings')} columns={columns} rowCount={rows.length} getRow={(at) => rows[at]} rowKey={(row) => row.id} selectedKey={finding.id} onSelect={(row) => choose(row.id)} />}
          />
        )}
      </div>
    </AreaFrame>
  );
}

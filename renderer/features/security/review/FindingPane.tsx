import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { reviewRules, type Review, type ReviewFinding, type Verdict } from '../../../../shared/security/review/finding.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { useLayoutValue } from '../../../state/settings.ts';
import { Button, DefinitionList, ErrorPanel, Skeleton, TextArea } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { VerdictMark } from './VerdictMark.tsx';
import styles from './review.module.css';

/** Entries that are listed; the rest is one jump away on the audit screen. */
const listed = 50;

type Props = { review: Review; finding: ReviewFinding; /** Why nothing can be decided; null when it can. */ reason: string | null; onDecided: (review: Review) => void };

/** One finding: what, who, when, the rule, the entries behind it, and the decision with its note. */
export function FindingPane({ review, finding, reason, onDecided }: Props): ReactNode {
  const { t } = useTranslation('security-review');
  const format = useFormat();
  const navigate = useNavigate();
  const [, storeFilter] = useLayoutValue<string>('audit.filters', '');
  const entries = useCall('review.entries', { id: review.id, finding: finding.id }, { staleTime: 600_000 });
  const decide = useAction('review.decide');
  const [note, setNote] = useState(finding.decision?.note ?? '');
  const [isMissing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { kind, actor, subject, count, first, last, decision, filter } = finding;
  const settle = (verdict: Verdict): void => {
    if (verdict === 'raised' && note.trim() === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    void decide.run({ id: review.id, finding: finding.id, decision: { verdict, note: note.trim() } }).then((done) => { if (done !== null) onDecided(done); });
  };
  const undo = (): void => void decide.run({ id: review.id, finding: finding.id, decision: null });
  const jump = (): void => {
    storeFilter(JSON.stringify(filter));
    void navigate('/audit');
  };
  useCommand({ id: 'review.accept', title: t('action.accept'), group: 'document', shortcut: 'A', isEnabled: reason === null, reason, run: () => settle('accepted') });
  useCommand({ id: 'review.raise', title: t('action.raise'), group: 'document', shortcut: 'R', isEnabled: reason === null, reason, run: () => settle('raised') });
  // A log that the server does not sign tells no outcomes, and what changed in place of a reason.
  const isClaimed = review.log.kind === 'witness';
  const rows = (entries.data ?? []).slice(0, listed);
  return (
    <Pane title={`${t(`kind.${kind}`)}${actor === '' ? '' : `: ${actor}`}`} marks={<VerdictMark decision={decision} />} data-testid="review-finding">
      <DefinitionList items={[
        { label: t('report.what'), value: t(`what.${kind}`, { actor, subject, count: format.integer(count) }) },
        { label: t('report.when'), value: first === last ? format.dateTime(first) : `${format.dateTime(first)} – ${format.dateTime(last)}` },
        { label: t('rule.title'), value: t(`rule.${kind === 'failedLogin' ? 'failed' : kind}`, reviewRules) },
        ...(decision === null ? [] : [{ label: t('report.decidedBy'), value: `${decision.by}, ${format.dateTime(decision.at)}` }]),
      ]} />
      <div className={styles.note}>
        <TextArea label={t('column.note')} hint={isMissing ? undefined : t('ask.required')} rows={2} maxLength={2000} isReadOnly={reason !== null} value={note} onChange={(text) => { setNote(text); setMissing(false); }} inputRef={field} error={isMissing ? t('ask.required') : null} data-testid="review-note" />
      </div>
      <div className={styles.buttons}>
        <Button icon="check" variant={decision === null ? 'primary' : 'default'} shortcut="A" isPending={decide.isPending} isDisabled={reason !== null} reason={reason} onPress={() => settle('accepted')} data-testid="review-accept">{t('action.accept')}</Button>
        <Button icon="warning" shortcut="R" isPending={decide.isPending} isDisabled={reason !== null} reason={reason} onPress={() => settle('raised')} data-testid="review-raise">{t('action.raise')}</Button>
        {decision !== null && <Button icon="undo" variant="quiet" isDisabled={reason !== null} reason={reason} onPress={undo}>{t('action.undo')}</Button>}
      </div>
      {decide.error !== null && <ErrorPanel error={decide.error} isInline />}
      <Section title={t('entries.title')} actions={filter !== null && <Button icon="audit" onPress={jump} data-testid="review-jump">{t('action.showEntries')}</Button>}>
        {entries.error !== null && <ErrorPanel error={entries.error} onRetry={entries.refetch} isInline />}
        {entries.data === undefined ? entries.isSlow && <Skeleton lines={4} /> : rows.length === 0 ? <p className={styles.muted}>{t('entries.none')}</p> : (
          <>
            {rows.length < count && <p className={styles.muted}>{t('entries.some', { shown: format.integer(rows.length), count: format.integer(count) })}</p>}
            <table className={styles.table} aria-label={t('table.entries')}>
              <thead><tr><th scope="col" className={styles.figure}>{t('entry.number')}</th><th scope="col">{t('entry.at')}</th><th scope="col">{t('entry.action')}</th><th scope="col">{t('entry.resource')}</th>{!isClaimed && <th scope="col">{t('entry.outcome')}</th>}<th scope="col">{t(isClaimed ? 'entry.changes' : 'entry.reason')}</th></tr></thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.index}>
                    <td className={styles.figure}>{format.integer(row.index + 1)}</td><td className={styles.moment}>{format.dateTime(row.at)}</td><td>{row.action}</td><td>{row.resource}</td>{!isClaimed && <td>{t(`outcome.${row.outcome}`)}</td>}<td>{row.reason ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Section>
    </Pane>
  );
}

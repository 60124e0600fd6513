import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DraftSummary } from '../../../shared/domain/draft.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useOutbox } from '../../state/outbox.ts';
import { Age, Badge, ErrorPanel, Icon, Money, type IconName, type Tone } from '../../ui/index.ts';
import { useWords } from '../documents/words.ts';
import { outboxLines, sortDrafts } from './my-work.ts';
import styles from './overview.module.css';

const shownDrafts = 6;

const signs: Readonly<Record<ReturnType<typeof outboxLines>[number]['part'], IconName>> = { conflicts: 'warning', rejected: 'reject', decisions: 'approvals', waiting: 'clock' };

/** What is not on the server yet and what of it needs a decision. Nothing of it, nothing on screen. */
export function OutboxLines(): ReactNode {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const lines = outboxLines(useOutbox(({ state }) => state));
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="overview-outbox">
      <div className={styles.head}><h2 id="overview-outbox">{t('outbox.title')}</h2><Link to="/outbox">{t('outbox.open')}</Link></div>
      <ul className={styles.lines}>
        {lines.map(({ part, count }) => <li key={part} data-part={part}><Icon name={signs[part]} /><Link to="/outbox">{t(`outbox.${part}`, { count, shown: format.integer(count) })}</Link></li>)}
      </ul>
    </section>
  );
}

const looks: Readonly<Record<DraftSummary['state'], { tone: Tone; icon: IconName }>> = {
  open: { tone: 'neutral', icon: 'edit' }, queued: { tone: 'accent', icon: 'clock' }, conflict: { tone: 'warning', icon: 'warning' }, rejected: { tone: 'danger', icon: 'reject' },
};

/** What this person has begun and not sent, or sent and not got through. */
export function MyDrafts(): ReactNode {
  const { t } = useTranslation('overview');
  const words = useWords();
  const { data, error, refetch } = useCall('drafts.list', undefined);
  const drafts = sortDrafts(data ?? []);
  if (error !== null) return <ErrorPanel error={error} title={t('drafts.title')} onRetry={refetch} isInline />;
  if (drafts.length === 0) return null;
  return (
    <section aria-labelledby="overview-drafts">
      <div className={styles.head}><h2 id="overview-drafts">{t('drafts.title')}</h2>{drafts.length > shownDrafts && <span className={styles.muted}>{t('drafts.more', { count: drafts.length - shownDrafts })}</span>}</div>
      <table className={styles.table} aria-label={t('drafts.title')} data-testid="overview-drafts">
        <thead className={styles.tableHead}><tr><th>{t('column.number')}</th><th>{t('column.type')}</th><th>{t('column.partner')}</th><th>{t('column.gross')}</th><th>{t('column.state')}</th><th>{t('column.saved')}</th></tr></thead>
        <tbody>
          {drafts.slice(0, shownDrafts).map((draft) => (
            <tr key={draft.id}>
              <td className={styles.number}><Link to={`/documents/draft/${draft.id}`}>{draft.number === '' ? t('drafts.unnumbered') : draft.number}</Link></td>
              <td className={styles.type}>{words.type(draft.type)}</td>
              <td className={styles.partner}>{draft.partnerName ?? '–'}</td>
              <td className={styles.amount}><Money value={draft.gross} /></td>
              <td className={styles.note}><Badge {...looks[draft.state]}>{t(`drafts.state.${draft.state}`)}</Badge></td>
              <td className={styles.when}><Age at={draft.savedAt} form="relative" oldAfter={Infinity} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { useLastVisit } from '../../app/last-visit.ts';
import { useApprovalRights, useWaitingCount } from '../../app/useWaiting.ts';
import { askAhead } from '../../bridge/answers.ts';
import { useCall, type CallState } from '../../bridge/queries.ts';
import { useWords } from '../documents/words.ts';
import { useAccount } from '../../state/session.ts';
import { Age, Badge, EmptyState, ErrorPanel, Money, Skeleton } from '../../ui/index.ts';
import type { CallInput, CallOutput } from '../../../shared/ipc/contract.ts';
import { useFormat } from '../../i18n/format.ts';
import { changedSince } from './my-work.ts';
import { typesOf, waitingSince } from './waiting.ts';
import styles from './overview.module.css';

const shownRows = 8;
/** Milliseconds for which what was asked ahead of the first paint is not asked again; changes make it stale before that. */
const askedAhead = 1_000;
/** The browser notes when it has painted these blocks (Element Timing): the benchmark of the start reads it. */
const timed = { elementtiming: 'list' };
const recentlyChanged: CallInput<'documents.list'> = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: shownRows };

/** Reads what the screen shows first, so that it is painted with its rows. */
export const readAhead = (): Promise<void> => askAhead('documents.list', recentlyChanged);

/** Documents that wait for this person's approval, the oldest first. */
export function WaitingForMe(): ReactNode {
  const { t } = useTranslation('overview');
  const account = useAccount();
  const rights = useApprovalRights();
  const count = useWaitingCount();
  const list = useCall('documents.list', {
    types: typesOf(rights.domains), workflow: ['pending'], sort: { by: 'submitted', direction: 'asc' }, offset: 0, limit: shownRows,
  }, { enabled: rights.domains.length > 0 });
  return (
    <section aria-labelledby="overview-waiting">
      <div className={styles.head}><h2 id="overview-waiting">{t('waiting.title')}</h2>{rights.reason === null && count > 0 && <Link to="/approvals">{t('waiting.all', { count })}</Link>}</div>
      {rights.reason !== null ? <p className={styles.muted}>{rights.reason}</p> : (
        <Rows
          list={list} rows={list.data?.rows ?? []} when={waitingSince} label={t('waiting.title')} columns={{ note: t('column.submittedBy'), when: t('column.waiting') }}
          empty={<EmptyState icon="approvals" title={t('waiting.none')} hint={t('waiting.noneHint')} />}
          note={(row) => (row.submittedBy === null ? null : row.submittedBy === account?.userName ? <Badge tone="warning" icon="user">{t('waiting.own')}</Badge> : row.submittedBy)}
        />
      )}
    </section>
  );
}

/** What changed last, whoever did it. */
export function RecentlyChanged(): ReactNode {
  const { t } = useTranslation('overview');
  const words = useWords();
  const format = useFormat();
  const list = useCall('documents.list', recentlyChanged, { staleTime: askedAhead });
  const since = useLastVisit();
  const fresh = changedSince(list.data?.rows ?? [], since);
  return (
    <section aria-labelledby="overview-recent">
      <div className={styles.head}><h2 id="overview-recent">{t('recent.title')}{since !== null && fresh.count > 0 && <span className={styles.since}>{t(fresh.isMore ? 'recent.sinceMore' : 'recent.since', { count: fresh.count, when: format.moment(since) })}</span>}</h2><Link to="/documents">{t('recent.all')}</Link></div>
      <Rows list={list} rows={list.data?.rows ?? []} when={(row) => row.changedAt} label={t('recent.title')} note={(row) => (since !== null && row.changedAt !== null && row.changedAt > since ? <Badge tone="accent" icon="plus">{words.status(row.status)} · {t('recent.new')}</Badge> : words.status(row.status))} columns={{ note: t('column.status'), when: t('column.when') }} empty={<EmptyState icon="documents" title={t('recent.none')} hint={t('recent.noneHint')} />} />
    </section>
  );
}

function Rows({ list, rows, when, note, empty, label, columns }: {
  list: CallState<CallOutput<'documents.list'>>; rows: readonly ListRow[]; when: (row: ListRow) => number | null; note: (row: ListRow) => ReactNode; empty: ReactNode; label: string; columns: { note: string; when: string };
}): ReactNode {
  const { t } = useTranslation('overview');
  const words = useWords();
  if (list.error !== null) return <ErrorPanel error={list.error} onRetry={list.refetch} />;
  if (list.data === undefined) return list.isSlow ? <Skeleton lines={4} /> : <div className={styles.gap} />;
  if (rows.length === 0) return <>{empty}</>;
  return (
    <table className={styles.table} aria-label={label}>
      <thead className={styles.tableHead}><tr><th>{t('column.number')}</th><th>{t('column.type')}</th><th>{t('column.partner')}</th><th>{t('column.gross')}</th><th>{columns.note}</th><th>{columns.when}</th></tr></thead>
      <tbody>
        {rows.map((row) => {
          const at = when(row);
          return (
            <tr key={`${row.type}/${row.number}`}>
              <td className={styles.number} {...timed}><Link to={`/documents/${row.type}/${encodeURIComponent(row.number)}`}>{row.number}</Link></td>
              <td className={styles.type}>{words.type(row.type)}</td>
              <td className={styles.partner}>{row.partnerName ?? '–'}</td>
              <td className={styles.amount}><Money value={row.gross} /></td>
              <td className={styles.note}>{note(row)}</td>
              <td className={styles.when}>{at === null ? '–' : <Age at={at} form="relative" oldAfter={Infinity} />}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

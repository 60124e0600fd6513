import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { ListFilter, ListQuery, ListRow } from '../../../shared/domain/document-list.ts';
import type { Seen } from '../../../shared/domain/seen.ts';
import { call } from '../../bridge/call.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useCommand } from '../../state/commands.ts';
import { useConnection, useIsOffline } from '../../state/connection.ts';
import { useLayoutValue } from '../../state/settings.ts';
import { Age, Banner, DataTable, EmptyState, ErrorPanel, Page, PageHeader, SplitPane, StatusLine, fitColumns, markWidth, useWidth, type Column, type DataTableHandle } from '../../ui/index.ts';
import { BulkBanner } from '../documents/bulk/BulkBanner.tsx';
import { BulkPane } from '../documents/bulk/BulkPane.tsx';
import { hideBulk, useBulk } from '../documents/bulk/bulk-store.ts';
import { useSelection } from '../documents/list/useSelection.ts';
import { useWords } from '../documents/words.ts';
import { useNoted } from '../outbox/noted.ts';
import { DecisionCell } from './DecisionCell.tsx';
import { DecisionPane } from './DecisionPane.tsx';
import { decisions, dismissDone, rememberRow, useDecidedRows, useDecisions } from './decisions.ts';
import { nameOf, type Decision, type Verdict } from './undo-queue.ts';
import { nextOpen, waitingSince, worklist } from './worklist.ts';
import { useWorkingAccount } from '../documents/working-account.ts';
import styles from './approvals.module.css';

/** The most that is read at once: nobody decides about more in one sitting, and the rest follows as rows leave. */
const limit = 500;
const pending: ListFilter = { workflow: ['pending'], sort: { by: 'submitted', direction: 'asc' } };
const pendingQuery: ListQuery = { ...pending, offset: 0, limit };
const bulkShortcuts = { approve: 'A', reject: 'R' };
const noRows: readonly ListRow[] = [];

/** Approvals: what waits, oldest first; decided with one key, taken back within five seconds. */
export function ApprovalsScreen(): ReactNode {
  const { t } = useTranslation('approvals');
  const navigate = useNavigate();
  const format = useFormat();
  const account = useWorkingAccount();
  const isOffline = useIsOffline();
  const hasServerList = !useConnection(({ state }) => state?.missingCapabilities.includes('workflow.pending') ?? false);
  const [tab, setTab] = useLayoutValue<string>('approvals.tab', 'document');
  const { data, error, refetch } = useCall('documents.list', pendingQuery);
  const made = useDecisions();
  const decidedRows = useDecidedRows(({ rows }) => rows);
  const rows = useMemo(() => worklist(data?.rows ?? noRows, decidedRows, made), [data, decidedRows, made]);
  const [asking, setAsking] = useState<Verdict | null>(null);
  const table = useRef<DataTableHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const noted = useNoted();
  const note = useAction('decisions.add');
  const columns = useColumns(made, noted, useWidth(frame) - markWidth);
  const wanted = useParams()['*'] ?? '';
  const found = rows.findIndex((row) => nameOf(row) === wanted);
  const index = Math.max(0, found);
  const row = rows[index];
  const selected = row === undefined ? null : nameOf(row);
  useEffect(() => dismissDone, []);

  const go = useCallback((target: ListRow | undefined): void => {
    if (target !== undefined) void navigate(`/approvals/${target.type}/${encodeURIComponent(target.number)}`, { replace: true });
  }, [navigate]);
  const moveTo = (next: number): void => {
    go(rows[next]);
    table.current?.scrollToRow(next);
  };
  const advance = (isDone: (name: string) => boolean): void => {
    setAsking(null);
    moveTo(nextOpen(rows, index, { has: isDone }));
    table.current?.focus();
  };
  const decide = (verdict: Verdict, reason: string | null, seen: Seen): void => {
    if (row === undefined || !decisions.decide({ type: row.type, number: row.number }, verdict, reason, seen)) return;
    rememberRow(row);
    advance((name) => decisions.snapshot().has(name));
  };
  // Without a network a decision is only noted; it is sent when somebody confirms it against the state of that moment.
  const noteHere = async (verdict: Verdict, reason: string | null): Promise<void> => {
    if (row === undefined || note.isPending) return;
    const added = await note.run({ type: row.type, number: row.number, action: verdict, reason });
    if (added !== null) advance((name) => noted.has(name) || name === nameOf(row));
  };
  const undo = (): void => {
    const waiting = [...made.values()].filter((decision) => decision.status === 'waiting');
    const target = waiting.find((decision) => nameOf(decision.key) === selected) ?? waiting.toSorted((a, b) => b.sendAt - a.sendAt)[0];
    if (target === undefined || !decisions.undo(target.key)) return;
    moveTo(rows.findIndex((one) => nameOf(one) === nameOf(target.key)));
  };
  const getRow = useCallback((at: number) => rows[at], [rows]);
  const selection = useSelection({ row: getRow, all: () => call('documents.keys', pending), list: 'pending' });
  const isBulk = useBulk(({ stage, isShown }) => stage !== null && isShown) || selection.keys.length > 0;
  const lookAt = (): void => {
    selection.clear();
    hideBulk();
  };
  const step = (next: number): void => {
    lookAt();
    moveTo(next);
  };
  useCommand({ id: 'approvals.next', title: t('command.next'), group: 'view', shortcut: 'J', run: () => step(Math.min(rows.length - 1, index + 1)) });
  useCommand({ id: 'approvals.previous', title: t('command.previous'), group: 'view', shortcut: 'K', run: () => step(Math.max(0, index - 1)) });
  useCommand({ id: 'approvals.undo', title: t('undo'), group: 'document', shortcut: 'U', run: undo });
  if (account === null) return null;

  const total = data?.total ?? 0;
  const empty = data !== undefined && error === null && <EmptyState icon="success" title={t('empty.title')} hint={t(hasServerList ? 'empty.hint' : 'empty.hintWatch')} />;
  return (
    <Page
      header={<PageHeader title={t('title')} detail={data === undefined ? undefined : t('count', { count: total, shown: format.integer(total) })} />}
      status={<StatusLine items={[t('count', { count: total, shown: format.integer(total) }), typeof data?.asOf === 'number' && <Age key="age" at={data.asOf} oldAfter={isOffline ? 60_000 : 24 * 60 * 60_000} />, total > limit && t('cut', { limit: format.integer(limit) }), isOffline && t('offline')]} end={t('keys')} />}
    >
      <div className={styles.screen}>
        {isOffline && <Banner tone="warning" icon="offline">{t('offlineBanner')}</Banner>}
        {note.error !== null && <div className={styles.notice}><ErrorPanel error={note.error} title={t('notNoted')} isInline /></div>}
        {!hasServerList && <Banner icon="info">{t('watchList')}</Banner>}
        {error !== null && <div className={styles.notice}><ErrorPanel error={error} title={t('failed')} onRetry={refetch} isInline /></div>}
        <BulkBanner isHidden={isBulk} />
        <div className={styles.body}>
          <SplitPane
            storageKey="approvals" label={t('divider')} initial={48} minimum={340}
            start={<div ref={frame} className={styles.list}><DataTable ref={table} label={t('table')} columns={columns} rowCount={rows.length} getRow={getRow} rowKey={nameOf} selectedKey={selected} onSelect={(target) => { lookAt(); go(target); }} marks={selection.marks} empty={empty} /></div>}
            end={isBulk ? <BulkPane selection={selection} shortcuts={bulkShortcuts} /> : row === undefined ? null : <DecisionPane row={row} account={account} decision={made.get(nameOf(row))} noted={noted.get(nameOf(row))} tab={tab} onTab={setTab} asking={asking} onAsk={setAsking} onDecide={decide} onNote={(verdict, reason) => void noteHere(verdict, reason)} />}
          />
        </div>
      </div>
    </Page>
  );
}

/** What stays longest when the list gets narrow. */
const priority = ['number', 'result', 'gross', 'partner', 'since', 'submittedBy', 'type'];

function useColumns(made: ReadonlyMap<string, Decision>, noted: ReturnType<typeof useNoted>, width: number): Column<ListRow>[] {
  const { t } = useTranslation('approvals');
  const words = useWords();
  const format = useFormat();
  const columns: Column<ListRow>[] = useMemo(() => [
    { id: 'number', header: t('column.number'), width: 142, render: (row) => row.number },
    { id: 'type', header: t('column.type'), width: 126, render: (row) => words.type(row.type) },
    { id: 'partner', header: t('column.partner'), width: 108, grow: 1, render: (row) => <span title={row.partnerName ?? undefined}>{row.partnerName ?? '–'}</span> },
    { id: 'gross', header: t('column.gross'), width: 100, align: 'end', render: (row) => format.amount(row.gross) },
    { id: 'submittedBy', header: t('column.submittedBy'), width: 92, render: (row) => row.submittedBy ?? '–' },
    { id: 'since', header: t('column.since'), width: 104, render: (row) => { const at = waitingSince(row); return at === null ? '–' : <span title={format.dateTime(at)}>{format.relative(at)}</span>; } },
    { id: 'result', header: t('column.result'), width: 168, render: (row) => <DecisionCell decision={made.get(nameOf(row))} noted={noted.get(nameOf(row))} /> },
  ], [t, words, format, made, noted]);
  return useMemo(() => fitColumns(columns, priority, width), [columns, width]);
}

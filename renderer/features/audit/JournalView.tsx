import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { journalOutcomes, journalStatuses, wholeJournal, type JournalFilter, type JournalPage, type MatchedEntry } from '../../../shared/domain/audit.ts';
import { call } from '../../bridge/call.ts';
import { useEvent } from '../../bridge/events.ts';
import type { Part } from '../../bridge/list-window.ts';
import { useCall } from '../../bridge/queries.ts';
import { useWindow } from '../../bridge/useWindow.ts';
import { useFormat } from '../../i18n/format.ts';
import { useCommand } from '../../state/commands.ts';
import { Badge, Banner, Button, EmptyState, ErrorPanel, FilterBar, FilterChip, FitTable, Icon, SearchField, SplitPane, StatusLine, type Column, type DataTableHandle } from '../../ui/index.ts';
import { JournalPane } from './JournalPane.tsx';
import { useActionName } from './names.ts';
import styles from './audit.module.css';

type Query = { filter: JournalFilter };
const read = (input: Query & Part): Promise<JournalPage> => call('audit.journal', input);
const rowKey = (row: MatchedEntry): string => String(row.seq);
const one = <T extends string>(values: readonly T[], before: T | null): T | null => values.find((value) => value !== before) ?? null;

/** What stays longest when the list gets narrow. */
const priority = ['number', 'action', 'server', 'at', 'resource', 'outcome', 'detail', 'actor'];

/** What this client did, also offline and also refused, each entry held against the log of the server. */
export function JournalView(): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const nameOf = useActionName();
  const [filter, setFilter] = useState<JournalFilter>(wholeJournal);
  const [chosen, choose] = useState<number | null>(null);
  const query = useMemo((): Query => ({ filter }), [filter]);
  const list = useWindow(query, read);
  const overall = useCall('audit.journal', { filter: wholeJournal, offset: 0, limit: 1 });
  const status = useCall('audit.status', undefined);
  const table = useRef<DataTableHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const { refresh } = list;
  useEvent('audit.changed', refresh);
  useCommand({ id: 'audit.journal.search', title: t('journal.search'), group: 'view', shortcut: 'F3', run: () => search.current?.focus() });
  const firstBad = overall.data?.firstBad ?? null;
  const columns = useMemo((): Column<MatchedEntry>[] => [
    { id: 'number', header: t('column.number'), width: 72, align: 'end', render: ({ seq }) => (firstBad !== null && seq >= firstBad ? <span className={styles.broken}><Icon name="error" label={t('journal.unproven')} />{format.integer(seq)}</span> : format.integer(seq)) },
    { id: 'at', header: t('column.at'), width: 148, render: ({ at }) => format.dateTime(at) },
    { id: 'action', header: t('column.action'), width: 112, grow: 1, render: ({ action }) => nameOf(action) },
    { id: 'resource', header: t('column.resource'), width: 128, grow: 2, render: ({ resource }) => resource },
    { id: 'outcome', header: t('column.outcome'), width: 124, render: ({ outcome }) => (outcome === 'refused' ? <Badge tone="danger">{t('outcome.refused')}</Badge> : outcome === 'offline' ? <Badge tone="warning" icon="offline">{t('journal.outcome.offline')}</Badge> : t(`journal.outcome.${outcome}`)) },
    { id: 'server', header: t('journal.server'), width: 172, render: (entry) => <ServerMark entry={entry} /> },
    { id: 'actor', header: t('column.actor'), width: 88, grow: 1, render: ({ actor }) => actor },
    { id: 'detail', header: t('journal.detail'), width: 80, grow: 2, render: ({ detail }) => detail ?? '' },
  ], [t, format, nameOf, firstBad]);
  const counts = overall.data?.statuses;
  const known = overall.data?.total ?? 0;
  const total = list.total ?? 0;
  const beside = counts === undefined ? '' : counts.unread > 0 ? t('journal.unreadHint', { count: counts.unread, shown: format.integer(counts.unread) }) : counts.found > 0 ? t('journal.found', { count: counts.found, shown: format.integer(counts.found) }) : '';
  const isNarrowed = filter !== wholeJournal && JSON.stringify(filter) !== JSON.stringify(wholeJournal);
  const entry = chosen === null ? undefined : list.getRow(list.find(({ seq }) => seq === chosen));
  return (
    <div className={styles.screen}>
      <FilterBar label={t('filter.title')}>
        <SearchField label={t('journal.search')} value={filter.text} onChange={(text) => setFilter({ ...filter, text })} inputRef={search} maxLength={200} className={styles.search ?? ''} data-testid="journal-search" />
        <FilterChip label={t('journal.server')} options={journalStatuses.map((value) => ({ value, label: t(`journal.status.${value}`), note: counts === undefined ? undefined : format.integer(counts[value]) }))} values={filter.status === null ? [] : [filter.status]} onChange={(values) => setFilter({ ...filter, status: one(values, filter.status) })} />
        <FilterChip label={t('column.outcome')} options={journalOutcomes.map((value) => ({ value, label: value === 'refused' ? t('outcome.refused') : t(`journal.outcome.${value}`) }))} values={filter.outcome === null ? [] : [filter.outcome]} onChange={(values) => setFilter({ ...filter, outcome: one(values, filter.outcome) })} />
        {isNarrowed && <Button variant="quiet" onPress={() => setFilter(wholeJournal)}>{t('filter.clear')}</Button>}
      </FilterBar>
      <div className={styles.verification}>
        {firstBad !== null && <Banner tone="danger" data-testid="journal-broken"><strong>{t('journal.broken', { number: format.integer(firstBad) })}</strong> {t('journal.brokenHint')}</Banner>}
        {counts !== undefined && counts.missing > 0 && (
          <Banner tone="danger" data-testid="journal-missing" action={filter.status !== 'missing' && <Button onPress={() => setFilter({ ...wholeJournal, status: 'missing' })} data-testid="journal-show-missing">{t('journal.showMissing')}</Button>}>
            <strong>{t('journal.missing', { count: counts.missing, shown: format.integer(counts.missing) })}</strong> {t('journal.missingHint')}
          </Banner>
        )}
        {counts !== undefined && known > 0 && firstBad === null && counts.missing === 0 && (
          <Banner tone={counts.unread > 0 ? 'neutral' : 'success'} data-testid="journal-fine">
            {t('journal.fine', { count: known, shown: format.integer(known) })} {status.data?.kind === 'witness' ? t('journal.witness') : beside}
          </Banner>
        )}
      </div>
      <div className={styles.entries}>
        <SplitPane
          storageKey="audit.journal" label={t('divider')} initial={62} minimum={420}
          end={entry === undefined ? null : <JournalPane entry={entry} onClose={() => { choose(null); table.current?.focus(); }} />}
          start={(
            <FitTable
              priority={priority} ref={table} label={t('journal.table')} columns={columns} rowCount={total} getRow={list.getRow} rowKey={rowKey} onVisibleRange={list.onVisibleRange} selectedKey={chosen === null ? null : String(chosen)} onSelect={({ seq }) => choose(seq)}
              {...(list.total === 0 && { empty: isNarrowed ? <EmptyState icon="audit" title={t('empty.filtered')} action={<Button onPress={() => setFilter(wholeJournal)}>{t('filter.clear')}</Button>} /> : <EmptyState icon="audit" title={t('journal.empty')} hint={t('journal.emptyHint')} /> })}
            />
          )}
        />
      </div>
      {list.error !== null && <ErrorPanel error={list.error} onRetry={refresh} isInline />}
      <StatusLine items={[t('count', { count: total, shown: format.integer(total) }), isNarrowed && t('filtered'), t('journal.where')]} end={t('keys')} />
    </div>
  );
}

/** What the server's log says, in words and not in colour alone. */
function ServerMark({ entry }: { entry: MatchedEntry }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  if (entry.status === 'missing') return <Badge tone="danger" icon="warning">{t('journal.status.missing')}</Badge>;
  if (entry.status === 'unread') return <Badge tone="neutral" icon="clock">{t('journal.status.unread')}</Badge>;
  return entry.index === null ? <span className={styles.muted}>{t(`journal.status.${entry.status}`)}</span> : t('journal.foundAt', { number: format.integer(entry.index + 1) });
}

import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { documentKeySchema, documentTypeSchema, type DocumentKey } from '../../../shared/domain/document.ts';
import { draftIdSchema } from '../../../shared/domain/draft.ts';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { call } from '../../bridge/call.ts';
import { useSlow } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useCommand } from '../../state/commands.ts';
import { useConnection, useIsOffline } from '../../state/connection.ts';
import { useLayoutValue } from '../../state/settings.ts';
import { useSync } from '../../state/sync.ts';
import { Age, Banner, Button, DataTable, EmptyState, ErrorPanel, Page, PageHeader, Skeleton, SplitPane, StatusLine, cx, markWidth, useWidth, type DataTableHandle } from '../../ui/index.ts';
import { ExportDialog } from '../paper/ExportDialog.tsx';
import { BulkPane } from './bulk/BulkPane.tsx';
import { BulkBanner } from './bulk/BulkBanner.tsx';
import { hideBulk, useBulk } from './bulk/bulk-store.ts';
import { DocumentPane } from './detail/DocumentPane.tsx';
import { forgetDiscarded, useDiscarded, useRestore } from './edit/discarded.ts';
import { DraftPane, NewDocument } from './edit/DraftPane.tsx';
import { DraftsMenu } from './edit/DraftsMenu.tsx';
import { keyOf } from './edit/working.ts';
import { useListColumns } from './list/columns.tsx';
import { activeFilters, noFilters, parseFilters, toQuery, type ListFilters } from './list/filters.ts';
import { ListEmpty } from './list/ListEmpty.tsx';
import { ListFilterBar } from './list/ListFilterBar.tsx';
import { ListNotices } from './list/ListNotices.tsx';
import { NewMenu } from './list/NewMenu.tsx';
import { OpenByNumber } from './list/OpenByNumber.tsx';
import { useListWindow } from './list/useListWindow.ts';
import { useSelection } from './list/useSelection.ts';
import { useWorkingAccount } from './working-account.ts';
import styles from './list/list.module.css';

type Place = { kind: 'list' } | { kind: 'unknown' } | { kind: 'new'; type: DocumentType } | { kind: 'draft'; id: string } | { kind: 'document'; key: DocumentKey };

/** What the address names: `type/number`, `new/type`, `draft/id`, or nothing. */
export function placeOf(rest: string): Place {
  const [first = '', second = ''] = rest.split('/');
  if (first === '') return { kind: 'list' };
  if (first === 'new') {
    const type = documentTypeSchema.safeParse(second);
    return type.success ? { kind: 'new', type: type.data } : { kind: 'unknown' };
  }
  if (first === 'draft') {
    const id = draftIdSchema.safeParse(second);
    return id.success ? { kind: 'draft', id: id.data } : { kind: 'unknown' };
  }
  const key = documentKeySchema.safeParse({ type: first, number: second });
  return key.success ? { kind: 'document', key: key.data } : { kind: 'unknown' };
}

const bulkShortcuts = { submit: 'Ctrl+Enter', approve: 'F8', reject: 'Shift+F8', post: 'F9' };
const rowKey = (row: ListRow): string => keyOf(row);

/** Documents: the list left, the chosen one right; reading, acting and writing in one place. */
export function DocumentsScreen(): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const navigate = useNavigate();
  const account = useWorkingAccount();
  const isOffline = useIsOffline();
  const canList = !useConnection(({ state }) => state?.missingCapabilities.includes('documents.list') ?? false);
  const sync = useSync(({ state }) => state);
  const place = placeOf(useParams()['*'] ?? '');
  const [stored, store] = useLayoutValue<string>('documents.filters', '');
  const filters = useMemo(() => parseFilters(stored), [stored]);
  const setFilters = useCallback((next: ListFilters) => store(JSON.stringify(next)), [store]);
  const [text, setText] = useState('');
  // The day is taken when the query changes: good enough for "this month", and stable while scrolling.
  const query = useMemo(() => toQuery(filters, text, new Date()), [filters, text]);
  const list = useListWindow(query);
  const selection = useSelection({ row: list.getRow, all: () => call('documents.keys', query), list: JSON.stringify(query) });
  const isBulk = useBulk(({ stage, isShown }) => stage !== null && isShown) || selection.keys.length > 0;
  const frame = useRef<HTMLDivElement>(null);
  const columns = useListColumns(useWidth(frame) - markWidth);
  const isSlow = useSlow(list.total === null && list.error === null);
  const search = useRef<HTMLInputElement>(null);
  const table = useRef<DataTableHandle>(null);
  const [isOpening, setOpening] = useState(false);
  const [isExporting, setExporting] = useState(false);
  const discarded = useDiscarded(({ last }) => last);
  const restoring = useRestore();

  const go = useCallback((key: DocumentKey) => void navigate(`/documents/${key.type}/${encodeURIComponent(key.number)}`, { replace: place.kind !== 'list' }), [navigate, place.kind]);
  const close = useCallback(() => {
    void navigate('/documents');
    table.current?.focus();
  }, [navigate]);
  const focusSearch = (): void => {
    search.current?.focus();
    search.current?.select();
  };
  useCommand({ id: 'documents.search', title: t('filter.search'), group: 'view', shortcut: 'F3', run: focusSearch });
  useCommand({ id: 'documents.find', title: t('filter.search'), group: 'view', shortcut: 'Ctrl+F', isHidden: true, run: focusSearch });
  useCommand({ id: 'documents.open', title: t('open.button'), group: 'document', shortcut: 'Ctrl+O', run: () => setOpening(true) });
  useCommand({ id: 'documents.export', title: t('print:export.title'), group: 'view', run: () => setExporting(true) });
  useCommand({ id: 'documents.clearFilters', title: t('filter.clear'), group: 'view', run: () => { setFilters({ ...noFilters, sort: filters.sort }); setText(''); } });
  if (account === null) return null;

  const undo = (): void => {
    if (discarded !== null) void restoring.run(discarded.id).then((address) => { if (address !== null) void navigate(address); });
  };
  const narrowing = activeFilters(filters) + (text.trim() === '' ? 0 : 1);
  const total = list.total ?? 0;
  const selectedKey = place.kind === 'document' ? keyOf(place.key) : null;
  const pane = isBulk ? <BulkPane selection={selection} shortcuts={bulkShortcuts} />
    : place.kind === 'document' ? <DocumentPane document={place.key} account={account} onClose={close} />
    : place.kind === 'new' ? <NewDocument key={place.type} type={place.type} account={account} onLeft={close} />
      : place.kind === 'draft' ? <DraftPane key={place.id} id={place.id} account={account} onLeft={close} onStored={(record) => go(record.document)} />
        : place.kind === 'unknown' ? <EmptyState icon="documents" title={t('pane.unknownAddress')} action={<Button onPress={close}>{t('pane.close')}</Button>} /> : null;
  const clear = (): void => {
    setFilters({ ...noFilters, sort: filters.sort });
    setText('');
    search.current?.focus();
  };
  return (
    <Page
      header={(
        <PageHeader
          title={t('title')} detail={list.total === null ? undefined : t('list.count', { count: total, shown: format.integer(total) })}
          actions={<><DraftsMenu onOpen={(id) => void navigate(`/documents/draft/${id}`)} /><Button icon="external" onPress={() => setExporting(true)} data-testid="export-list">{t('print:export.button')}</Button><Button onPress={() => setOpening(true)} shortcut="Ctrl+O">{t('open.button')}</Button><NewMenu account={account} onNew={(type) => void navigate(`/documents/new/${type}`)} /></>}
        />
      )}
      filters={<ListFilterBar filters={filters} onChange={setFilters} text={text} onTextChange={setText} searchRef={search} onLeaveSearch={() => table.current?.focus()} />}
      status={(
        <StatusLine
          items={[
            list.total === null ? null : t('list.count', { count: total, shown: format.integer(total) }),
            // Without a complete pull the list has no age; each document has its own.
            list.asOf !== null && <Age key="age" at={list.asOf} oldAfter={isOffline ? 60_000 : 24 * 60 * 60_000} />,
            selection.keys.length > 0 && t('bulk.chosen', { count: selection.keys.length, shown: format.integer(selection.keys.length) }),
            narrowing > 0 && t('list.filtered'),
            isOffline && t('list.offline'),
            sync?.status === 'pulling' && list.asOf !== null && t('list.updating'),
          ]}
          end={t('list.keys')}
        />
      )}
    >
      <SplitPane
        storageKey="documents" label={t('list.divider')} initial={46} minimum={360} end={pane}
        start={(
          <div ref={frame} className={styles.column}>
            {discarded !== null && <Banner onDismiss={forgetDiscarded} action={<Button icon="undo" onPress={undo} data-testid="undo-discard">{t('edit.undoDiscard')}</Button>}>{t('edit.discarded', { number: discarded.number || t('new.unnumbered') })}</Banner>}
            {restoring.error !== null && <ErrorPanel error={restoring.error} onRetry={undo} isInline />}
            <BulkBanner isHidden={isBulk} />
            <ListNotices sync={sync} canList={canList} isOffline={isOffline} asOf={list.asOf} error={list.error} onRetry={list.refresh} onOpenByNumber={() => setOpening(true)} />
            <div className={cx(styles.table, list.isPrevious && styles.previous)}>
              <DataTable
                ref={table} label={t('list.table')} columns={columns} rowCount={total} getRow={list.getRow} rowKey={rowKey} onVisibleRange={list.onVisibleRange}
                sort={filters.sort} onSort={(sort) => setFilters({ ...filters, sort: sort as ListFilters['sort'] })} selectedKey={selectedKey} onSelect={(row) => { selection.clear(); hideBulk(); go(row); }} onActivate={go} marks={selection.marks}
                {...(isSlow && { empty: <Skeleton lines={12} width="80%" /> })}
                {...(list.total !== null && { empty: <ListEmpty isNarrowed={narrowing > 0} canList={canList} isOffline={isOffline} sync={sync} asOf={list.asOf} onClear={clear} onOpenByNumber={() => setOpening(true)} /> })}
              />
            </div>
          </div>
        )}
      />
      {isExporting && <ExportDialog query={query} total={total} onClose={() => setExporting(false)} />}
      <OpenByNumber isOpen={isOpening} onClose={() => setOpening(false)} onOpen={go} />
    </Page>
  );
}

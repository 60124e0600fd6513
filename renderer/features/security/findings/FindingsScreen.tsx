import { useCallback, useMemo, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { everyFinding, findingFilterSchema, statuses, type FindingFilter, type FindingRow } from '../../../../shared/security/findings/finding.ts';
import { severities } from '../../../../shared/security/findings/severity.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { useLayoutValue } from '../../../state/settings.ts';
import { Age, Badge, Button, cx, DataTable, EmptyState, ErrorPanel, FilterChip, PopoverButton, SearchField, showToast, SplitPane, StatusLine, TextField, useNow, type Column, type DataTableHandle } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { AcceptDialog } from './AcceptDialog.tsx';
import { FindingPane } from './FindingPane.tsx';
import { HistoryPane } from './HistoryPane.tsx';
import { ImportResult } from './ImportResult.tsx';
import { SeverityMark, StatusMark } from './Marks.tsx';
import { useFindingsWindow, type Order } from './useFindingsWindow.ts';
import { useImport } from './useImport.ts';
import styles from './findings.module.css';

const usual: FindingFilter = { ...everyFinding, statuses: ['open'] };
const stored = (text: string): FindingFilter => {
  try {
    const checked = findingFilterSchema.safeParse(JSON.parse(text));
    return checked.success ? checked.data : usual;
  } catch {
    return usual;
  }
};

/** Findings of scanners: reports are dropped here, the list stands left, what is known about one of them right. */
export function FindingsScreen(): ReactNode {
  const { t } = useTranslation('security-findings');
  const format = useFormat();
  const now = useNow();
  const navigate = useNavigate();
  const where = useParams()['*'] ?? '';
  const mayAct = useActReason();
  const isOffline = useIsOffline();
  const [kept, keep] = useLayoutValue<string>('findings.filter', '');
  const filter = useMemo(() => stored(kept), [kept]);
  const setFilter = useCallback((change: Partial<FindingFilter>) => keep(JSON.stringify({ ...filter, ...change })), [filter, keep]);
  const [order, setOrder] = useState<Order>({ sort: 'severity', direction: 'desc' });
  const [target, setTarget] = useLayoutValue<string>('findings.target', '');
  const [isOver, setOver] = useState(false);
  const [accepting, setAccepting] = useState<{ id: number; title: string } | null>(null);
  const summary = useCall('findings.summary', undefined);
  const features = useCall('findings.features', undefined, { enabled: !isOffline });
  const list = useFindingsWindow(filter, order);
  const importing = useImport();
  const unaccept = useAction('findings.unaccept');
  const save = useAction('findings.export');
  const picker = useRef<HTMLInputElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const table = useRef<DataTableHandle>(null);
  const chosen = /^\d+$/.test(where) ? Number(where) : null;
  const isBusy = importing.sent !== null || importing.job?.status === 'running';
  const go = (to: string): void => void navigate(`/security/findings${to}`, { replace: true });
  const close = (): void => { go(''); table.current?.focus(); };
  const choose = (): void => picker.current?.click();
  const take = (files: FileList | null): void => { if (files !== null && files.length > 0 && mayAct === null && !isBusy) importing.start([...files], target); };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const takeBack = (id: number, title: string): void => void unaccept.run({ ids: [id] }).then((done) => { if (done !== null) showToast({ title: t('unaccepted', { title }), action: { label: t('action.accept'), run: () => setAccepting({ id, title }) } }); });
  const accepted = (id: number, title: string): void => {
    setAccepting(null);
    showToast({ title: t('accepted', { title }), action: { label: t('undo'), run: () => takeBack(id, title) } });
  };
  const exportCsv = (): void => void save.run({
    filter, language: format.language, suggestedName: t('csv.name'), heads: ['number', 'severity', 'status', 'title', 'place', 'tools', 'due', 'firstSeen', 'lastSeen', 'fix', 'new'].map((column) => t(`csv.${column}`)),
    words: { ...Object.fromEntries(severities.map((severity) => [`severity.${severity}`, t(`severity.${severity}`)])), ...Object.fromEntries(statuses.map((status) => [`status.${status}`, t(`status.${status}`)])), new: t('csv.yes') },
  }).then((written) => { if (written !== null) showToast({ title: t('csv.written', { count: written.rows, shown: format.integer(written.rows), path: written.path }) }); });
  useCommand({ id: 'findings.import', title: t('action.import'), group: 'document', shortcut: 'Ctrl+I', isEnabled: mayAct === null && !isBusy, reason: mayAct, run: choose });
  useCommand({ id: 'findings.search', title: t('filter.search'), group: 'view', shortcut: 'F3', run: () => search.current?.focus() });
  useCommand({ id: 'findings.history', title: t('action.history'), group: 'view', run: () => go('/history') });

  /** Beside an open pane only what tells findings apart: the rest stands in the pane. */
  const isNarrow = where !== '';
  const hasOneStatus = filter.statuses.length === 1;
  const columns = useMemo((): Column<FindingRow>[] => {
    const all: (Column<FindingRow> & { isLeftOut?: boolean })[] = [
      { id: 'severity', header: t('column.severity'), width: 92, isSortable: true, render: (row) => <SeverityMark severity={row.severity} /> },
      { id: 'title', header: t('column.title'), width: 200, grow: 3, render: (row) => <>{row.title}{row.isNew && <> <Badge tone="accent">{t('new')}</Badge></>}</> },
      { id: 'place', header: t('column.place'), width: 128, grow: 2, render: (row) => row.place },
      { id: 'status', header: t('column.status'), width: 116, isLeftOut: isNarrow && hasOneStatus, render: (row) => <StatusMark status={row.status} /> },
      { id: 'due', header: t('column.due'), width: 116, isSortable: true, render: (row) => (row.dueAt === null ? '' : <span className={cx(row.dueAt < now && styles.overdue)} title={row.dueAt < now ? t('overdue') : undefined}>{row.dueAt < now && '! '}{format.date(row.dueAt)}</span>) },
      { id: 'tools', header: t('column.tools'), width: 96, grow: 1, isLeftOut: isNarrow, render: (row) => row.tools.join(', ') },
      { id: 'firstSeen', header: t('column.firstSeen'), width: 136, isLeftOut: isNarrow, isSortable: true, render: (row) => format.date(row.firstSeen) },
    ];
    return all.filter(({ isLeftOut }) => isLeftOut !== true);
  }, [t, format, now, isNarrow, hasOneStatus]);
  const about = summary.data;
  const openCount = about === undefined ? 0 : severities.reduce((sum, severity) => sum + about.open[severity], 0);
  const total = list.total ?? 0;
  // A report without a finding says that there is none; no report says nothing.
  const isUntouched = about !== undefined && about.lastImport === null && about.total === 0;
  const isUsual = JSON.stringify(filter) === JSON.stringify(usual);
  // What the server says of itself is read by auditors too.
  const cannotFetch = isOffline ? t('security:reason.offline') : features.data?.server === false ? t('fetch.unsupported') : null;
  const key = (pressed: string, row: FindingRow | undefined): boolean => {
    if (row === undefined || mayAct !== null) return false;
    if (pressed === 'a' && row.status === 'open') setAccepting({ id: row.id, title: row.title });
    else if (pressed === 'u' && row.status === 'accepted') takeBack(row.id, row.title);
    else return false;
    return true;
  };
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={about === undefined ? null : isUntouched ? t('empty.title') : <><b>{t('summary.open', { count: openCount, shown: format.integer(openCount) })}</b>{openCount > 0 && ` (${severities.filter((severity) => about.open[severity] > 0).map((severity) => `${t(`severity.${severity}`)} ${format.integer(about.open[severity])}`).join(', ')})`}{about.overdue > 0 && <> · <span className={styles.overdue}>{t('summary.overdue', { count: about.overdue, shown: format.integer(about.overdue) })}</span></>}{about.isNew + about.gone > 0 && <> · {t('summary.last', { opened: format.integer(about.isNew), closed: format.integer(about.gone) })}</>}</>}
          actions={(
            <>
              <Button icon="history" aria-pressed={where === 'history'} onPress={() => go(where === 'history' ? '' : '/history')} data-testid="findings-history-open">{t('action.history')}</Button>
              <Button icon="send" isDisabled={total === 0} onPress={exportCsv} isPending={save.isPending}>{t('action.csv')}</Button>
              <Button icon="server" isDisabled={cannotFetch !== null || isBusy} reason={cannotFetch} onPress={importing.fetch} data-testid="findings-fetch">{t('action.fetch')}</Button>
              <PopoverButton className={styles.targetButton ?? ''} label={target === '' ? t('target.none') : t('target.is', { target })} trigger={target === '' ? t('target.none') : t('target.is', { target })}>{(done) => <div className={styles.import}><TextField label={t('target.label')} hint={t('target.hint')} value={target} maxLength={200} onChange={setTarget} autoFocus /><Button onPress={done}>{t('target.done')}</Button></div>}</PopoverButton>
              <Button icon="plus" variant="primary" shortcut="Ctrl+I" isDisabled={mayAct !== null || isBusy} reason={mayAct} onPress={choose} data-testid="findings-import">{t('action.import')}</Button>
            </>
          )}
        />
      )}
      foot={<StatusLine items={[t('count', { count: total, shown: format.integer(total) }), about !== undefined && about.lastImport !== null && <Age key="age" at={about.lastImport} oldAfter={35 * 86_400_000} />, !isUsual && t('filtered'), mayAct]} end={t('keys')} />}
    >
      <div className={cx(styles.screen, isOver && styles.over)} data-testid="findings-drop" onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <input ref={picker} type="file" multiple accept=".json,.sarif,.xml,application/json,text/xml" hidden data-testid="findings-file" onChange={(event) => { take(event.target.files); event.target.value = ''; }} />
        <ImportResult importing={importing} />
        <div className={styles.filters} role="search" aria-label={t('filter.title')}>
          <SearchField label={t('filter.search')} value={filter.text} onChange={(text) => setFilter({ text })} inputRef={search} maxLength={200} className={styles.search ?? ''} data-testid="findings-search" />
          <FilterChip label={t('column.severity')} options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))} values={filter.severities} onChange={(values) => setFilter({ severities: values })} />
          <FilterChip label={t('column.status')} options={statuses.map((value) => ({ value, label: t(`status.${value}`) }))} values={filter.statuses} onChange={(values) => setFilter({ statuses: values })} />
          <FilterChip label={t('column.tools')} options={(about?.tools ?? []).map((value) => ({ value, label: value }))} values={filter.tools} onChange={(values) => setFilter({ tools: values })} />
          <FilterChip
            label={t('filter.more')} options={[{ value: 'overdue', label: t('overdue') }, { value: 'new', label: t('filter.new') }, { value: 'gone', label: t('filter.gone') }]} values={[...(filter.overdue ? ['overdue'] : []), ...(filter.change === null ? [] : [filter.change])]}
            onChange={(values) => {
              const change = values.find((value) => (value === 'new' || value === 'gone') && value !== filter.change) ?? (values.includes(filter.change ?? '') ? filter.change : null);
              setFilter({ overdue: values.includes('overdue'), change: change as FindingFilter['change'], ...(change === 'gone' && { statuses: [] }) });
            }}
          />
          {!isUsual && <Button variant="quiet" onPress={() => keep('')}>{t('filter.clear')}</Button>}
        </div>
        {[summary.error, list.error, unaccept.error, save.error].filter((error) => error !== null).slice(0, 1).map((error) => <ErrorPanel key={error.code} error={error} onRetry={list.refresh} isInline />)}
        <div className={styles.rows}>
          <SplitPane
            storageKey="security.findings" label={t('divider')} initial={58} minimum={380}
            end={where === 'history' ? <HistoryPane onClose={close} /> : chosen === null ? null : <FindingPane key={chosen} id={chosen} mayAct={mayAct} onAccept={(finding) => setAccepting(finding)} onUnaccept={(finding) => takeBack(finding.id, finding.title)} onClose={close} />}
            start={(
              <DataTable
                ref={table} label={t('table')} columns={columns} rowCount={total} getRow={list.getRow} rowKey={(row) => String(row.id)} onVisibleRange={list.onVisibleRange} selectedKey={chosen === null ? null : String(chosen)} onSelect={(row) => go(`/${row.id}`)}
                sort={{ by: order.sort, direction: order.direction }} onSort={({ by, direction }) => setOrder({ sort: by as Order['sort'], direction })}
                onKeyDown={(event, row) => !event.ctrlKey && !event.metaKey && !event.altKey && key(event.key.toLowerCase(), row)}
                {...(list.total === 0 && { empty: !isUntouched
                  ? <EmptyState icon="success" title={t(isUsual ? 'empty.noneOpen' : 'empty.filtered')} action={!isUsual && <Button onPress={() => keep('')}>{t('filter.clear')}</Button>} />
                  : <EmptyState icon="security" title={t('empty.title')} hint={t('empty.hint')} action={<Button icon="plus" variant="primary" isDisabled={mayAct !== null} reason={mayAct} onPress={choose}>{t('action.import')}</Button>} /> })}
              />
            )}
          />
        </div>
      </div>
      {accepting !== null && <AcceptDialog ids={[accepting.id]} title={accepting.title} onClose={() => setAccepting(null)} onDone={() => accepted(accepting.id, accepting.title)} />}
    </AreaFrame>
  );
}

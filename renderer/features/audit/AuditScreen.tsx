import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { auditFilterSchema, everything, type AuditFilter, type AuditRow } from '../../../shared/domain/audit.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { useEvent } from '../../bridge/events.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { useLayoutValue } from '../../state/settings.ts';
import { Age, Badge, Button, DataTable, EmptyState, ErrorPanel, FilterBar, FilterChip, Page, PageHeader, SearchField, SplitPane, StatusLine, type Column, type DataTableHandle } from '../../ui/index.ts';
import { EntryPane } from './EntryPane.tsx';
import { Timeline } from './Timeline.tsx';
import { useAuditWindow } from './useAuditWindow.ts';
import { Verification } from './Verification.tsx';
import styles from './audit.module.css';

const rowKey = (row: AuditRow): string => String(row.index);

function storedFilter(text: string): AuditFilter {
  try {
    const checked = auditFilterSchema.safeParse(JSON.parse(text));
    return checked.success ? checked.data : everything;
  } catch {
    return everything;
  }
}

/** The audit log: what happened when on top, the entries below, the chosen one with its proof on the right. */
export function AuditScreen(): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const isOffline = useIsOffline();
  const [stored, store] = useLayoutValue<string>('audit.filters', '');
  const filter = useMemo(() => storedFilter(stored), [stored]);
  const setFilter = useCallback((change: Partial<AuditFilter>) => store(JSON.stringify({ ...filter, ...change })), [filter, store]);
  const [chosen, choose] = useState<number | null>(null);
  const [job, setJob] = useState<Job | null>(null);
  const status = useCall('audit.status', undefined);
  const features = useCall('audit.features', undefined);
  const timeline = useCall('audit.timeline', { filter, buckets: 120 });
  const whole = useCall('audit.timeline', { filter: everything, buckets: 1 });
  const list = useAuditWindow(filter);
  const visit = useAction('audit.visit');
  const verify = useAction('audit.verify');
  const table = useRef<DataTableHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const { refetch: again } = status;
  const { refetch: timelineAgain } = timeline;
  useEvent('audit.changed', () => { again(); timelineAgain(); whole.refetch(); });
  useEvent('job.changed', (changed) => { if (changed.kind.startsWith('audit.')) setJob(changed); });
  const isRunning = job?.status === 'running';
  const look = (): void => void visit.run();
  useCommand({ id: 'audit.visit', title: t('action.visit'), group: 'view', shortcut: 'F5', isEnabled: !isOffline, reason: isOffline ? t('offline') : null, run: look });
  useCommand({ id: 'audit.search', title: t('filter.search'), group: 'view', shortcut: 'F3', run: () => search.current?.focus() });
  useCommand({ id: 'audit.verify', title: t('action.verify'), group: 'view', run: () => void verify.run({ restart: true }) });

  const columns = useMemo((): Column<AuditRow>[] => [
    { id: 'number', header: t('column.number'), width: 72, align: 'end', render: (row) => format.integer(row.index + 1) },
    { id: 'at', header: t('column.at'), width: 148, render: (row) => format.dateTime(row.at) },
    { id: 'actor', header: t('column.actor'), width: 88, grow: 1, render: (row) => row.actor },
    { id: 'action', header: t('column.action'), width: 88, grow: 1, render: (row) => row.action },
    { id: 'resource', header: t('column.resource'), width: 188, grow: 2, render: (row) => row.resource },
    { id: 'outcome', header: t('column.outcome'), width: 92, render: (row) => (row.outcome === 'refused' ? <Badge tone="danger">{t('outcome.refused')}</Badge> : t('outcome.accepted')) },
    { id: 'reason', header: t('column.reason'), width: 64, grow: 2, render: (row) => row.reason ?? '' },
  ], [t, format]);
  const options = (names: readonly string[], value: string | null) => [...new Set([...names, ...(value === null ? [] : [value])])].map((name) => ({ value: name, label: name }));
  const one = (values: readonly string[], before: string | null): string | null => values.find((value) => value !== before) ?? values[0] ?? null;
  const total = list.total ?? 0;
  const verified = status.data?.verified ?? null;
  const isNarrowed = stored !== '' && JSON.stringify(filter) !== JSON.stringify(everything);
  const count = t('count', { count: total, shown: format.integer(total) });
  const isEmpty = list.total === 0;
  const cannot = features.data !== undefined && !features.data.signed && !features.data.unsigned;
  return (
    <Page
      header={<PageHeader title={t('title')} detail={list.total === null ? undefined : count} actions={<><Button icon="check" isDisabled={isRunning} reason={isRunning ? t('running') : null} onPress={() => void verify.run({ restart: true })} data-testid="audit-verify">{t('action.verify')}</Button><Button icon="refresh" variant="primary" shortcut="F5" isDisabled={isOffline || isRunning} reason={isOffline ? t('offline') : isRunning ? t('running') : null} onPress={look} data-testid="audit-visit">{t('action.visit')}</Button></>} />}
      filters={(
        <FilterBar label={t('filter.title')}>
          <SearchField label={t('filter.search')} value={filter.text} onChange={(text) => setFilter({ text })} inputRef={search} maxLength={200} className={styles.search ?? ''} data-testid="audit-search" />
          <FilterChip label={t('column.actor')} options={options(whole.data?.actors.map(({ actor }) => actor) ?? [], filter.actor)} values={filter.actor === null ? [] : [filter.actor]} onChange={(values) => setFilter({ actor: one(values, filter.actor) })} />
          <FilterChip label={t('column.action')} options={options(whole.data?.actions.map(({ action }) => action) ?? [], filter.action)} values={filter.action === null ? [] : [filter.action]} onChange={(values) => setFilter({ action: one(values, filter.action) })} />
          <FilterChip label={t('column.outcome')} options={[{ value: 'accepted', label: t('outcome.accepted') }, { value: 'refused', label: t('outcome.refused') }]} values={filter.outcome === null ? [] : [filter.outcome]} onChange={(values) => setFilter({ outcome: one(values, filter.outcome) as AuditFilter['outcome'] })} />
          {filter.resource !== null && <FilterChip label={t('column.resource')} options={options([], filter.resource)} values={[filter.resource]} onChange={() => setFilter({ resource: null })} />}
          {filter.correlationId !== null && <FilterChip label={t('entry.correlation')} options={options([], filter.correlationId)} values={[filter.correlationId]} onChange={() => setFilter({ correlationId: null })} />}
          {isNarrowed && <Button variant="quiet" onPress={() => store('')}>{t('filter.clear')}</Button>}
        </FilterBar>
      )}
      status={<StatusLine items={[count, verified !== null && <Age key="age" at={verified.at} oldAfter={24 * 3_600_000} />, isNarrowed && t('filtered'), isOffline && t('offline'), status.data?.kind === 'witness' && t('witness')]} end={t('keys')} />}
    >
      <div className={styles.screen}>
        {status.data !== undefined && <Verification status={status.data} job={job} />}
        {status.error !== null && <ErrorPanel error={status.error} onRetry={status.refetch} isInline />}
        {timeline.data !== undefined && timeline.data.span !== null && <Timeline timeline={timeline.data} filter={filter} onChange={setFilter} />}
        <div className={styles.entries}>
          <SplitPane
            storageKey="audit" label={t('divider')} initial={62} minimum={420}
            end={chosen === null ? null : <EntryPane key={chosen} index={chosen} onFilter={setFilter} onClose={() => { choose(null); table.current?.focus(); }} />}
            start={(
              <DataTable
                ref={table} label={t('table')} columns={columns} rowCount={total} getRow={list.getRow} rowKey={rowKey} onVisibleRange={list.onVisibleRange} selectedKey={chosen === null ? null : String(chosen)} onSelect={(row) => choose(row.index)}
                {...(isEmpty && { empty: isNarrowed ? <EmptyState icon="audit" title={t('empty.filtered')} action={<Button onPress={() => store('')}>{t('filter.clear')}</Button>} />
                  : <EmptyState icon="audit" title={t(cannot ? 'empty.unsupported' : 'empty.title')} hint={t(cannot ? 'empty.unsupportedHint' : 'empty.hint')} {...(!cannot && { action: <Button variant="primary" onPress={look}>{t('action.visit')}</Button> })} /> })}
              />
            )}
          />
        </div>
        {list.error !== null && <ErrorPanel error={list.error} onRetry={list.refresh} isInline />}
      </div>
    </Page>
  );
}

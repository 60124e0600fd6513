import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { everything, type AuditFilter, type AuditPage, type AuditRow, type AuditStatus } from '../../../shared/domain/audit.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { call } from '../../bridge/call.ts';
import { useEvent } from '../../bridge/events.ts';
import type { Part } from '../../bridge/list-window.ts';
import { useAction, useCall, type CallState } from '../../bridge/queries.ts';
import { useWindow } from '../../bridge/useWindow.ts';
import { useFormat } from '../../i18n/format.ts';
import { useSecurityReason } from '../../app/useWaiting.ts';
import { useIsOffline } from '../../state/connection.ts';
import { useLayoutValue } from '../../state/settings.ts';
import { Age, Badge, Button, EmptyState, ErrorPanel, FitTable, SplitPane, StatusLine, type Column, type DataTableHandle } from '../../ui/index.ts';
import { Chart } from './Chart.tsx';
import { EntryPane } from './EntryPane.tsx';
import { useAuditFilter } from './filter.ts';
import { LogFilters } from './LogFilters.tsx';
import { useActionName } from './names.ts';
import { tailSeconds, useLiveTail } from './useLiveTail.ts';
import { Verification } from './Verification.tsx';
import styles from './audit.module.css';

type Query = { filter: AuditFilter };
const read = (input: Query & Part): Promise<AuditPage> => call('audit.list', input);
const rowKey = (row: AuditRow): string => String(row.index);

/** What stays longest when the list gets narrow. */
const priority = ['number', 'actor', 'action', 'at', 'resource', 'outcome', 'reason'];

/** The log of the server: what happened when on top, the entries below, the chosen one with its proof on the right. */
export function LogView({ status, job }: { status: CallState<AuditStatus>; job: Job | null }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const nameOf = useActionName();
  const isOffline = useIsOffline();
  const { filter, change, isNarrowed } = useAuditFilter();
  const [chosen, choose] = useState<number | null>(null);
  const query = useMemo((): Query => ({ filter }), [filter]);
  const list = useWindow(query, read);
  const timeline = useCall('audit.timeline', { filter, buckets: 120 });
  const features = useCall('audit.features', undefined);
  const navigate = useNavigate();
  const visit = useAction('audit.visit');
  const mayNotRead = useSecurityReason();
  const [wantsLive, setLive] = useLayoutValue<boolean>('audit.live', true);
  const table = useRef<DataTableHandle>(null);
  useEvent('audit.changed', list.refresh);
  // Whoever may not read the log would be refused every few seconds, and the server writes each refusal down.
  const closed = mayNotRead ?? (features.data?.signed === false ? t('live.unsigned') : null);
  const isLive = wantsLive && closed === null && features.data !== undefined && !isOffline;
  useLiveTail(isLive);
  const clear = useCallback(() => change(everything), [change]);
  /** An entry that somebody came for: the list goes there as soon as it is that of the whole log. */
  const goal = useRef<number | null>(null);
  useArrival(change, useCallback((index: number) => { choose(index); goal.current = index; }, []));
  useEffect(() => {
    if (goal.current === null || list.total === null || list.isPrevious || isNarrowed) return;
    table.current?.scrollToRow(list.total - 1 - goal.current);
    goal.current = null;
  }, [list.total, list.isPrevious, isNarrowed, chosen]);

  const isClaimed = status.data?.kind === 'witness';

  const columns = useMemo((): Column<AuditRow>[] => [
    { id: 'number', header: t('column.number'), width: 72, align: 'end', render: (row) => format.integer(row.index + 1) },
    { id: 'at', header: t('column.at'), width: 148, render: (row) => format.dateTime(row.at) },
    { id: 'actor', header: t('column.actor'), width: !isClaimed ? 88 : chosen === null ? 192 : 104, grow: 1, render: (row) => row.actor },
    { id: 'action', header: t('column.action'), width: 120, grow: 1, render: (row) => nameOf(row.action) },
    { id: 'resource', header: t('column.resource'), width: 188, grow: 2, render: (row) => row.resource },
    // A server that signs nothing says neither what it refused nor why.
    ...(isClaimed ? [] : [{ id: 'outcome', header: t('column.outcome'), width: 92, render: (row: AuditRow) => (row.outcome === 'refused' ? <Badge tone="danger">{t('outcome.refused')}</Badge> : t('outcome.accepted')) }]),
    { id: 'reason', header: t(isClaimed ? 'claimed.changes' : 'column.reason'), width: 64, grow: 2, render: (row) => row.reason ?? '' },
  ], [t, format, nameOf, isClaimed, chosen]);
  const total = list.total ?? 0;
  const verified = status.data?.verified ?? null;
  const count = t('count', { count: total, shown: format.integer(total) });
  const cannot = features.data !== undefined && !features.data.signed && !features.data.unsigned;
  const nothing = isNarrowed ? <EmptyState icon="audit" title={t('empty.filtered')} action={<Button onPress={clear}>{t('filter.clear')}</Button>} />
    : status.data?.kind === 'witness' && status.data.size === 0 ? <EmptyState icon="audit" title={t('empty.read')} hint={t('empty.readHint')} action={<Button onPress={() => void navigate('/audit/journal')}>{t('empty.toJournal')}</Button>} />
      : <EmptyState icon="audit" title={t(cannot ? 'empty.unsupported' : 'empty.title')} hint={t(cannot ? 'empty.unsupportedHint' : 'empty.hint')} {...(!cannot && { action: <Button variant="primary" isDisabled={isOffline} reason={isOffline ? t('offline') : null} onPress={() => void visit.run()}>{t('action.visit')}</Button> })} />;
  return (
    <div className={styles.screen}>
      <LogFilters filter={filter} onChange={change} isNarrowed={isNarrowed} isSigned={features.data?.signed !== false} live={{ isOn: isLive || (wantsLive && isOffline && closed === null), closed, onChange: setLive }} />
      {status.data !== undefined && <Verification status={status.data} job={job} />}
      {status.error !== null && <ErrorPanel error={status.error} onRetry={status.refetch} isInline />}
      {timeline.data !== undefined && timeline.data.span !== null && <Chart timeline={timeline.data} filter={filter} isClaimed={isClaimed} onChange={change} />}
      <div className={styles.entries}>
        <SplitPane
          storageKey="audit" label={t('divider')} initial={62} minimum={420}
          end={chosen === null ? null : <EntryPane key={chosen} index={chosen} isClaimed={isClaimed} onFilter={change} onClose={() => { choose(null); table.current?.focus(); }} />}
          start={(
            <FitTable
              priority={priority} ref={table} label={t('table')} columns={columns} rowCount={total} getRow={list.getRow} rowKey={rowKey} onVisibleRange={list.onVisibleRange} selectedKey={chosen === null ? null : String(chosen)} onSelect={(row) => choose(row.index)}
              {...(list.total === 0 && { empty: nothing })}
            />
          )}
        />
      </div>
      {list.error !== null && <ErrorPanel error={list.error} onRetry={list.refresh} isInline />}
      <StatusLine items={[count, verified !== null && <Age key="age" at={verified.at} oldAfter={24 * 3_600_000} />, isLive && t('live.every', { count: tailSeconds }), isNarrowed && t('filtered'), isOffline && t('offline'), status.data?.kind === 'witness' && t('witness')]} end={t('keys')} />
    </div>
  );
}

/** Whoever comes from elsewhere brings along what they want to see: a document, a request, or one entry. It replaces the filter. */
function useArrival(change: (filter: AuditFilter) => void, choose: (index: number) => void): void {
  const [search, setSearch] = useSearchParams();
  const [resource, correlationId, index] = ['resource', 'correlationId', 'index'].map((name) => search.get(name));
  useEffect(() => {
    if (typeof index === 'string') choose(Number(index));
    if (typeof resource === 'string' || typeof correlationId === 'string' || typeof index === 'string') {
      change({ ...everything, resource: resource ?? null, correlationId: correlationId ?? null });
      setSearch({}, { replace: true });
    }
  }, [resource, correlationId, index, change, choose, setSearch]);
}

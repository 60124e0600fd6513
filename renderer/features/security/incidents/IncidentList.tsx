import { useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { isOver, type IncidentRow } from '../../../../shared/security/incidents/list.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { Age, Badge, Banner, Button, DataTable, EmptyState, ErrorPanel, Skeleton, StatusLine, type Column } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { Remaining, useClockLook, useSecond } from './ClockTable.tsx';
import { ExerciseBadge, SeverityBadge } from './Fields.tsx';
import { namespace } from './words.ts';
import styles from './incidents.module.css';

/** The next clock of an incident, with its remaining time. */
function NextClock({ row, part }: { row: IncidentRow; part: 'name' | 'left' | 'state' }): ReactNode {
  const { t } = useTranslation(namespace);
  const now = useSecond();
  const look = useClockLook();
  const clock = row.clocks.find(({ doneAt, dueAt }) => doneAt === null && dueAt !== null) ?? row.clocks.find(({ doneAt }) => doneAt === null);
  if (clock === undefined) return part === 'state' ? <Badge tone="success" icon="success">{t('clockState.none')}</Badge> : '–';
  if (part === 'name') return t(`clock.${clock.kind}`);
  if (part === 'left') return <Remaining clock={clock} now={now} />;
  const { text, ...badge } = look(clock, now);
  return <Badge {...badge}>{text}</Badge>;
}

/** Every incident, the one whose next clock ends first on top. */
export function IncidentList(): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const navigate = useNavigate();
  const isOffline = useIsOffline();
  const reason = useActReason();
  const { data, error, isSlow, refetch } = useCall('incidents.list', undefined);
  const sync = useAction('incidents.sync');
  const { run: look } = sync;
  useEffect(() => { void look(); }, [look]);
  const rows = data?.rows ?? [];
  const isLocal = data?.sync.server === 'unsupported';
  const cannotSync = isLocal ? t('security:reason.unsupported') : isOffline ? t('sync.offline') : null;
  const create = (): void => void navigate('/security/incidents/new');
  useCommand({ id: 'incidents.new', title: t('new.open'), group: 'document', shortcut: 'Ctrl+N', isEnabled: reason === null, reason, run: create });
  useCommand({ id: 'incidents.sync', title: t('sync.now'), group: 'view', shortcut: 'F5', isEnabled: cannotSync === null, reason: cannotSync, run: () => void look() });
  const columns = useMemo((): Column<IncidentRow>[] => [
    { id: 'severity', header: t('column.severity'), width: 96, render: (row) => <SeverityBadge severity={row.severity} /> },
    { id: 'title', header: t('column.title'), width: 240, grow: 6, render: (row) => <span className={styles.titleCell}>{row.isExercise && <ExerciseBadge />}<span className={styles.titleText} title={row.title}>{row.title}</span></span> },
    { id: 'phase', header: t('column.phase'), width: 120, render: (row) => (isOver(row) ? t('over') : t(`phase.${row.phase}`)) },
    { id: 'clock', header: t('column.nextClock'), width: 144, render: (row) => <NextClock row={row} part="name" /> },
    { id: 'left', header: t('column.left'), width: 176, align: 'end', render: (row) => <NextClock row={row} part="left" /> },
    { id: 'state', header: t('column.state'), width: 112, render: (row) => <NextClock row={row} part="state" /> },
    { id: 'lead', header: t('role.lead'), width: 104, grow: 1, render: (row) => (row.lead === '' ? '–' : row.lead) },
    { id: 'tasks', header: t('column.tasks'), width: 92, align: 'end', render: (row) => format.integer(row.openTasks) },
    // Without a place on the server there is nothing to send.
    ...(isLocal ? [] : [{ id: 'sync', header: t('column.sync'), width: 144, render: (row: IncidentRow) => (row.conflicts > 0 ? <Badge tone="warning" icon="warning">{t('sync.conflict', { count: row.conflicts })}</Badge> : row.isPending ? <Badge icon="clock">{t('sync.pending')}</Badge> : <Badge icon="check">{t('sync.done')}</Badge>) }]),
  ], [t, format, isLocal]);
  const real = rows.filter((row) => !row.isExercise);
  const open = real.filter((row) => !isOver(row)).length;
  const server = data?.sync;
  return (
    <AreaFrame
      bar={<AreaBar
        summary={<>{t('summary', { count: open, shown: format.integer(open) })} · {t('summaryExercises', { count: rows.length - real.length, shown: format.integer(rows.length - real.length) })}</>}
        actions={<>
          <Button icon="user" onPress={() => void navigate('/security/incidents/leavers')} data-testid="open-leavers">{t('leavers.open')}</Button>
          <Button icon="plus" variant="primary" isDisabled={reason !== null} reason={reason} shortcut="Ctrl+N" onPress={create} data-testid="incident-new">{t('new.open')}</Button>
        </>}
      />}
      foot={<StatusLine items={[t('count', { count: rows.length, shown: format.integer(rows.length) }), server?.server === 'supported' && <Age key="age" at={server.syncedAt} oldAfter={15 * 60_000} />, server?.server === 'unsupported' && t('sync.local'), isOffline && server?.server !== 'unsupported' && t('sync.offline'), (server?.unreadable ?? 0) > 0 && t('sync.unreadable', { count: server?.unreadable ?? 0 })]} end={t('keys')} />}
    >
      <div className={styles.fill}>
        {server?.server === 'unsupported' && <Banner>{t('sync.localHint')}</Banner>}
        {server !== undefined && server.error !== null && !isOffline && <ErrorPanel error={server.error} isInline onRetry={() => void look()} />}
        {error !== null && <ErrorPanel error={error} onRetry={refetch} />}
        {data === undefined && isSlow && <Skeleton lines={6} />}
        {data !== undefined && (
          <div className={styles.grow}>
            <DataTable
              label={t('list')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={(row) => row.id} onActivate={(row) => void navigate(`/security/incidents/${row.id}`)}
              {...(rows.length === 0 && { empty: <EmptyState icon="security" title={t('empty.title')} hint={t('empty.hint')} action={<Button variant="primary" isDisabled={reason !== null} reason={reason} onPress={create}>{t('new.open')}</Button>} /> })}
            />
          </div>
        )}
      </div>
    </AreaFrame>
  );
}

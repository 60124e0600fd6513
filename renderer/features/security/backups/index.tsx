import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { Job } from '../../../../shared/domain/job.ts';
import { isProven, judgeBackups, type DrillProof } from '../../../../shared/security/backups/backup.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { Age, Badge, Banner, Button, DataTable, EmptyState, ErrorPanel, ProgressBar, Skeleton, SplitPane, StatusLine, useNow, type Column, type DataTableHandle } from '../../../ui/index.ts';
import { useJob } from '../../paper/useJob.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason, useServerReason } from '../rights.ts';
import { SourceMark } from '../SourceMark.tsx';
import { BackupPane } from './BackupPane.tsx';
import { KeyChanged } from './KeyChanged.tsx';
import { ProofFile } from './ProofFile.tsx';
import { rowsOf, useSize, type BackupRow } from './rows.ts';
import { StateLine } from './StateLine.tsx';
import { Timeline } from './Timeline.tsx';
import styles from './backups.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-backups.json', { eager: true, import: 'default' }));

/** The server's backups against the rules, restore drills with their checked proofs, and where there are gaps. */
export default function BackupsScreen(): ReactNode {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  const size = useSize();
  const minute = useNow();
  const navigate = useNavigate();
  const chosen = useParams()['*'] ?? '';
  const isOffline = useIsOffline();
  const mayAct = useServerReason();
  const mayImport = useActReason();
  const view = useCall('backups.state', undefined);
  const read = useAction('backups.read');
  const create = useAction('backups.create');
  const drill = useAction('backups.drill');
  const cancel = useAction('jobs.cancel');
  const [started, setStarted] = useState<Job | null>(null);
  const [imported, setImported] = useState<DrillProof | null>(null);
  const job = useJob(started);
  const table = useRef<DataTableHandle>(null);
  const { features = null, readAt = null, unreadable = 0 } = view.data ?? {};
  // Known only once the state is there: before that, asking could only fail on a server that has none.
  const mayLook = view.data !== undefined && features?.list !== false && !isOffline;
  const { run: look } = read;
  // What is shown is what was last read; opening the screen reads again where that is possible.
  useEffect(() => { if (mayLook) void look(); }, [mayLook, look]);
  const isRunning = job?.status === 'running';
  const busy = isRunning ? t('reason.running') : null;
  const lacks = (has: boolean | undefined): string | null => (has === false ? t('security:reason.unsupported') : null);
  const cannotCreate = mayAct ?? lacks(features?.create) ?? busy;
  const cannotDrill = mayAct ?? lacks(features?.drill) ?? busy;
  const cannotRead = isOffline ? t('security:reason.offline') : lacks(features?.list);
  const begin = (work: Promise<Job | null>): void => void work.then((made) => { if (made !== null) setStarted(made); });
  const select = (id: string): void => void navigate(id === '' ? '/security/backups' : `/security/backups/${encodeURIComponent(id)}`, { replace: true });
  useCommand({ id: 'backups.read', title: t('action.read'), group: 'view', shortcut: 'F5', isEnabled: cannotRead === null, reason: cannotRead, run: () => void look() });
  useCommand({ id: 'backups.create', title: t('action.create'), group: 'document', shortcut: 'Ctrl+N', isEnabled: cannotCreate === null, reason: cannotCreate, run: () => begin(create.run()) });

  const proofs = useMemo(() => view.data?.proofs ?? [], [view.data]);
  const backups = useMemo(() => view.data?.backups ?? [], [view.data]);
  // What came in since the last minute is not from the future.
  const now = Math.max(minute, readAt ?? 0);
  const rows = useMemo(() => rowsOf(backups, proofs), [backups, proofs]);
  const state = useMemo(() => judgeBackups(backups, proofs, now), [backups, proofs, now]);
  const selected = rows.find(({ backup }) => backup.id === chosen) ?? null;
  const columns = useMemo((): Column<BackupRow>[] => [
    { id: 'createdAt', header: t('column.createdAt'), width: 144, render: ({ backup }) => format.dateTime(backup.createdAt) },
    { id: 'age', header: t('column.age'), width: 80, grow: 1, render: ({ backup }) => format.relative(backup.createdAt, now) },
    { id: 'kind', header: t('column.kind'), width: 84, render: ({ backup }) => t(`kind.${backup.kind}`) },
    { id: 'size', header: t('column.size'), width: 72, align: 'end', render: ({ backup, isGone }) => (isGone ? t('gone') : size(backup.size)) },
    { id: 'offsite', header: t('column.offsite'), width: 104, render: ({ backup: { offsite }, isGone }) => (isGone || offsite === null ? '–' : offsite.copied ? <Badge tone="success" icon="check">{t('offsite.copied')}</Badge> : <Badge tone="danger" icon="error">{t('offsite.missing')}</Badge>) },
    { id: 'proven', header: t('column.proven'), width: 176, render: ({ backup, latest }) => (latest === null ? <SourceMark source="claimed" /> : isProven(backup.id, [latest]) ? <Badge tone="success" icon="check">{t('proven.yes')}</Badge> : <Badge tone="danger" icon="error">{t('proven.no')}</Badge>) },
  ], [t, format, size, now]);
  const failed = view.error ?? read.error ?? create.error ?? drill.error;
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={<StateLine state={state} isKnown={readAt !== null} />}
          actions={(
            <>
              <ProofFile reason={mayImport ?? (view.data?.knownKey === null ? t('reason.noKey') : null)} onImported={(proof) => { setImported(proof); select(proof.evidence.backup); }} />
              <Button icon="refresh" shortcut="F5" isPending={read.isPending} isDisabled={cannotRead !== null} reason={cannotRead} onPress={() => void look()}>{t('action.read')}</Button>
              <Button icon="archive" variant="primary" shortcut="Ctrl+N" isDisabled={cannotCreate !== null} reason={cannotCreate} onPress={() => begin(create.run())} data-testid="backups-create">{t('action.create')}</Button>
            </>
          )}
        />
      )}
      foot={<StatusLine items={[t('count', { count: backups.length }), unreadable > 0 && t('unreadable', { count: unreadable }), readAt !== null && <Age key="age" at={readAt} />, isOffline && t('security:reason.offline')]} end={t('keys')} />}
    >
      <div className={styles.screen}>
        {isRunning && job !== null && <div className={styles.progress}><ProgressBar label={t(`job.${job.kind}`)} value={job.total === 0 ? null : job.done / job.total} {...(job.kind === 'backups.drill' && { onCancel: () => void cancel.run({ id: job.id }) })} /></div>}
        {failed !== null && <ErrorPanel error={failed} isInline />}
        {job?.status === 'failed' && job.error !== null && <div data-testid="backups-failed"><ErrorPanel error={job.error} isInline /></div>}
        {view.data !== undefined && <KeyChanged knownKey={view.data.knownKey} offeredKey={view.data.offeredKey} />}
        {features?.list === false && <Banner tone="neutral">{t('unsupported')}</Banner>}
        {imported !== null && <Banner tone="success" onDismiss={() => setImported(null)} data-testid="backups-imported">{t('imported', { file: imported.file ?? '', backup: imported.evidence.backup })}</Banner>}
        {view.data === undefined ? view.isSlow && <Skeleton /> : (
          <>
            <div className={styles.list}>
              <SplitPane
                storageKey="security.backups" label={t('divider')} initial={60} minimum={400}
                end={selected === null ? null : <BackupPane key={selected.backup.id} row={selected} proofs={proofs.filter(({ evidence }) => evidence.backup === selected.backup.id)} cannotDrill={selected.isGone ? t('gone') : cannotDrill} onDrill={() => begin(drill.run({ id: selected.backup.id }))} onClose={() => { select(''); table.current?.focus(); }} />}
                start={(
                  <DataTable
                    ref={table} label={t('table')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={({ backup }) => backup.id} selectedKey={selected?.backup.id ?? null} onSelect={({ backup }) => select(backup.id)}
                    empty={<EmptyState icon="archive" title={t(features?.list === false ? 'empty.unsupported' : readAt === null ? 'empty.never' : 'empty.title')} hint={t(features?.list === false ? 'empty.unsupportedHint' : 'empty.hint')} />}
                  />
                )}
              />
            </div>
            {backups.length > 0 && <Timeline backups={backups} now={now} />}
          </>
        )}
      </div>
    </AreaFrame>
  );
}

import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { Job } from '../../../../shared/domain/job.ts';
import { postureChecks } from '../../../../shared/security/posture/checks.ts';
import { countOf, isFinding, postureGoodFor, postureSchedules, type PostureResult } from '../../../../shared/security/posture/result.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useActiveProfile } from '../../../state/profiles.ts';
import { useCommand } from '../../../state/commands.ts';
import { Age, Banner, Button, Checkbox, DataTable, EmptyState, ErrorPanel, ProgressBar, Select, Skeleton, SplitPane, StatusLine, type Column, type DataTableHandle } from '../../../ui/index.ts';
import { useJob } from '../../paper/useJob.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason, useServerReason } from '../rights.ts';
import { PlanDialog } from './PlanDialog.tsx';
import { ResultPane } from './ResultPane.tsx';
import { Trend } from './Trend.tsx';
import { useSeen, VerdictMark } from './verdicts.tsx';
import styles from './posture.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-posture.json', { eager: true, import: 'default' }));

const rowKey = ({ check }: PostureResult): string => check;

/** The server check: what this app has measured at the server, what to do about it, and how it went over time. */
export default function Posture(): ReactNode {
  const { t } = useTranslation('security-posture');
  const format = useFormat();
  const profile = useActiveProfile();
  const seen = useSeen();
  const navigate = useNavigate();
  const chosen = useParams()['*'] ?? '';
  const choose = (check: string): void => void navigate(check === '' ? '/security/posture' : `/security/posture/${check}`);
  const [isPlanning, setPlanning] = useState(false);
  const [onlyFindings, setOnlyFindings] = useState(false);
  const [earlier, setEarlier] = useState<string | null>(null);
  const [started, setStarted] = useState<Job | null>(null);
  const table = useRef<DataTableHandle>(null);
  const state = useCall('posture.state', undefined);
  const old = useCall('posture.run', { id: earlier ?? '00000000-0000-4000-8000-000000000000' }, { enabled: earlier !== null, keepPrevious: false });
  const start = useAction('posture.start');
  const setSchedule = useAction('posture.setSchedule');
  const cancel = useAction('jobs.cancel');
  const job = useJob(started ?? state.data?.running ?? null);
  const isRunning = job?.status === 'running';
  const serverReason = useServerReason();
  const actReason = useActReason();
  useCommand({ id: 'posture.check', title: t('action.check'), group: 'view', shortcut: 'F5', isEnabled: serverReason === null && !isRunning, reason: serverReason, run: () => setPlanning(true) });

  const { latest = null, history = [], changed, schedule = 'off', nextAt = null } = state.data ?? {};
  const run = earlier === null ? latest : (old.data ?? null);
  const rows = useMemo(() => (run?.results ?? []).filter((result) => !onlyFindings || isFinding(result)), [run, onlyFindings]);
  const selected = run?.results.find(({ check }) => check === chosen) ?? null;
  // A server that real work is done on must not know the key of its own workshop.
  const acceptsDevelopment = profile?.environment === 'production' && latest?.results.some(({ check, verdict }) => check === 'tokenDevelopment' && verdict === 'bad') === true;
  const columns: Column<PostureResult>[] = [
    { id: 'check', header: t('column.check'), width: 232, grow: 1, render: ({ check }) => t(`check.${check}`) },
    { id: 'verdict', header: t('column.verdict'), width: 152, render: ({ verdict }) => <VerdictMark verdict={verdict} /> },
    { id: 'seen', header: t('column.seen'), width: 160, grow: 3, render: (result) => seen(result) },
    { id: 'group', header: t('column.group'), width: 128, render: ({ check }) => <span className={styles.muted}>{t(`group.${postureChecks[check].group}`)}</span> },
  ];
  const begin = (): void => void start.run().then((next) => {
    if (next === null) return;
    setStarted(next);
    setEarlier(null);
    setPlanning(false);
  });
  const names = (checks: readonly string[]): string => format.list(checks.map((check) => t(`check.${check}`)));
  const count = run === null ? null : countOf(run);
  const failed = state.error ?? start.error ?? setSchedule.error ?? (job?.status === 'failed' ? job.error : null);
  const check = <Button icon="security" variant="primary" shortcut="F5" isDisabled={serverReason !== null || isRunning} reason={serverReason} onPress={() => setPlanning(true)} data-testid="posture-check">{t('action.check')}</Button>;
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={count === null || run === null ? t('never') : <><b>{t('findings', { count: count.findings })}</b> · {t('good', { count: count.good })} · {t('unknown', { count: count.unknown })} · <Age at={run.startedAt} oldAfter={postureGoodFor} /> · {run.by === null ? t('bySchedule') : t('measuredBy', { by: run.by })}</>}
          actions={(
            <>
              {run !== null && <Checkbox isSelected={onlyFindings} onChange={setOnlyFindings}>{t('filter.findings')}</Checkbox>}
              <Select label={t('schedule')} hideLabel className={styles.schedule ?? ''} isDisabled={actReason !== null} options={postureSchedules.map((value) => ({ value, label: t(`schedule.${value}`) }))} value={schedule} onChange={(value) => void setSchedule.run({ schedule: value })} data-testid="posture-schedule" />
              {check}
            </>
          )}
        />
      )}
      foot={(run !== null || actReason !== null) && <StatusLine items={[run !== null && t('status', { count: rows.length, requests: run.requests }), nextAt !== null && t('next', { when: format.dateTime(nextAt) }), actReason !== null && actReason]} end={t('keys')} />}
    >
      <div className={styles.screen}>
        {isRunning && job !== null && <div className={styles.progress}><ProgressBar label={t('running')} value={job.total === 0 ? null : job.done / job.total} detail={t('progress', { done: job.done, total: job.total })} onCancel={() => void cancel.run({ id: job.id })} /></div>}
        <div className={styles.notes}>
          {failed !== null && <ErrorPanel error={failed} isInline />}
          {earlier === null && acceptsDevelopment && <Banner tone="danger">{t('productionToken')}</Banner>}
          {earlier !== null && run !== null && <Banner tone="accent" action={<Button onPress={() => setEarlier(null)}>{t('latest')}</Button>}>{t('earlier', { when: format.dateTime(run.startedAt) })}</Banner>}
          {earlier === null && changed !== undefined && changed.worse.length > 0 && <Banner tone="warning">{t('changed.worse', { names: names(changed.worse) })}</Banner>}
          {earlier === null && changed !== undefined && changed.better.length > 0 && <Banner tone="success">{t('changed.better', { names: names(changed.better) })}</Banner>}
        </div>
        {run === null ? state.isLoading ? state.isSlow && <Skeleton lines={8} /> : state.error === null && !isRunning && <EmptyState icon="security" title={t('empty.title')} hint={t('empty.hint')} /> : (
          <>
            <div className={styles.results}>
              <SplitPane
                storageKey="posture" label={t('divider')} initial={62} minimum={380}
                end={selected === null ? null : <ResultPane key={selected.check} result={selected} run={run} onClose={() => { choose(''); table.current?.focus(); }} />}
                start={(
                  <DataTable
                    ref={table} label={t('table')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={rowKey} selectedKey={selected?.check ?? null} onSelect={({ check: id }) => choose(id)}
                    {...(rows.length === 0 && { empty: <EmptyState icon="success" title={t('empty.noFindings')} action={<Button onPress={() => setOnlyFindings(false)}>{t('empty.showAll')}</Button>} /> })}
                  />
                )}
              />
            </div>
            {history.length > 0 && <Trend history={history} shown={run.id} onShow={(id) => setEarlier(id === latest?.id ? null : id)} />}
          </>
        )}
      </div>
      {isPlanning && <PlanDialog isPending={start.isPending} onClose={() => setPlanning(false)} onStart={begin} />}
    </AreaFrame>
  );
}

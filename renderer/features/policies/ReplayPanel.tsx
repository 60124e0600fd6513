import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { newAutomation } from '../../../shared/policy/compare.ts';
import { mostRules } from '../../../shared/policy/parse.ts';
import type { ReplayGroup, ReplayReport } from '../../../shared/policy/replay.ts';
import type { Job } from '../../../shared/domain/job.ts';
import type { Rule } from '../../../shared/policy/rule.ts';
import { useEvent } from '../../bridge/events.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Age, Badge, Banner, Button, EmptyState, ErrorPanel, ProgressBar } from '../../ui/index.ts';
import styles from './policies.module.css';

/** The edited rules over every alert of the past: what would have been decided otherwise. */
export function ReplayPanel({ before, after, hasAlerts, timeZone, isOffline }: { before: readonly Rule[]; after: readonly Rule[]; hasAlerts: boolean; timeZone: string | null; isOffline: boolean }): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const info = useCall('policy.alertsInfo', undefined);
  const pull = useAction('policy.pullAlerts');
  const generate = useAction('policy.generateAlerts');
  const cancel = useAction('jobs.cancel');
  const replay = useAction('policy.replay');
  const [job, setJob] = useState<Job | null>(null);
  const [of, setOf] = useState<{ after: readonly Rule[]; report: ReplayReport } | null>(null);
  const { refetch } = info;
  useEvent('job.changed', (next) => {
    if (next.kind !== 'policyAlerts') return;
    setJob(next.status === 'running' ? next : null);
    if (next.status !== 'running') refetch();
  });
  const count = info.data?.count ?? 0;
  const isGenerated = info.data?.isGenerated === true;
  const fetchedAt = info.data?.fetchedAt ?? null;
  const makeUp = (): void => void generate.run({ rules: [...before, ...after].slice(0, mostRules) }).then(refetch);
  const { run } = replay;
  // Every change of the rules makes the shown report that of another edit; the newest one is asked for after a pause.
  useEffect(() => {
    if (count === 0) return undefined;
    let isWanted = true;
    const timer = setTimeout(() => void run({ before: [...before], after: [...after] }).then((report) => { if (isWanted && report !== null) setOf({ after, report }); }), 400);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [before, after, count, fetchedAt, run]);
  if (!hasAlerts && count === 0 && generate.error !== null) return <ErrorPanel error={generate.error} onRetry={makeUp} />;
  if (!hasAlerts && count === 0) return <EmptyState icon="history" title={t('replay.unsupported')} hint={t('replay.unsupportedHint')} action={<Button icon="refresh" isPending={generate.isPending} onPress={makeUp} data-testid="generate-alerts">{t('replay.generate')}</Button>} />;
  const report = of?.report ?? null;
  return (
    <div className={styles.panel} data-testid="policy-replay">
      <div className={styles.replayHead}>
        <span>{count === 0 ? t('replay.never') : t(isGenerated ? 'replay.generatedCount' : 'replay.count', { count, shown: format.integer(count) })}</span>
        {isGenerated && <Badge tone="warning" icon="info">{t('replay.generated')}</Badge>}
        {fetchedAt !== null && <Age at={fetchedAt} form="relative" />}
        {isGenerated && !hasAlerts ? <Button icon="refresh" isPending={generate.isPending} onPress={makeUp} data-testid="generate-alerts">{t('replay.generateAgain')}</Button> : <Button icon="refresh" isPending={pull.isPending || job !== null} isDisabled={isOffline || !hasAlerts} reason={isOffline ? t('reason.offline') : t('replay.unsupported')} onPress={() => void pull.run()} data-testid="pull-alerts">{t('replay.pull')}</Button>}
      </div>
      {isGenerated && <p className={styles.muted}>{t('replay.generatedHint')}</p>}
      {timeZone !== null && <p className={styles.muted} data-testid="policy-zone">{t('zone.assumed', { zone: timeZone })}</p>}
      {(info.data?.unreadable ?? 0) > 0 && <Banner tone="warning">{t('replay.unreadable', { count: info.data?.unreadable ?? 0 })}</Banner>}
      {generate.error !== null && <ErrorPanel error={generate.error} isInline />}
      {job !== null && <ProgressBar label={t('replay.pulling')} value={null} detail={format.integer(job.done)} onCancel={() => void cancel.run({ id: job.id })} />}
      {pull.error !== null && <ErrorPanel error={pull.error} isInline />}
      {replay.error !== null && <ErrorPanel error={replay.error} isInline />}
      {report !== null && (
        <>
          <Banner tone={report.counts.executes + report.counts.executesOtherwise > 0 ? 'danger' : report.changed > 0 ? 'warning' : 'success'}>{summary(report, t, format)}</Banner>
          {report.drifted.length > 0 && <Banner tone="warning">{t('replay.drifted', { count: report.drifted.length })}</Banner>}
          <ul className={styles.groups}>{report.groups.map((group) => <Group key={`${group.kind} ${group.kpiId} ${group.before} ${group.after}`} group={group} />)}</ul>
          {report.neverUsed.length > 0 && <p className={styles.muted}>{t('replay.neverUsed', { rules: report.neverUsed.join(', ') })}</p>}
        </>
      )}
    </div>
  );
}

function summary(report: ReplayReport, t: ReturnType<typeof useTranslation<'policies'>>['t'], format: ReturnType<typeof useFormat>): string {
  const { executes, executesOtherwise } = report.counts;
  if (report.changed === 0) return t('replay.same', { alerts: format.integer(report.alerts) });
  if (executes + executesOtherwise === 0) return t('replay.changed', { count: report.changed, shown: format.integer(report.changed) });
  return t('replay.executes', { count: executes + executesOtherwise, shown: format.integer(executes + executesOtherwise) });
}

/** All alerts that change in the same way; opened, the first ones with what the rule would have done. */
function Group({ group }: { group: ReplayGroup }): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const alerts = useCall('policy.alerts', { places: group.examples }, { enabled: isOpen });
  return (
    <li data-kind={group.kind}>
      <div className={styles.groupHead}>
        <Badge tone={newAutomation.has(group.kind) ? 'danger' : 'neutral'} icon={newAutomation.has(group.kind) ? 'warning' : 'info'}>{format.integer(group.count)}</Badge>
        <span>{t(`kind.${group.kind}`)} · <b>{group.kpiId}</b> · {group.before === group.after ? (group.after ?? t('value.none')) : `${group.before ?? t('value.none')} → ${group.after ?? t('value.none')}`}</span>
        <Button variant="quiet" icon={isOpen ? 'chevronUp' : 'chevronDown'} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>{t('replay.alerts')}</Button>
      </div>
      {isOpen && alerts.error !== null && <ErrorPanel error={alerts.error} isInline onRetry={alerts.refetch} />}
      {isOpen && alerts.data !== undefined && (
        <table className={styles.alerts} aria-label={t('replay.alerts')}>
          <thead><tr><th scope="col">{t('replay.at')}</th><th scope="col">{t('replay.alert')}</th><th scope="col">{t('sample.severity')}</th></tr></thead>
          <tbody>{alerts.data.map(({ alert, at }) => <tr key={`${alert.id} ${at}`}><td>{format.moment(at)}</td><td>{alert.title || alert.kpiId}{alert.delta === undefined ? '' : ` (${format.decimal(String(alert.delta))})`}</td><td>{t(`severity.${alert.severity}`)}</td></tr>)}</tbody>
        </table>
      )}
    </li>
  );
}

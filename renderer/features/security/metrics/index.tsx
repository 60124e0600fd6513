import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { metricRanges, type MetricRange } from '../../../../shared/security/metrics/panels.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { useActiveProfile } from '../../../state/profiles.ts';
import { useCommand } from '../../../state/commands.ts';
import { Banner, Button, EmptyState, ErrorPanel, Select, Skeleton, StatusLine, useNow } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { SourceMark } from '../SourceMark.tsx';
import { LogSearch } from './LogSearch.tsx';
import { PanelView } from './PanelView.tsx';
import styles from './metrics.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-metrics.json', { eager: true, import: 'default' }));

/** Minutes after which the newest figure is old. */
const oldAfter = 5 * 60_000;

/** The metrics of the server, and behind them its log. */
export default function Metrics(): ReactNode {
  const sub = useParams()['*'] ?? '';
  return sub === 'log' || sub.startsWith('log/') ? <LogSearch correlationId={decodeURIComponent(sub.slice(4))} /> : <Panels />;
}

function Panels(): ReactNode {
  const { t } = useTranslation('security-metrics');
  const format = useFormat();
  const navigate = useNavigate();
  const profile = useActiveProfile();
  const isOffline = useIsOffline();
  const now = useNow();
  const [range, setRange] = useState<MetricRange>('1h');
  const answer = useCall('metrics.panels', { range });
  const refresh = useAction('metrics.refresh');
  const again = (): void => void refresh.run().then(() => answer.refetch());
  useCommand({ id: 'metrics.refresh', title: t('refresh'), group: 'view', shortcut: 'F5', isEnabled: !isOffline, reason: isOffline ? t('offline') : null, run: again });
  const { data } = answer;
  const isOld = data !== undefined && data.asOf !== null && now - data.asOf > oldAfter;
  const hasLog = profile?.lokiUrl !== undefined;
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={data === undefined ? ' ' : (
            <span className={styles.summary}>
              {data.asOf !== null && <SourceMark source="measured" isStale={isOld} />}
              <span>{t(`source.${data.source}`, { host: data.host })} · {data.since === null || data.asOf === null ? t('notYet') : t('span', { since: format.moment(data.since), asOf: format.moment(data.asOf) })}</span>
            </span>
          )}
          actions={(
            <>
              <Select label={t('range')} hideLabel className={styles.range ?? ''} options={metricRanges.map((value) => ({ value, label: t(`range.${value}`) }))} value={range} onChange={setRange} data-testid="metrics-range" />
              <Button icon="search" isDisabled={!hasLog} reason={hasLog ? null : t('log.none')} onPress={() => void navigate('/security/metrics/log')} data-testid="metrics-log">{t('log.open')}</Button>
              <Button icon="refresh" shortcut="F5" isDisabled={isOffline} reason={isOffline ? t('offline') : null} isPending={refresh.isPending || answer.isFetching} onPress={again}>{t('refresh')}</Button>
            </>
          )}
        />
      )}
      foot={data !== undefined && <StatusLine items={[t('status', { count: data.panels.filter(({ basis }) => basis === 'documented' || basis === 'live').length }), data.readiness === null ? null : t(data.readiness.isReady ? 'ready' : data.readiness.wasEverReady ? 'notReady' : 'neverReady', { since: format.moment(data.readiness.since) })]} end={t('keys')} />}
    >
      {answer.error !== null && <ErrorPanel error={answer.error} onRetry={answer.refetch} />}
      {data?.error !== null && data?.error !== undefined && <ErrorPanel error={data.error} title={t(profile?.prometheusUrl === undefined ? 'failed.metrics' : 'failed.prometheus')} isInline onRetry={again} />}
      {isOffline && <Banner tone="neutral" icon="offline">{t('offlineHint')}</Banner>}
      {data === undefined ? answer.isSlow && <Skeleton lines={8} /> : data.since === null && data.source === 'sampled' && data.error === null
        ? <EmptyState icon="diagnostics" title={t('empty.title')} hint={t('empty.hint')} />
        : <div className={styles.panels} data-testid="metrics-panels">{data.panels.map((panel) => <PanelView key={panel.id} panel={panel} range={range} />)}</div>}
    </AreaFrame>
  );
}

import { useCallback, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { FiredAlert } from '../../../../shared/security/alerts/alert.ts';
import { useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { Age, Banner, Button, EmptyState, ErrorPanel, FitTable, Skeleton, SplitPane, StatusLine, Tooltip, type Column, type DataTableHandle } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { AlertPane, SilenceRow } from './AlertPane.tsx';
import { SeverityMark, StateMark, useAlertTexts } from './marks.tsx';
import { ThresholdsDialog } from './ThresholdsDialog.tsx';
import styles from './alerts.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-alerts.json', { eager: true, import: 'default' }));

const rowKey = ({ id }: FiredAlert): string => id;
const oldAfter = 5 * 60_000;
/** Beside the pane the source goes first: the pane says it. */
const priority = ['name', 'severity', 'state', 'summary', 'since', 'origin'];

/** What fires, what is silenced by whom and why, and what this app watches by itself. */
export default function Alerts(): ReactNode {
  const { t } = useTranslation('security-alerts');
  const format = useFormat();
  const navigate = useNavigate();
  const { nameOf, summaryOf } = useAlertTexts();
  const chosen = decodeURIComponent(useParams()['*'] ?? '');
  const choose = (id: string): void => void navigate(id === '' ? '/security/alerts' : `/security/alerts/${encodeURIComponent(id)}`);
  const [isSetting, setSetting] = useState(false);
  const closeThresholds = useCallback(() => setSetting(false), []);
  const table = useRef<DataTableHandle>(null);
  const state = useCall('alerts.state', undefined);
  const actReason = useActReason();
  const isOffline = useIsOffline();
  const { data } = state;
  useCommand({ id: 'alerts.refresh', title: t('refresh'), group: 'view', shortcut: 'F5', isEnabled: !isOffline, reason: isOffline ? t('offline') : null, run: state.refetch });
  const alerts = data?.alerts ?? [];
  const selected = alerts.find(({ id }) => id === chosen) ?? null;
  const silences = (data?.silences ?? []).filter((silence) => silence.state !== 'expired');
  const columns: Column<FiredAlert>[] = [
    { id: 'name', header: t('column.name'), width: 200, grow: 1, render: nameOf },
    { id: 'severity', header: t('column.severity'), width: 112, render: ({ severity }) => <SeverityMark severity={severity} /> },
    { id: 'state', header: t('column.state'), width: 128, render: ({ state: is }) => <StateMark state={is} /> },
    { id: 'since', header: t('column.since'), width: 136, render: ({ since }) => format.moment(since) },
    { id: 'summary', header: t('column.summary'), width: 160, grow: 3, render: summaryOf },
    { id: 'origin', header: t('column.origin'), width: 120, render: ({ origin }) => <Tooltip text={t(`origin.${origin}Hint`)} native><span className={origin === 'local' ? styles.local : styles.muted}>{t(`origin.${origin}`)}</span></Tooltip> },
  ];
  // What nobody has measured has not stayed under a threshold.
  const isBlind = data !== undefined && data.alertmanager === null && data.watchedAt === null;
  const age = data?.alertmanager === null ? data.watchedAt : (data?.at ?? null);
  const firing = alerts.filter(({ state: is }) => is === 'firing').length;
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={data === undefined ? ' ' : <>{isBlind && alerts.length === 0 ? '' : <><b>{t('firing', { count: firing })}</b> · {t('silenced', { count: alerts.length - firing })} · </>}{data.alertmanager === null ? t('noAlertmanager') : t('from', { host: data.alertmanager })} · {age === null ? t('notWatched') : <Age at={age} oldAfter={oldAfter} />}</>}
          actions={(
            <>
              <Button icon="settings" isDisabled={actReason !== null || data === undefined} reason={actReason} onPress={() => setSetting(true)} data-testid="alerts-thresholds">{t('thresholds.open')}</Button>
              <Button icon="refresh" shortcut="F5" isDisabled={isOffline} reason={isOffline ? t('offline') : null} isPending={state.isFetching} onPress={state.refetch}>{t('refresh')}</Button>
            </>
          )}
        />
      )}
      foot={data !== undefined && <StatusLine items={[t('status', { count: alerts.length }), data.alertmanager !== null && t('status.silences', { count: silences.length })]} end={t('keys')} />}
    >
      {state.error !== null && <ErrorPanel error={state.error} onRetry={state.refetch} />}
      {data?.error !== null && data?.error !== undefined && <ErrorPanel error={data.error} title={t('failed')} isInline onRetry={state.refetch} />}
      {data === undefined ? state.isSlow && <Skeleton lines={8} /> : (
        <div className={styles.screen} data-testid="alerts">
          {data.alertmanager === null && <Banner tone="neutral" action={<Button onPress={() => void navigate('/settings?monitoring=active')} data-testid="alerts-set-up">{t('setUp')}</Button>}>{t('localOnly')}</Banner>}
          <div className={styles.list}>
            <SplitPane
              storageKey="alerts" label={t('divider')} initial={62} minimum={380}
              end={selected === null ? null : <AlertPane key={selected.id} alert={selected} state={data} onThresholds={() => setSetting(true)} onClose={() => { choose(''); table.current?.focus(); }} />}
              start={(
                <FitTable
                  ref={table} label={t('table')} priority={priority} columns={columns} rowCount={alerts.length} getRow={(index) => alerts[index]} rowKey={rowKey} selectedKey={selected?.id ?? null} onSelect={({ id }) => choose(id)}
                  {...(alerts.length === 0 && { empty: <EmptyState icon={isBlind || data.error !== null ? 'diagnostics' : 'success'} title={t(isBlind ? 'empty.notWatched' : data.error === null ? 'empty.title' : 'empty.unknown')} hint={t(isBlind ? 'empty.notWatchedHint' : data.alertmanager === null || data.watchedAt === null ? 'empty.localHint' : 'empty.hint')} /> })}
                />
              )}
            />
          </div>
          {silences.length > 0 && (
            <section className={styles.silences} aria-label={t('silences')}>
              <h2>{t('silences')}</h2>
              {silences.map((silence) => <SilenceRow key={silence.id} silence={silence} />)}
            </section>
          )}
        </div>
      )}
      {isSetting && data !== undefined && <ThresholdsDialog rules={data.rules} onClose={closeThresholds} />}
    </AreaFrame>
  );
}

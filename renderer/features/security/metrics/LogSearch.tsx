import { Fragment, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { correlationIdSchema } from '../../../../shared/security/metrics/log.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useActiveProfile } from '../../../state/profiles.ts';
import { Badge, Banner, Button, EmptyState, ErrorPanel, SearchField, Skeleton, StatusLine } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import styles from './metrics.module.css';

const bad = new Set(['error', 'critical', 'fatal']);

/** Seconds with milliseconds: the lines of one request stand close together. */
const precise = (at: number): string => (new Date(at).getSeconds() + (at % 1000) / 1000).toFixed(3).padStart(6, '0');

/** What the server's log says under one correlation id, a quarter of an hour around the event. */
export function LogSearch({ correlationId }: { correlationId: string }): ReactNode {
  const { t } = useTranslation('security-metrics');
  const format = useFormat();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const profile = useActiveProfile();
  const [typed, setTyped] = useState(correlationId);
  const around = /^\d{12,14}$/.test(query.get('around') ?? '') ? Number(query.get('around')) : null;
  const isReadable = correlationIdSchema.safeParse(correlationId).success;
  const hasLog = profile?.lokiUrl !== undefined;
  const found = useCall('metrics.searchLog', { correlationId, around }, { enabled: isReadable && hasLog, keepPrevious: false });
  const search = (): void => void navigate(`/security/metrics/log/${encodeURIComponent(typed.trim())}`);
  const { data } = found;
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={<SearchField className={styles.search ?? ''} label={t('log.id')} value={typed} onChange={setTyped} onSubmit={search} data-testid="log-id" />}
          actions={<><Button onPress={() => void navigate('/security/metrics')}>{t('log.back')}</Button><Button icon="search" variant="primary" isDisabled={!correlationIdSchema.safeParse(typed.trim()).success || !hasLog} reason={hasLog ? null : t('log.none')} onPress={search}>{t('log.search')}</Button></>}
        />
      )}
      foot={data !== undefined && <StatusLine items={[t('log.count', { count: data.lines.length }), t('log.window', { from: format.dateTime(data.from), to: format.time(data.to), host: data.host })]} end={t('log.redacted')} />}
    >
      {found.error !== null && <ErrorPanel error={found.error} onRetry={found.refetch} />}
      {data?.isCut === true && <Banner tone="warning">{t('log.cut', { count: data.lines.length })}</Banner>}
      {!hasLog ? <EmptyState icon="search" title={t('log.none')} hint={t('log.noneHint')} action={<Button onPress={() => void navigate('/settings?monitoring=active')}>{t('log.setUp')}</Button>} /> : !isReadable ? <EmptyState icon="search" title={t('log.ask')} hint={t('log.askHint')} /> : data === undefined ? found.isSlow && <Skeleton lines={8} /> : data.lines.length === 0
        ? <EmptyState icon="search" title={t('log.nothing')} hint={t('log.nothingHint')} />
        : (
          <table className={styles.log} aria-label={t('log.title')} data-testid="log-lines">
            <thead><tr><th scope="col">{t('log.at')}</th><th scope="col">{t('log.level')}</th><th scope="col">{t('log.source')}</th><th scope="col">{t('log.text')}</th></tr></thead>
            <tbody>
              {data.lines.map(({ at, level, source, text }, index) => (
                <tr key={`${at} ${index}`}><td>{format.time(at)}:{precise(at)}</td><td>{level === '' ? '–' : <Badge tone={bad.has(level) ? 'danger' : level.startsWith('warn') ? 'warning' : 'neutral'}>{level}</Badge>}</td><td>{source}</td><td className={styles.text}>{text.split(correlationId).map((part, place) => <Fragment key={place}>{place > 0 && <span className={styles.id}>{correlationId}</span>}{part}</Fragment>)}</td></tr>
              ))}
            </tbody>
          </table>
        )}
    </AreaFrame>
  );
}

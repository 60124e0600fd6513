import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportRecord } from '../../../../shared/security/findings/finding.ts';
import { severities } from '../../../../shared/security/findings/severity.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { EmptyState, ErrorPanel } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { importSentence } from './ImportResult.tsx';
import styles from './findings.module.css';

const width = 600;
const height = 120;
/** Imports on the chart; more could not be told apart. */
const most = 60;
const drawn = ['low', 'medium', 'high', 'critical'] as const;

const sum = (record: ImportRecord): number => drawn.reduce((total, severity) => total + record.open[severity], 0);

/** How the findings went over time, and what each import did. */
export function HistoryPane({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-findings');
  const format = useFormat();
  const { data, error, refetch } = useCall('findings.imports', { limit: 200 });
  const taken = (data ?? []).filter(({ refused }) => refused === null);
  const runs = taken.slice(0, most).toReversed();
  const highest = Math.max(1, ...runs.map(sum));
  const step = width / Math.max(10, runs.length);
  return (
    <Pane title={t('history.title')} onClose={onClose} data-testid="findings-history">
      {error !== null && <ErrorPanel error={error} onRetry={refetch} isInline />}
      {data?.length === 0 && <EmptyState icon="history" title={t('history.empty')} />}
      {runs.length > 0 && (
        <Section title={t('trend.title')}>
          <svg className={styles.chart} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={t('trend.chart', { count: runs.length, open: format.integer(sum(runs.at(-1) as ImportRecord)) })}>
            {runs.map((record, at) => {
              let y = height;
              return (
                <g key={record.id}>
                  <title>{`${format.dateTime(record.at)}: ${drawn.map((severity) => `${t(`severity.${severity}`)} ${record.open[severity]}`).join(', ')}`}</title>
                  {drawn.toReversed().map((severity) => {
                    const tall = (record.open[severity] / highest) * (height - 4);
                    y -= tall;
                    return <rect key={severity} className={styles[severity]} x={at * step + 1} y={y} width={Math.max(2, step - 2)} height={tall} />;
                  })}
                </g>
              );
            })}
          </svg>
          <p className={styles.legend}>{severities.filter((severity) => severity !== 'info').map((severity) => <span key={severity}><i className={styles[severity]} aria-hidden />{t(`severity.${severity}`)}</span>)}</p>
          <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('trend.table')}>
            <table className={styles.table}>
              <thead><tr><th scope="col">{t('trend.when')}</th><th scope="col" className={styles.figure}>{t('trend.opened')}</th><th scope="col" className={styles.figure}>{t('trend.closed')}</th>{severities.map((severity) => <th key={severity} scope="col" className={styles.figure}>{t(`severity.${severity}`)}</th>)}</tr></thead>
              <tbody>
                {taken.map((record) => <tr key={record.id}><th scope="row" className={styles.when}>{format.moment(record.at)}</th><td className={styles.figure}>{format.integer(record.opened + record.reopened)}</td><td className={styles.figure}>{format.integer(record.closed)}</td>{severities.map((severity) => <td key={severity} className={styles.figure}>{format.integer(record.open[severity])}</td>)}</tr>)}
              </tbody>
            </table>
          </div>
        </Section>
      )}
      {(data ?? []).length > 0 && (
        <Section title={t('history.imports')}>
          <ol className={styles.steps}>
            {(data ?? []).map((record) => (
              <li key={record.id}>
                <time dateTime={new Date(record.at).toISOString()}>{format.dateTime(record.at)}</time>
                <span>{importSentence(record, t, format)}<span className={styles.note}>{[record.by, ...record.scans.map(({ tool, toolVersion, kind, target, part }) => `${tool}${toolVersion === null ? '' : ` ${toolVersion}`} · ${t(`kind.${kind}`)} · ${target ?? t('source.noTarget')}${part === '' ? '' : ` · ${part}`}`)].join(' · ')}</span></span>
              </li>
            ))}
          </ol>
        </Section>
      )}
    </Pane>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { panelUnits, type MetricRange, type Panel } from '../../../../shared/security/metrics/panels.ts';
import { LineChart } from '../../../charts/LineChart.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, Icon, Tooltip } from '../../../ui/index.ts';
import styles from './metrics.module.css';
import { useFigure } from './useFigure.ts';

const fixedNames = ['all', '5xx', '4xx', 'p95', 'p50', 'draft', 'pending', 'approved', 'posted', 'rejected'];

/** One panel: where it comes from, the lines, and the same as a table, newest on top. */
export function PanelView({ panel, range }: { panel: Panel; range: MetricRange }): ReactNode {
  const { t } = useTranslation('security-metrics');
  const format = useFormat();
  const figure = useFigure(panelUnits[panel.id]);
  const title = t(`panel.${panel.id}`);
  const lines = panel.lines.map(({ name, values }) => ({ name: fixedNames.includes(name) ? t(`line.${name}`) : name === '' ? t('line.unnamed') : name, values }));
  const axisTime = (at: number): string => (range === '7d' ? format.date(at).slice(0, 5) : format.time(at));
  const moment = (at: number): string => (range === '1h' ? format.time(at) : format.dateTime(at));
  const rows = panel.times.map((at, index) => ({ at, index })).filter(({ index }) => lines.some(({ values }) => (values[index] ?? null) !== null)).toReversed();
  const isDead = panel.basis === 'live' || panel.basis === 'silent' || panel.basis === 'absent';
  return (
    <section className={styles.panel} aria-label={title} data-testid={`panel-${panel.id}`} data-basis={panel.basis}>
      <header className={styles.panelHead}>
        <h2>{title}</h2>
        {isDead && <Badge tone={panel.basis === 'absent' ? 'warning' : 'neutral'} icon={panel.basis === 'absent' ? 'warning' : 'info'}>{t(`basis.${panel.basis}`)}</Badge>}
        <Tooltip text={panel.from} native><span className={styles.from}><Icon name="code" className={styles.fromIcon} />{t('from')}</span></Tooltip>
      </header>
      {isDead && <p className={styles.note}>{t(`basis.${panel.basis}Hint`, { series: panel.from.split('\n')[0] })}</p>}
      {panel.basis !== 'absent' && (rows.length === 0 ? panel.basis !== 'silent' && <p className={styles.note}>{t('nothingYet')}</p> : (
        <div className={styles.split}>
          <LineChart label={title} times={panel.times} lines={lines} formatValue={figure} formatTime={axisTime} formatMoment={moment} nothing={t('gap')} isWhole={panelUnits[panel.id] === 'count'} />
          <div className={styles.rows} role="region" aria-label={t('table', { title })} tabIndex={0}>
            <table aria-label={t('table', { title })}>
              <thead><tr><th scope="col">{t('until')}</th>{lines.map(({ name }) => <th key={name} scope="col">{name}</th>)}</tr></thead>
              <tbody>
                {rows.map(({ at, index }) => (
                  <tr key={at}><th scope="row">{range === '7d' ? format.dateTime(at).replace(/\d{4},?/, '') : format.time(at)}</th>{lines.map(({ name, values }) => <td key={name}>{(values[index] ?? null) === null ? '–' : figure(values[index] ?? 0)}</td>)}</tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      ))}
    </section>
  );
}

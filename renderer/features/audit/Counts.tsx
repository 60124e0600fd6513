import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import styles from './chart.module.css';

export type Count = { name: string; label: string; accepted: number; refused: number };
export type CountsProps = { /** What is counted, as the head of the first column. */ head: string; label: string; summary: string; counts: readonly Count[]; /** The server says of nothing that it was refused. */ isClaimed: boolean; chosen: string | null; onChoose: (name: string | null) => void };

const width = 1000;
const rowHeight = 24;

/** How much each has done: one bar a row, refused apart, and the same figures beside it as a table. A name filters. */
export function Counts({ head, label, summary, counts, isClaimed, chosen, onChoose }: CountsProps): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const most = Math.max(1, ...counts.map(({ accepted, refused }) => accepted + refused));
  return (
    <div className={styles.counts}>
      <table className={styles.table} aria-label={label}>
        <thead><tr><th scope="col">{head}</th>{!isClaimed && <><th scope="col">{t('timeline.accepted')}</th><th scope="col">{t('timeline.refused')}</th></>}<th scope="col">{t('chart.all')}</th></tr></thead>
        <tbody>
          {counts.map(({ name, label: shown, accepted, refused }) => (
            <tr key={name} data-chosen={name === chosen || undefined}>
              <th scope="row"><button type="button" className={styles.name} aria-pressed={name === chosen} onClick={() => onChoose(name === chosen ? null : name)}>{shown}</button></th>
              {!isClaimed && <><td>{format.integer(accepted)}</td><td>{format.integer(refused)}</td></>}<td>{format.integer(accepted + refused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <svg className={styles.bars} viewBox={`0 0 ${width} ${counts.length * rowHeight}`} height={counts.length * rowHeight} preserveAspectRatio="none" role="img" aria-label={summary}>
        {counts.map(({ name, label: shown, accepted, refused }, at) => {
          const [done, bad] = [(accepted / most) * width, (refused / most) * width];
          return (
            <g key={name}>
              <title>{isClaimed ? `${shown}: ${format.integer(accepted)}` : `${shown}: ${format.integer(accepted)} ${t('outcome.accepted')}, ${format.integer(refused)} ${t('outcome.refused')}`}</title>
              <rect className={styles.bar} x={0} y={at * rowHeight + 6} width={done} height={12} />
              {bad > 0 && <rect className={styles.refusedBar} x={done} y={at * rowHeight + 6} width={Math.max(3, bad)} height={12} />}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/ipc/contract.ts';
import { useFormat } from '../../../i18n/format.ts';
import styles from './posture.module.css';

type History = CallOutput<'posture.state'>['history'];

const width = 600;
const height = 40;
/** Bars that still can be told apart. */
const most = 60;

/** How many findings each check had, as bars with the table beside them; a row leads to that check. */
export function Trend({ history, shown, onShow }: { history: History; shown: string | null; onShow: (id: string) => void }): ReactNode {
  const { t } = useTranslation('security-posture');
  const format = useFormat();
  const runs = history.slice(0, most).toReversed();
  // A single finding must not look like the worst there can be.
  const highest = Math.max(8, ...runs.map(({ findings }) => findings));
  const step = width / Math.max(30, runs.length);
  return (
    <section className={styles.trend} aria-label={t('trend.title')}>
      <div className={styles.plot}>
        <h2>{t('trend.title')}</h2>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={t('trend.chart')}>
          {runs.map(({ id, startedAt, findings }, index) => {
            const tall = findings === 0 ? 1.5 : (findings / highest) * (height - 2);
            return <rect key={id} className={findings === 0 ? styles.none : styles.bar} x={index * step} y={height - tall} width={Math.max(1, step - 2)} height={tall}><title>{`${format.dateTime(startedAt)}: ${t('findings', { count: findings })}`}</title></rect>;
          })}
        </svg>
      </div>
      <div className={styles.runs}>
        <table aria-label={t('trend.table')}>
          <thead><tr><th scope="col">{t('trend.when')}</th><th scope="col">{t('trend.findings')}</th><th scope="col">{t('trend.good')}</th><th scope="col">{t('trend.unknown')}</th><th scope="col">{t('trend.by')}</th></tr></thead>
          <tbody>
            {history.map(({ id, startedAt, by, good, findings, unknown }) => (
              <tr key={id} aria-current={id === shown ? 'true' : undefined}>
                <th scope="row"><button type="button" className={styles.link} onClick={() => onShow(id)}>{format.dateTime(startedAt)}</button></th>
                <td>{findings}</td><td>{good}</td><td>{unknown}</td><td className={styles.by}>{by ?? t('bySchedule')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

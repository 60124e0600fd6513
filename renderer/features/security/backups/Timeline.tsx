import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timelineOf, type ServerBackup, type Stretch } from '../../../../shared/security/backups/backup.ts';
import { useFormat } from '../../../i18n/format.ts';
import styles from './backups.module.css';

const cell = 20;
const gap = 4;
const height = 28;

/** Thirty days and twelve months, oldest on the left: a gap is an empty frame with a cross. The table beside says the same. */
export function Timeline({ backups, now }: { backups: readonly ServerBackup[]; now: number }): ReactNode {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  const { days, months } = useMemo(() => timelineOf(backups, now), [backups, now]);
  const words = ({ count, state }: Stretch): string => (state === 'there' ? t('timeline.there', { count }) : t(`timeline.${state}`));
  const kinds = [{ kind: 'days', stretches: days }, { kind: 'months', stretches: months }] as const;
  const missing = (stretches: readonly Stretch[]): number => stretches.filter(({ state }) => state === 'missing').length;
  return (
    <section className={styles.timeline} aria-label={t('timeline.title')}>
      <div className={styles.plots}>
        {kinds.map(({ kind, stretches }) => (
          <figure key={kind} className={styles.plot}>
            <figcaption>{t(`timeline.${kind}`)} · {missing(stretches) === 0 ? t('timeline.noGap') : t('timeline.gaps', { count: missing(stretches) })}</figcaption>
            <svg viewBox={`0 0 ${stretches.length * (cell + gap) - gap} ${height}`} width={stretches.length * (cell + gap) - gap} height={height} role="img" aria-label={`${t(`timeline.${kind}`)}: ${t('timeline.gaps', { count: missing(stretches) })}`}>
              {stretches.toReversed().map((stretch, index) => <Cell key={stretch.from} stretch={stretch} x={index * (cell + gap)} title={`${t('timeline.until', { when: format.dateTime(stretch.to) })}: ${words(stretch)}`} />)}
            </svg>
          </figure>
        ))}
      </div>
      <div className={styles.stretches} tabIndex={0} role="group" aria-label={t('timeline.table')}>
        <table aria-label={t('timeline.table')}>
          <thead><tr><th scope="col">{t('timeline.column.span')}</th><th scope="col">{t('timeline.column.until')}</th><th scope="col">{t('timeline.column.backups')}</th></tr></thead>
          <tbody>
            {kinds.flatMap(({ kind, stretches }) => stretches.filter(({ state }) => state !== 'before').map((stretch) => (
              <tr key={`${kind} ${stretch.from}`}><td>{t(`timeline.span.${kind}`)}</td><td>{format.date(stretch.to)}</td><td>{words(stretch)}</td></tr>
            )))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ stretch: { state }, x, title }: { stretch: Stretch; x: number; title: string }): ReactNode {
  if (state === 'missing') {
    return (
      <g className={styles.missing}>
        <title>{title}</title>
        <rect x={x + 0.5} y={0.5} width={cell - 1} height={height - 1} />
        <path d={`M${x + 6} 10l8 8m0-8l-8 8`} />
      </g>
    );
  }
  return <rect className={state === 'there' ? styles.there : styles.before} x={x} y={state === 'there' ? 0 : height - 4} width={cell} height={state === 'there' ? height : 4}><title>{title}</title></rect>;
}

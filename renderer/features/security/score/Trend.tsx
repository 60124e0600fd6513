import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Snapshot } from '../../../../shared/security/score/history.ts';
import type { Score } from '../../../../shared/security/score/score.ts';
import { useFormat } from '../../../i18n/format.ts';
import { cx } from '../../../ui/index.ts';
import { percentOf } from './rows.ts';
import { endDot, stepLine } from './trend-line.ts';
import styles from './score.module.css';

const size = { width: 400, height: 84 };
const shownChanges = 40;
const leastSpan = 3_600_000;

type Present = Pick<Snapshot, 'total' | 'technical' | 'organisational'>;

/** What a score is now, as the trend draws it. */
export const presentOf = ({ total, technical, organisational }: Score): Present => ({ total: total.score, technical: technical.score, organisational: organisational.score });

/** How the score went, as a line, and beside it each change with what moved it, as a table. */
export function Trend({ history, present, now, onShow }: { history: readonly Snapshot[]; present: Present; now: number; onShow: (point: string) => void }): ReactNode {
  const { t } = useTranslation('security-score');
  const format = useFormat();
  // The first one is remembered when all evidence of a first look is in; until then there is what is so now.
  const known = useMemo(() => (history.length > 0 ? history : [{ ...present, id: 'now', at: now, weightsVersion: 0, moved: [] }]), [history, present, now]);
  const paths = useMemo(() => {
    const oldestFirst = known.toReversed();
    // An hour at least: the first minutes would otherwise look like a cliff.
    const span = { from: Math.min(oldestFirst[0]?.at ?? now, now - leastSpan), to: now };
    return { span, lines: (['technical', 'organisational', 'total'] as const).map((part) => ({ part, path: stepLine(oldestFirst.map((one) => ({ at: one.at, value: one[part] })), span, size) })) };
  }, [known, now]);
  const shown = (tenths: number | null): string => { const value = percentOf(tenths); return value === null ? '–' : t('percent', { value: format.decimal(value, { min: 1 }) }); };
  return (
    <>
      <figure className={styles.trend}>
        <div className={styles.plot}>
          <div className={styles.scale} aria-hidden><span>{t('percent', { value: 100 })}</span><span>{t('percent', { value: 50 })}</span><span>{t('percent', { value: 0 })}</span></div>
          <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" role="img" aria-label={t('trend.label', { from: format.date(paths.span.from), to: format.date(paths.span.to), now: shown(known[0]?.total ?? null) })}>
            {[0, 0.5, 1].map((at) => <line key={at} className={styles.grid} x1={0} x2={size.width} y1={at * size.height} y2={at * size.height} />)}
            {paths.lines.map(({ part, path }) => <path key={part} d={path} className={styles[part]} data-part={part} />)}
            {paths.lines.map(({ part, path }) => <path key={part} d={endDot(path, size.width)} className={cx(styles[part], styles.dot)} />)}
          </svg>
        </div>
        <figcaption className={styles.legend}>
          <span className={styles.ends}><span>{format.moment(paths.span.from, now)}</span><span>{format.moment(paths.span.to, now)}</span></span>
          <span className={styles.keys}>{(['total', 'technical', 'organisational'] as const).map((part) => <span key={part} className={styles.key}><svg viewBox="0 0 24 4" aria-hidden><path d="M0,2 H24" className={styles[part]} /></svg>{t(`part.${part}`)}</span>)}</span>
        </figcaption>
      </figure>
      <div className={styles.changes} tabIndex={0} role="region" aria-label={t('trend.table')}>
        <table className={styles.plain} aria-label={t('trend.table')}>
          <thead><tr><th scope="col">{t('trend.at')}</th><th scope="col" className={styles.end}>{t('part.total')}</th><th scope="col">{t('trend.moved')}</th></tr></thead>
          <tbody>
            {known.slice(0, shownChanges).map(({ id, at, total, moved }) => {
              const [first] = moved;
              return (
                <tr key={id}>
                  <td>{format.moment(at, now)}</td><td className={styles.end}>{shown(total)}</td>
                  <td>{first === undefined ? <span className={styles.muted}>{t('trend.first')}</span> : <><button type="button" className={styles.linkButton} onClick={() => onShow(first.point)}>{t(`point.${first.point}`)}</button> {t(`trend.${first.creditTo > first.creditFrom ? 'up' : first.creditTo < first.creditFrom ? 'down' : 'same'}`)}{moved.length > 1 && <span className={styles.muted}> {t('trend.more', { count: moved.length - 1 })}</span>}</>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

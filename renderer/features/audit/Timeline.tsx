import { useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter, AuditTimeline } from '../../../shared/domain/audit.ts';
import { useFormat } from '../../i18n/format.ts';
import { Button } from '../../ui/index.ts';
import styles from './audit.module.css';

const width = 1000;
const height = 56;

export type TimelineProps = { timeline: AuditTimeline; filter: AuditFilter; isClaimed: boolean; onChange: (change: Partial<AuditFilter>) => void };

/** When things happened: bars over time to draw a stretch on, and beside them who did how much, as a table. */
export function Timeline({ timeline, filter, isClaimed, onChange }: TimelineProps): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null);
  const { span, buckets } = timeline;
  const most = Math.max(1, ...buckets.map(({ accepted, refused }) => accepted + refused));
  const step = width / Math.max(1, buckets.length);
  const share = (event: PointerEvent): number => {
    const box = plot.current?.getBoundingClientRect();
    return box === undefined ? 0 : Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const finish = (): void => {
    if (brush !== null && span !== null && Math.abs(brush.to - brush.from) > 0.004) {
      const [low, high] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
      onChange({ from: Math.round(span.from + low * (span.to - span.from)), to: Math.round(span.from + high * (span.to - span.from)) });
    }
    setBrush(null);
  };
  const isNarrowed = filter.from !== null || filter.to !== null;
  return (
    <div className={styles.timeline}>
      <div className={styles.plot}>
        <svg
          ref={plot} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={span === null ? t('timeline.empty') : t('timeline.summary', { from: format.dateTime(span.from), to: format.dateTime(span.to) })}
          onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); setBrush({ from: share(event), to: share(event) }); }}
          onPointerMove={(event) => { if (brush !== null) setBrush({ ...brush, to: share(event) }); }}
          onPointerUp={finish} onPointerCancel={() => setBrush(null)}
        >
          {buckets.map(({ from, accepted, refused }, index) => {
            const [whole, bad] = [((accepted + refused) / most) * (height - 4), (refused / most) * (height - 4)];
            return (
              <g key={from}>
                <title>{t(isClaimed ? 'timeline.claimed' : 'timeline.bucket', { at: format.dateTime(from), accepted: format.integer(accepted), refused: format.integer(refused) })}</title>
                <rect className={styles.bar} x={index * step} y={height - whole} width={Math.max(1, step - 1)} height={whole} />
                {bad > 0 && <rect className={styles.refusedBar} x={index * step} y={height - Math.max(2, bad)} width={Math.max(1, step - 1)} height={Math.max(2, bad)} />}
              </g>
            );
          })}
          {brush !== null && <rect className={styles.brush} x={Math.min(brush.from, brush.to) * width} y={0} width={Math.abs(brush.to - brush.from) * width} height={height} />}
        </svg>
        <div className={styles.axis}>
          <span>{span === null ? '' : format.dateTime(span.from)}</span>
          {isNarrowed && <Button variant="quiet" onPress={() => onChange({ from: null, to: null })}>{t('timeline.whole')}</Button>}
          <span>{span === null ? '' : format.dateTime(span.to)}</span>
        </div>
      </div>
      <table className={styles.people} aria-label={t('timeline.people')}>
        <thead><tr><th scope="col">{t('column.actor')}</th><th scope="col">{t(isClaimed ? 'chart.all' : 'timeline.accepted')}</th>{!isClaimed && <th scope="col">{t('timeline.refused')}</th>}</tr></thead>
        <tbody>
          {timeline.actors.slice(0, 4).map(({ actor, accepted, refused }) => (
            <tr key={actor}><th scope="row"><button type="button" className={styles.name} onClick={() => onChange({ actor: filter.actor === actor ? null : actor })}>{actor}</button></th><td>{format.integer(accepted)}</td>{!isClaimed && <td>{format.integer(refused)}</td>}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

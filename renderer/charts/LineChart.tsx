import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { cx, useWidth } from '../ui/index.ts';
import { apart, spread, stretches, ticksFor } from './scale.ts';
import styles from './line-chart.module.css';

export type ChartLine = { /** Stands beside the end of the line. */ name: string; /** One for each time; null where nothing was measured. */ values: readonly (number | null)[] };

export type LineChartProps = {
  /** Accessible name: what is shown. */
  label: string;
  /** Epoch milliseconds, ascending. */
  times: readonly number[];
  lines: readonly ChartLine[];
  formatValue: (value: number) => string;
  /** Short, for the axis. */
  formatTime: (at: number) => string;
  /** Whole, for the value under the cursor. Default {@link formatTime}. */
  formatMoment?: (at: number) => string;
  /** Pixels. Default 144. */
  height?: number;
  /** Said in place of a value where nothing was measured. */
  nothing: string;
  /** Things are counted: no fractions on the axis. */
  isWhole?: boolean;
};

const top = 10;
const foot = 22;
const lineHeight = 14;
/** Lines are told apart by their dashes and by the name at their end; colour only helps. */
const looks = [styles.line0, styles.line1, styles.line2, styles.line3, styles.line4, styles.line5];

/** Lines over time from zero upwards, with gaps where nothing was measured. Arrow keys and the pointer read values; put a table beside it. */
export function LineChart({ label, times, lines, formatValue, formatTime, formatMoment = formatTime, height = 144, nothing, isWhole = false }: LineChartProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 360);
  const [cursor, setCursor] = useState<number | null>(null);

  const right = Math.min(120, 16 + 6.5 * Math.max(0, ...lines.map(({ name }) => name.length)));
  const ticks = ticksFor(Math.max(0, ...lines.flatMap(({ values }) => values.filter((value) => value !== null))), 4, isWhole);
  const highest = ticks.at(-1) ?? 1;
  const left = 12 + 6.5 * Math.max(...ticks.map((tick) => formatValue(tick).length));
  const plotWidth = Math.max(40, width - left - right);
  const bottom = height - foot;
  const x = (index: number): number => left + (times.length < 2 ? plotWidth : (index / (times.length - 1)) * plotWidth);
  const y = (value: number): number => bottom - (value / highest) * (bottom - top);
  const last = Math.max(0, times.length - 1);
  const at = cursor === null ? null : Math.min(cursor, last);
  const ends = lines.map(({ values }) => values.findLastIndex((value) => value !== null));
  const labelled = lines.flatMap(({ name, values }, index) => (ends[index] === -1 ? [] : [{ name, index, value: values[ends[index] ?? 0] ?? 0 }]));
  const places = apart(labelled.map(({ value }) => y(value) + 4), lineHeight, top + 4, bottom + 4);
  const readout = (index: number): string => lines.map(({ name, values }) => `${name} ${(values[index] ?? null) === null ? nothing : formatValue(values[index] ?? 0)}`).join(' · ');

  const point = (event: PointerEvent): void => {
    const box = frame.current?.getBoundingClientRect();
    if (box !== undefined) setCursor(Math.max(0, Math.min(last, Math.round(((event.clientX - box.left - left) / plotWidth) * last))));
  };
  const key = (event: KeyboardEvent): void => {
    const from = at ?? last;
    const target = { ArrowLeft: from - 1, ArrowRight: from + 1, ArrowDown: from - 1, ArrowUp: from + 1, PageDown: from - 10, PageUp: from + 10, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    setCursor(Math.max(0, Math.min(last, target)));
  };
  const shown = at ?? last;
  return (
    <div className={styles.chart}>
      <div
        ref={frame} className={styles.frame} role="slider" tabIndex={0} aria-label={label} aria-valuemin={0} aria-valuemax={last} aria-valuenow={shown}
        aria-valuetext={times[shown] === undefined ? nothing : `${formatMoment(times[shown])}: ${readout(shown)}`}
        onKeyDown={key} onPointerMove={point} onPointerLeave={() => setCursor(null)} onBlur={() => setCursor(null)}
      >
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden focusable="false">
          {ticks.map((tick) => (
            <g key={tick}>
              <line className={tick === 0 ? styles.axis : styles.grid} x1={left} x2={left + plotWidth} y1={y(tick)} y2={y(tick)} />
              <text className={styles.tick} x={left - 6} y={y(tick) + 4} textAnchor="end">{formatValue(tick)}</text>
            </g>
          ))}
          {spread(times.length, plotWidth > 300 ? 5 : 3).map((index) => (
            <text key={index} className={styles.tick} x={x(index)} y={height - 7} textAnchor={index === 0 ? 'start' : index === last ? 'end' : 'middle'}>{formatTime(times[index] ?? 0)}</text>
          ))}
          {lines.map(({ name, values }, index) => stretches(values).map(({ from, to }) => (from === to
            ? <circle key={`${name} ${from}`} className={cx(styles.point, looks[index % looks.length])} cx={x(from)} cy={y(values[from] ?? 0)} r={2} />
            : <path key={`${name} ${from}`} className={cx(styles.line, looks[index % looks.length])} d={Array.from({ length: to - from + 1 }, (_, step) => `${step === 0 ? 'M' : 'L'}${x(from + step).toFixed(1)} ${y(values[from + step] ?? 0).toFixed(1)}`).join('')} />
          )))}
          {labelled.map(({ name, index }, place) => (
            <text key={name} className={cx(styles.name, looks[index % looks.length])} x={left + plotWidth + 6} y={places[place] ?? 0}>{name}</text>
          ))}
          {at !== null && (
            <g>
              <line className={styles.cursor} x1={x(at)} x2={x(at)} y1={top} y2={bottom} />
              {lines.map(({ name, values }, index) => ((values[at] ?? null) === null ? null : <circle key={name} className={cx(styles.point, looks[index % looks.length])} cx={x(at)} cy={y(values[at] ?? 0)} r={3} />))}
            </g>
          )}
        </svg>
      </div>
      <p className={styles.readout} aria-hidden>{at === null || times[at] === undefined ? ' ' : <><b>{formatMoment(times[at])}</b> {readout(at)}</>}</p>
    </div>
  );
}

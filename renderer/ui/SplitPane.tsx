import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useLayoutValue } from '../state/settings.ts';
import styles from './split-pane.module.css';

export type SplitPaneProps = {
  /** The share of the width is remembered under this key. */
  storageKey: string;
  /** Accessible name of the divider. */
  label: string;
  start: ReactNode;
  /** Null gives the whole width to `start`. */
  end: ReactNode | null;
  /** Percent of the width that `start` has until the person changes it. Default 55. */
  initial?: number;
  /** Pixels neither side goes below. Default 280. */
  minimum?: number;
};

/** Percent, kept so that both sides have their minimum width. */
export const clampShare = (share: number, width: number, minimum: number): number => {
  if (width <= 2 * minimum) return 50;
  const least = (minimum / width) * 100;
  return Math.min(100 - least, Math.max(least, share));
};

/** Two panes side by side with a divider that pointer, arrow keys, Home and End move; a double click resets it. */
export function SplitPane({ storageKey, label, start, end, initial = 55, minimum = 280 }: SplitPaneProps): ReactNode {
  const [share, setShare] = useLayoutValue(`split.${storageKey}`, initial);
  const frame = useRef<HTMLDivElement>(null);
  const widthOf = (): number => frame.current?.getBoundingClientRect().width ?? 0;
  const move = (next: number): void => setShare(Math.round(clampShare(next, widthOf(), minimum) * 10) / 10);
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || frame.current === null) return;
    const box = frame.current.getBoundingClientRect();
    move(((event.clientX - box.left) / box.width) * 100);
  };
  const key = (event: KeyboardEvent): void => {
    const target = { ArrowLeft: share - 2, ArrowRight: share + 2, Home: 0, End: 100, Enter: initial }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    move(target);
  };
  const limits = { '--share': `${share}%`, '--minimum': `${minimum}px` } as Record<string, string>;
  return (
    <div ref={frame} className={styles.frame} style={limits}>
      <div className={end === null ? styles.whole : styles.start}>{start}</div>
      {end !== null && (
        <>
          <div
            role="separator" tabIndex={0} aria-label={label} aria-orientation="vertical" aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100} className={styles.divider}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={drag} onKeyDown={key} onDoubleClick={() => move(initial)}
          />
          <div className={styles.end}>{end}</div>
        </>
      )}
    </div>
  );
}

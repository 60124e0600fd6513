import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { stageOf, type IncidentClock } from '../../../../shared/security/incidents/clocks.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, Icon, cx, type IconName, type Tone } from '../../../ui/index.ts';
import { lengthText } from './left.ts';
import { namespace } from './words.ts';
import styles from './incidents.module.css';

/** The present, asked anew each second: after a sleep the first tick is right. */
export function useSecond(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

type Look = { tone: Tone; icon: IconName; text: string };

export function useClockLook(): (clock: IncidentClock, now: number) => Look {
  const { t } = useTranslation(namespace);
  return (clock, now) => {
    if (clock.state === 'inTime') return { tone: 'success', icon: 'success', text: t('clockState.inTime') };
    if (clock.state === 'late') return { tone: 'danger', icon: 'error', text: t('clockState.late') };
    const stage = stageOf(clock, now);
    if (stage === 'over') return { tone: 'danger', icon: 'error', text: t('clockState.overdue') };
    if (stage !== null) return { tone: 'warning', icon: 'warning', text: t('clockState.soon') };
    return { tone: 'neutral', icon: 'clock', text: t('clockState.running') };
  };
}

/** How long a clock still runs, or for how long it is over. */
export function Remaining({ clock, now }: { clock: IncidentClock; now: number }): ReactNode {
  const { t } = useTranslation(namespace);
  if (clock.dueAt === null) return <span>{t('clock.withoutDelay')}</span>;
  const left = clock.dueAt - (clock.doneAt ?? now);
  const isOver = left < 0;
  const text = t(clock.doneAt === null ? (isOver ? 'left.over' : 'left.left') : isOver ? 'left.lateBy' : 'left.early', { length: lengthText(left, t('left.day')) });
  return <span className={cx(styles.figures, isOver && styles.over)}>{isOver && <Icon name="warning" className={styles.sign} />}{text}</span>;
}

/** The clocks of one incident as a table, each with how much of its time is used up. */
export function ClockTable({ clocks }: { clocks: readonly IncidentClock[] }): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const now = useSecond();
  const look = useClockLook();
  return (
    <table className={styles.table} aria-label={t('clocks')} data-testid="incident-clocks">
      <thead><tr><th scope="col">{t('column.clock')}</th><th scope="col">{t('column.state')}</th><th scope="col" className={styles.numbers}>{t('column.left')}</th><th scope="col">{t('column.dueAt')}</th><th scope="col">{t('column.doneAt')}</th><th scope="col">{t('column.span')}</th></tr></thead>
      <tbody>
        {clocks.map((clock) => {
          const { text, ...badge } = look(clock, now);
          return (
            <tr key={clock.kind} data-clock={clock.kind} data-state={clock.state}>
              <th scope="row">{t(`clock.${clock.kind}`)}{!clock.isDecided && <span className={styles.muted}> · {t('clock.undecided')}</span>}{clock.isPreliminary && <span className={styles.muted}> · {t('clock.preliminary')}</span>}</th>
              <td><Badge {...badge}>{text}</Badge></td>
              <td className={styles.numbers}><Remaining clock={clock} now={now} /></td>
              <td className={styles.time}>{clock.dueAt === null ? '–' : format.dateTime(clock.dueAt)}</td>
              <td className={styles.time}>{clock.doneAt === null ? '–' : format.dateTime(clock.doneAt)}</td>
              <td><Span clock={clock} now={now} /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const width = 160;

/** From the start of the clock to its end, or to when it was done if that was later. */
function Span({ clock, now }: { clock: IncidentClock; now: number }): ReactNode {
  const end = Math.max(clock.startsAt, clock.doneAt ?? now);
  const due = clock.dueAt ?? end;
  const last = Math.max(due, end, clock.startsAt + 1);
  const place = (at: number): number => 1 + ((at - clock.startsAt) / (last - clock.startsAt)) * (width - 2);
  const used = Math.min(end, due);
  return (
    <svg viewBox={`0 0 ${width} 16`} width={width} height={16} aria-hidden className={styles.span}>
      <rect x={1} y={4} width={Math.max(1, place(due) - 1)} height={8} className={styles.allowed} />
      <rect x={1} y={4} width={Math.max(0, place(used) - 1)} height={8} className={styles.used} />
      {end > due && <rect x={place(due)} y={4} width={Math.max(1, place(end) - place(due))} height={8} className={styles.excess} />}
      {end > due && <line x1={place(due)} x2={place(due)} y1={0} y2={16} className={styles.dueMark} />}
      {clock.doneAt !== null && <circle cx={Math.min(width - 4, Math.max(4, place(clock.doneAt)))} cy={8} r={3} className={styles.doneMark} />}
    </svg>
  );
}

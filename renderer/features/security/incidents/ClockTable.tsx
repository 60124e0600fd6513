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

/** The clocks of one incident as a table, each with its span on a common time axis. */
export function ClockTable({ clocks }: { clocks: readonly IncidentClock[] }): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const now = useSecond();
  const look = useClockLook();
  const ends = clocks.flatMap(({ startsAt, dueAt, doneAt }) => [startsAt, dueAt ?? startsAt, doneAt ?? now]);
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
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
              <td>{clock.dueAt === null ? '–' : format.dateTime(clock.dueAt)}</td>
              <td>{clock.doneAt === null ? '–' : format.dateTime(clock.doneAt)}</td>
              <td><Span clock={clock} from={from} to={to} now={now} /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const width = 160;

function Span({ clock, from, to, now }: { clock: IncidentClock; from: number; to: number; now: number }): ReactNode {
  const place = (at: number): number => (to === from ? 0 : ((at - from) / (to - from)) * (width - 2) + 1);
  const due = clock.dueAt ?? clock.doneAt ?? now;
  const end = clock.doneAt ?? now;
  return (
    <svg viewBox={`0 0 ${width} 16`} width={width} height={16} aria-hidden className={styles.span}>
      <line x1={0} x2={width} y1={8} y2={8} className={styles.axis} />
      <rect x={place(clock.startsAt)} y={4} width={Math.max(1, place(due) - place(clock.startsAt))} height={8} className={styles.allowed} />
      <rect x={place(Math.min(clock.startsAt, end))} y={6} width={Math.max(1, place(Math.min(end, due)) - place(Math.min(clock.startsAt, end)))} height={4} className={styles.used} />
      {end > due && <rect x={place(due)} y={6} width={Math.max(1, place(end) - place(due))} height={4} className={styles.excess} />}
      {clock.doneAt !== null && <circle cx={place(clock.doneAt)} cy={8} r={3} className={styles.doneMark} />}
      <line x1={place(now)} x2={place(now)} y1={0} y2={16} className={styles.nowMark} />
    </svg>
  );
}

import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { windowMinutes } from '../../../shared/policy/time.ts';
import type { Window } from '../../../shared/policy/rule.ts';
import { Checkbox, cx, TextField } from '../../ui/index.ts';
import { weekDays } from './words.ts';
import styles from './policies.module.css';

/**
 * The window as a week: days are rows, hours columns. Days are switched by their boxes, times are typed; the picture only
 * shows, so that nothing needs a mouse.
 */
export function WeekGrid({ window, onChange, errors }: { window: Window; onChange: (window: Window, group?: string) => void; errors: { start: string | null; end: string | null; days: string | null } }): ReactNode {
  const { t } = useTranslation('policies');
  const covered = windowMinutes(window);
  const toggle = (day: number, isOn: boolean): void => onChange({ ...window, days: isOn ? [...window.days, day].toSorted((a, b) => a - b) : window.days.filter((one) => one !== day) });
  const shift = (name: 'start' | 'end') => (event: KeyboardEvent): void => {
    const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(window[name]);
    if (match === null || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const minutes = (Number(match[1]) * 60 + Number(match[2]) + (event.key === 'ArrowUp' ? 15 : -15) + 1440) % 1440;
    onChange({ ...window, [name]: `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}` }, `window.${name}`);
  };
  return (
    <div className={styles.week}>
      <div className={styles.times}>
        <TextField label={t('window.start')} value={window.start} onChange={(start) => onChange({ ...window, start }, 'window.start')} onKeyDown={shift('start')} error={errors.start} className={styles.time ?? ''} data-testid="window-start" />
        <TextField label={t('window.end')} value={window.end} onChange={(end) => onChange({ ...window, end }, 'window.end')} onKeyDown={shift('end')} error={errors.end} className={styles.time ?? ''} data-testid="window-end" />
      </div>
      <div role="group" aria-label={t('window.days')} className={styles.days}>
        <div className={styles.hours} aria-hidden>{[0, 6, 12, 18, 24].map((hour) => <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>{hour}</span>)}</div>
        {weekDays.map((day) => {
          const isOn = window.days.includes(day);
          return (
            <div key={day} className={styles.day}>
              <Checkbox isSelected={isOn} onChange={(next) => toggle(day, next)}>{t(`day.${day}`)}</Checkbox>
              <span className={styles.bar} aria-hidden>
                {isOn && covered !== null && <span className={styles.open} style={{ left: `${(covered[0] / 1440) * 100}%`, width: `${((covered[1] - covered[0] + 1) / 1440) * 100}%` }} />}
              </span>
            </div>
          );
        })}
      </div>
      {errors.days !== null && <p className={cx(styles.problem)}>{errors.days}</p>}
      <p className={styles.muted}>{t('window.hint')}</p>
    </div>
  );
}

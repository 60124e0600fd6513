import type { Window } from './rule.ts';

/** A moment as rules see it, in the server's local time. `day`: 0 = Sunday; `minute`: 0 … 1439 of the day. */
export type Moment = { day: number; minute: number };

export const minutesPerDay = 1440;
export const minutesPerWeek = 7 * minutesPerDay;

const two = (value: number): string => String(value).padStart(2, '0');

/** `HH:MM` of a minute of the day. */
export const clockTime = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

export const momentOfWeek = (minute: number): Moment => ({ day: Math.floor(minute / minutesPerDay), minute: minute % minutesPerDay });

/**
 * Whether a moment lies in a window. Times are compared as text, as the server does: a window whose start comes after its
 * end never matches, and `99:99` is simply later than every minute.
 */
export function inWindow(window: Window, moment: Moment): boolean {
  const now = clockTime(moment.minute);
  return window.days.includes(moment.day) && window.start <= now && now <= window.end;
}

/**
 * The minutes of a day that a window covers, as [first, last]; null when it covers none. The days are not looked at.
 */
export function windowMinutes(window: Pick<Window, 'start' | 'end'>): [number, number] | null {
  const first = firstAtLeast(window.start);
  const last = lastAtMost(window.end);
  return first !== null && last !== null && first <= last ? [first, last] : null;
}

// Times are texts, and any text may stand there: the order of the 1440 real times among texts is what counts.
function firstAtLeast(text: string): number | null {
  let [low, high] = [0, minutesPerDay];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (clockTime(middle) >= text) high = middle;
    else low = middle + 1;
  }
  return low < minutesPerDay ? low : null;
}

function lastAtMost(text: string): number | null {
  let [low, high] = [-1, minutesPerDay - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (clockTime(middle) <= text) low = middle;
    else high = middle - 1;
  }
  return low >= 0 ? low : null;
}

/**
 * A function from epoch milliseconds to the moment in a time zone (IANA name). Offsets are looked up once a quarter of an
 * hour of time, because no zone changes within one: asking the calendar for each of 100,000 alerts would take seconds.
 * @throws RangeError for a zone that the runtime does not know.
 */
export function momentsIn(timeZone: string): (epochMs: number) => Moment {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' });
  const quarter = 15 * 60_000;
  const known = new Map<number, number>();
  const minuteOfWeek = (at: number): number => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts['weekday'] ?? '') * minutesPerDay + Number(parts['hour']) * 60 + Number(parts['minute']);
  };
  return (epochMs) => {
    const slot = Math.floor(epochMs / quarter);
    let start = known.get(slot);
    if (start === undefined) {
      start = minuteOfWeek(slot * quarter);
      known.set(slot, start);
    }
    return momentOfWeek((start + Math.floor((epochMs - slot * quarter) / 60_000)) % minutesPerWeek);
  };
}

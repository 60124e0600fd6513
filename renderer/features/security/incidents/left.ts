const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const two = (value: number): string => String(value).padStart(2, '0');

/** A length of time in figures: `2:05` of a minute clock with seconds below a day, days and hours above. @param dayWord follows the number of days */
export function lengthText(ms: number, dayWord: string): string {
  const length = Math.max(0, Math.abs(ms));
  const days = Math.floor(length / day);
  const [hours, minutes, seconds] = [Math.floor(length / hour) % 24, Math.floor(length / minute) % 60, Math.floor(length / 1000) % 60];
  return days > 0 ? `${days} ${dayWord} ${two(hours)}:${two(minutes)}` : `${two(hours)}:${two(minutes)}:${two(seconds)}`;
}

/** `09:05`, `905` or `9` as minutes of the day; null when it is none. */
export function minutesOf(text: string): number | null {
  const match = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.trim());
  const [hours, minutes] = [Number(match?.[1]), Number(match?.[2] ?? 0)];
  return match === null || hours > 23 || minutes > 59 ? null : hours * 60 + minutes;
}

/** The moment that a day and a time of day mean on this computer; null when one of them is missing or wrong. */
export function momentOf(day_: string | null, time: string): number | null {
  const minutes = minutesOf(time);
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day_ ?? '');
  if (match === null || minutes === null) return null;
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]), 0, minutes).getTime();
}

/** The day of a moment as `YYYY-MM-DD`, and its time as `HH:MM`. */
export function partsOf(at: number): { day: string; time: string } {
  const date = new Date(at);
  return { day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`, time: `${two(date.getHours())}:${two(date.getMinutes())}` };
}

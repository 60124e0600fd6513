/** Two-digit years below this belong to this century, the others to the last. */
const centuryPivot = 70;

const pad = (value: number): string => String(value).padStart(2, '0');

/** ISO day of a local date. */
export const isoDay = (date: Date): string => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

function checked(year: number, month: number, day: number): string | null {
  const date = new Date(year, month - 1, day);
  return date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day ? isoDay(date) : null;
}

const fullYear = (text: string, today: Date): number => {
  if (text === '') return today.getFullYear();
  const value = Number(text);
  return text.length > 2 ? value : value < centuryPivot ? 2000 + value : 1900 + value;
};

/**
 * A typed day as `YYYY-MM-DD`: `2025-12-24`, `24.12.2025`, `24.12.25`, `24.12.`, `24/12/2025`, `241225`, `2412`,
 * `heute`/`today` or `h`/`t`, and `+14` or `-3` days from `countsFrom` (today, when left out or no day). Day before month,
 * as in both of our languages.
 * @returns null when it is no day that exists.
 */
export function parseTypedDate(text: string, today: Date = new Date(), countsFrom: string | null = null): string | null {
  const typed = text.trim().toLowerCase();
  const days = /^([+-]\d{1,4})$/.exec(typed);
  if (days !== null) return shiftDay(/^\d{4}-\d{2}-\d{2}$/.test(countsFrom ?? '') ? (countsFrom ?? '') : isoDay(today), Number(days[1]));
  if (['heute', 'today', 'h', 't'].includes(typed)) return isoDay(today);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
  if (iso !== null) return checked(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = /^(\d{1,2})[./\s-]+(\d{1,2})(?:[./\s-]+(\d{4}|\d{2})?)?$/.exec(typed);
  if (parts !== null) return checked(fullYear(parts[3] ?? '', today), Number(parts[2]), Number(parts[1]));
  const digits = /^(\d{2})(\d{2})(\d{4}|\d{2})?$/.exec(typed);
  return digits === null ? null : checked(fullYear(digits[3] ?? '', today), Number(digits[2]), Number(digits[1]));
}

/** The day `days` later; the input comes back unchanged when it is no ISO day. */
export function shiftDay(iso: string, days: number): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  return match === null ? iso : isoDay(new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + days));
}

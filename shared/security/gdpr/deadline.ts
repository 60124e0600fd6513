const day = 86_400_000;

const text = (date: Date): string => date.toISOString().slice(0, 10);
const parse = (day_: string): Date | null => {
  const date = new Date(`${day_}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(day_) && Number.isFinite(date.getTime()) && text(date) === day_ ? date : null;
};

/**
 * The day by which a request has to be answered: one month after its receipt, three when it was extended (Art. 12 (3) GDPR).
 * Months are counted as Regulation (EEC, Euratom) No 1182/71 does: the period ends with the same day of the last month, with
 * that month's last day where there is none, and with the next working day when that is a Saturday or Sunday (Art. 3 (2) c
 * and (4)). Public holidays differ by place and are not known here: they would only give more time.
 * @param received day of the receipt, `YYYY-MM-DD`. @returns `YYYY-MM-DD`; null when the day cannot be read
 */
export function dueDay(received: string, isExtended: boolean): string | null {
  const from = parse(received);
  if (from === null) return null;
  const month = from.getUTCMonth() + (isExtended ? 3 : 1);
  const lastOfMonth = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const end = new Date(Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastOfMonth)));
  while (end.getUTCDay() === 0 || end.getUTCDay() === 6) end.setTime(end.getTime() + day);
  return text(end);
}

/** Whole days from one day to another, both `YYYY-MM-DD`; negative when the second comes first. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / day);

/** The day of a moment in local time, `YYYY-MM-DD`. @param at epoch milliseconds */
export function localDay(at: number): string {
  const date = new Date(at);
  return `${String(date.getFullYear()).padStart(4, '0')}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

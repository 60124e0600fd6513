/** Monday to Friday; 0 is Sunday, as in `Date`. */
const workDays: ReadonlySet<number> = new Set([1, 2, 3, 4, 5]);
/** Hours of local time, the first included and the last not. */
export const workingHours = { from: 6, to: 20 } as const;

/** Whether something happened when usually nobody works: at night or at the weekend, by local time. @param at epoch milliseconds */
export function isOutsideWorkingHours(at: number): boolean {
  const moment = new Date(at);
  return !workDays.has(moment.getDay()) || moment.getHours() < workingHours.from || moment.getHours() >= workingHours.to;
}

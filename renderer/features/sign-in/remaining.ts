/**
 * The time left as `9:05`; null when there is none.
 * @param until epoch milliseconds, as `now`
 */
export function remaining(until: number, now: number): string | null {
  const seconds = Math.ceil((until - now) / 1_000);
  return seconds <= 0 ? null : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

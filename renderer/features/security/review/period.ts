export const presets = ['week', 'month', 'quarter', 'own'] as const;
export type Preset = (typeof presets)[number];
export type Period = { from: number; to: number };

const start = (day: string): number => new Date(`${day}T00:00:00`).getTime();
const shifted = (at: number, days: number): number => {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
};

/** A period in local time, epoch milliseconds, both included; null where the days make none. @param own first and last day, `YYYY-MM-DD` */
export function periodOf(preset: Preset, own: { from: string | null; to: string | null }, now: number): Period | null {
  if (preset === 'week') return { from: shifted(now, -7), to: now };
  if (preset === 'quarter') return { from: shifted(now, -90), to: now };
  if (preset === 'month') {
    const date = new Date(now);
    return { from: new Date(date.getFullYear(), date.getMonth() - 1, 1).getTime(), to: new Date(date.getFullYear(), date.getMonth(), 1).getTime() - 1 };
  }
  if (own.from === null || own.to === null) return null;
  const [from, to] = [start(own.from), shifted(start(own.to), 1) - 1];
  return Number.isNaN(from) || Number.isNaN(to) || from >= to ? null : { from, to };
}

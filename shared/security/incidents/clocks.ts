import type { Duty, Incident, ReportKind } from './incident.ts';
import { responseMs } from './phases.ts';

const hour = 3_600_000;

/** In the order in which they end when all start at once. */
export const clockKinds = ['response', 'nis2Early', 'gdpr33', 'nis2Notification', 'gdpr34', 'nis2Final', 'postMortem'] as const;
export type ClockKind = (typeof clockKinds)[number];

export type IncidentClock = {
  kind: ClockKind;
  startsAt: number;
  /** Null for what is due without undue delay and no number of hours (Art. 34 GDPR). */
  dueAt: number | null;
  doneAt: number | null;
  state: 'running' | 'overdue' | 'inTime' | 'late';
  /** Whether the duty has been decided; `open` runs all the same. */
  isDecided: boolean;
  /** Runs from an assumed start, because what it really starts with has not happened. */
  isPreliminary: boolean;
};

/** How long after it began a report has to be made, milliseconds. GDPR Art. 33(1); NIS2 Art. 23(4)(a) and (b). */
const reportMs = { gdpr33: 72 * hour, nis2Early: 24 * hour, nis2Notification: 72 * hour } as const;
/** How long after the end the post-mortem is due. */
export const postMortemMs = 72 * hour;

/** The zone in which a calendar month counts. The authorities and the trade are German. */
export const legalTimeZone = 'Europe/Berlin';

type Wall = { year: number; month: number; day: number; hour: number; minute: number; second: number };

const wallFormat = new Intl.DateTimeFormat('en-GB', { timeZone: legalTimeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });

function wallOf(at: number): Wall {
  const parts = Object.fromEntries(wallFormat.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return { year: parts['year'] ?? 0, month: parts['month'] ?? 1, day: parts['day'] ?? 1, hour: parts['hour'] ?? 0, minute: parts['minute'] ?? 0, second: parts['second'] ?? 0 };
}

const asUtc = (wall: Wall): number => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);

/**
 * The moment at which clocks on the wall show this. Of the two in the hour that is repeated in autumn the earlier, because a
 * deadline is better met too early; for the hour that is left out in spring, the moment after it.
 */
function momentOf(wall: Wall): number {
  const wanted = asUtc(wall);
  const offsets = [...new Set([wanted - 24 * hour, wanted + 24 * hour].map((near) => asUtc(wallOf(near)) - Math.floor(near / 1000) * 1000))];
  const moments = offsets.map((offset) => wanted - offset).toSorted((a, b) => a - b);
  return moments.find((moment) => asUtc(wallOf(moment)) === wanted) ?? moments.at(-1) ?? wanted;
}

/**
 * The same day and time a calendar month later, on the last day where the month is shorter.
 * @param at epoch milliseconds
 */
export function addMonth(at: number): number {
  const wall = wallOf(at);
  const next = wall.month === 12 ? { year: wall.year + 1, month: 1 } : { year: wall.year, month: wall.month + 1 };
  const lastDay = new Date(Date.UTC(next.year, next.month, 0)).getUTCDate();
  return momentOf({ ...wall, ...next, day: Math.min(wall.day, lastDay) }) + (((at % 1000) + 1000) % 1000);
}

/** When a report of a kind was first made; null when it was not. */
export const reportedAt = ({ reports }: Pick<Incident, 'reports'>, kind: ReportKind): number | null => {
  const times = Object.values(reports).filter((report) => report.kind === kind).map(({ at }) => at);
  return times.length === 0 ? null : Math.min(...times);
};

function clock(kind: ClockKind, now: number, { startsAt, dueAt, doneAt, isDecided = true, isPreliminary = false }: { startsAt: number; dueAt: number | null; doneAt: number | null; isDecided?: boolean; isPreliminary?: boolean }): IncidentClock {
  const end = doneAt ?? now;
  const isPast = dueAt !== null && end > dueAt;
  return { kind, startsAt, dueAt, doneAt, isDecided, isPreliminary, state: doneAt === null ? (isPast ? 'overdue' : 'running') : isPast ? 'late' : 'inTime' };
}

/**
 * The clocks of an incident. They are computed from what happened and from the time, never counted: sleep, restarts and
 * changes of the computer's clock leave no trace in them.
 * @param now epoch milliseconds
 */
export function clocksOf(incident: Incident, now: number): IncidentClock[] {
  const { response, detectedAt, awareAt, severity, closed, postMortem } = incident;
  const decided = (duty: Duty): boolean => incident.duties[duty].applies !== 'open';
  const clocks = [clock('response', now, { startsAt: detectedAt, dueAt: response?.dueAt ?? detectedAt + responseMs[severity], doneAt: response?.at ?? null })];
  if (incident.duties.gdpr33.applies !== 'no') clocks.push(clock('gdpr33', now, { startsAt: awareAt, dueAt: awareAt + reportMs.gdpr33, doneAt: reportedAt(incident, 'gdpr33'), isDecided: decided('gdpr33') }));
  // Whether the people themselves have to be told is a question of its own, and one without a number of hours.
  if (incident.duties.gdpr34.applies === 'yes') clocks.push(clock('gdpr34', now, { startsAt: awareAt, dueAt: null, doneAt: reportedAt(incident, 'gdpr34') }));
  if (incident.duties.nis2.applies !== 'no') {
    const isDecided = decided('nis2');
    for (const kind of ['nis2Early', 'nis2Notification'] as const) clocks.push(clock(kind, now, { startsAt: awareAt, dueAt: awareAt + reportMs[kind], doneAt: reportedAt(incident, kind), isDecided }));
    const notified = reportedAt(incident, 'nis2Notification');
    const startsAt = notified ?? awareAt + reportMs.nis2Notification;
    clocks.push(clock('nis2Final', now, { startsAt, dueAt: addMonth(startsAt), doneAt: reportedAt(incident, 'nis2Final'), isDecided, isPreliminary: notified === null }));
  }
  if (closed !== null) clocks.push(clock('postMortem', now, { startsAt: closed.at, dueAt: closed.at + postMortemMs, doneAt: postMortem?.at ?? null }));
  return clocks.toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) || clockKinds.indexOf(a.kind) - clockKinds.indexOf(b.kind));
}

/** Clocks that still run, the next to end first. */
export const runningClocks = (incident: Incident, now: number): IncidentClock[] => clocksOf(incident, now).filter(({ doneAt }) => doneAt === null);

/** When the next clock ends; null when none with an end runs. */
export const nextDeadline = (incident: Incident, now: number): number | null => runningClocks(incident, now).find(({ dueAt }) => dueAt !== null)?.dueAt ?? null;

/** How near the end is. `soon` begins with the last quarter, at the latest a day before. */
export const stages = ['soon', 'last', 'over'] as const;
export type Stage = (typeof stages)[number];

/** When each stage of a clock begins, epoch milliseconds. `last` is the last twelfth, an hour at most. */
export function stageTimes({ startsAt, dueAt }: Pick<IncidentClock, 'startsAt' | 'dueAt'>): Record<Stage, number> | null {
  if (dueAt === null) return null;
  const length = dueAt - startsAt;
  return { soon: dueAt - Math.min(length / 4, 24 * hour), last: dueAt - Math.min(length / 12, hour), over: dueAt };
}

/** The stage that a running clock is in; null while there is time, and when it does not run. */
export function stageOf(clockOf: IncidentClock, now: number): Stage | null {
  const times = clockOf.doneAt === null ? stageTimes(clockOf) : null;
  return times === null ? null : stages.findLast((stage) => now >= times[stage]) ?? null;
}

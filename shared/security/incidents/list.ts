import { clocksOf, nextDeadline, runningClocks, stageOf, type IncidentClock } from './clocks.ts';
import type { Incident, StoredIncident } from './incident.ts';
import { isSame } from './merge.ts';

/** What lists and counts need of an incident. `isPending`: the server has not got the last changes. */
export type IncidentRow = Pick<Incident, 'id' | 'title' | 'isExercise' | 'severity' | 'phase' | 'detectedAt' | 'closed' | 'postMortem' | 'createdBy'> & {
  lead: string; clocks: IncidentClock[]; nextDeadline: number | null; isPending: boolean; conflicts: number; openTasks: number;
};

export const isPending = ({ incident, base }: StoredIncident): boolean => base === null || !isSame(incident, base);

export function rowOf(stored: StoredIncident, now: number): IncidentRow {
  const { incident } = stored;
  const { id, title, isExercise, severity, phase, detectedAt, closed, postMortem, createdBy, roles, tasks } = incident;
  return {
    id, title, isExercise, severity, phase, detectedAt, closed, postMortem, createdBy, lead: roles.lead, clocks: clocksOf(incident, now), nextDeadline: nextDeadline(incident, now),
    isPending: isPending(stored), conflicts: stored.conflicts.length, openTasks: Object.values(tasks).filter(({ done }) => done === null).length,
  };
}

/** Whether nothing more is to be done: closed, looked back at, and no clock runs. */
export const isOver = (row: Pick<IncidentRow, 'closed' | 'postMortem' | 'clocks'>): boolean => row.closed !== null && row.postMortem !== null && row.clocks.every(({ doneAt }) => doneAt !== null);

/** The next to be due first, what is over last, exercises behind real ones of the same moment. */
export const sortRows = (rows: readonly IncidentRow[]): IncidentRow[] =>
  rows.toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)) || (a.nextDeadline ?? Infinity) - (b.nextDeadline ?? Infinity) || Number(a.isExercise) - Number(b.isExercise) || b.detectedAt - a.detectedAt || a.id.localeCompare(b.id));

/** Real incidents that are not over: exercises never count. */
export const openCount = (incidents: readonly Incident[], now: number): number => incidents.filter((incident) => !incident.isExercise && (incident.closed === null || incident.postMortem === null || runningClocks(incident, now).length > 0)).length;

/** Something a person is told: a clock has come to a stage. Its id is the same on every look. */
export type Reminder = { id: string; incident: string; title: string; isExercise: boolean; clock: IncidentClock['kind']; stage: 'soon' | 'last' | 'over'; dueAt: number };

/** The stage that each running clock is in by now. After a sleep that is the last one reached, and not all those slept through. */
export function remindersOf(incidents: readonly Incident[], now: number): Reminder[] {
  return incidents.flatMap((incident) => runningClocks(incident, now).flatMap((clock) => {
    const stage = stageOf(clock, now);
    if (stage === null || clock.dueAt === null || clock.isPreliminary) return [];
    return [{ id: `${incident.id}.${clock.kind}.${clock.dueAt}.${stage}`, incident: incident.id, title: incident.title, isExercise: incident.isExercise, clock: clock.kind, stage, dueAt: clock.dueAt }];
  }));
}

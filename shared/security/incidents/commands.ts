import { z } from 'zod';
import { checkIds } from './checklists.ts';
import { clocksOf } from './clocks.ts';
import { duties, dutyAnswers, lessonFields, reportKinds, type Incident, type TimelineEntry } from './incident.ts';
import { putAt } from './merge.ts';
import { activePhases, incidentRoles, phases, severities } from './phases.ts';

const at = z.number().int().min(0).max(8.64e15);
const line = z.string().trim().max(300);
const long = z.string().trim().max(10_000);

/** What a person enters for a new incident. */
export const newIncidentSchema = z.object({
  title: line.min(1), description: long, severity: z.enum(severities), isExercise: z.boolean(), detectedAt: at, awareAt: at, origin: z.string().max(300).nullable(),
});
export type NewIncident = z.infer<typeof newIncidentSchema>;

/** Everything that people do with an incident. Each leaves an entry in its time line. */
export const commandSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('text'), field: z.enum(['title', 'description']), value: long }),
  z.object({ do: z.literal('severity'), severity: z.enum(severities), reason: line.min(1) }),
  z.object({ do: z.literal('phase'), phase: z.enum(phases), note: long.default('') }),
  z.object({ do: z.literal('respond') }),
  z.object({ do: z.literal('role'), role: z.enum(incidentRoles), person: line }),
  z.object({ do: z.literal('duty'), duty: z.enum(duties), applies: z.enum(dutyAnswers), reason: line }),
  z.object({ do: z.literal('aware'), awareAt: at, reason: line.min(1) }),
  z.object({ do: z.literal('report'), kind: z.enum(reportKinds), authority: line.min(1), reference: line, note: long, at, by: line.min(1) }),
  z.object({ do: z.literal('check'), item: z.string().max(100), done: z.boolean(), note: line.default('') }),
  z.object({ do: z.literal('addTask'), title: line.min(1), owner: line, phase: z.enum(phases), dueAt: at.nullable() }),
  z.object({ do: z.literal('finishTask'), task: z.string().max(100), done: z.boolean() }),
  z.object({ do: z.literal('affected'), kind: z.enum(['systems', 'people']), name: line.min(1), isAffected: z.boolean() }),
  z.object({ do: z.literal('note'), text: long.min(1) }),
  z.object({ do: z.literal('lesson'), field: z.enum(lessonFields), value: long }),
  z.object({ do: z.literal('close'), note: long.default('') }),
  z.object({ do: z.literal('reopen'), reason: line.min(1) }),
  z.object({ do: z.literal('postMortem') }),
]);
export type Command = z.infer<typeof commandSchema>;

/** Why a command cannot be done now: `errors.incident.<reason>`. */
export const refusals = ['noReason', 'future', 'beforeStart', 'notOpen', 'notClosed', 'noPostMortem', 'unknownItem', 'emptyTitle', 'responded'] as const;
export type Refusal = (typeof refusals)[number];

/** Who does it, when, and where a new id comes from. */
export type Doer = { by: string; now: number; newId: () => string };

/** Clocks of computers differ a little; what is further ahead is a mistyped day. */
const ahead = 5 * 60_000;

export function createIncident(given: NewIncident, { by, now, newId }: Doer): Incident {
  const duty = { applies: 'open' as const, reason: '', at: null, by: null };
  const incident: Incident = {
    id: newId(), title: given.title, description: given.description, isExercise: given.isExercise, severity: given.severity, phase: 'identification', origin: given.origin,
    detectedAt: given.detectedAt, awareAt: given.awareAt, createdAt: now, createdBy: by, response: null, closed: null, postMortem: null,
    roles: { lead: '', technical: '', communication: '', legal: '' }, duties: { gdpr33: { ...duty }, gdpr34: { ...duty }, nis2: { ...duty } },
    systems: {}, people: {}, checklist: {}, tasks: {}, reports: {}, evidence: {}, lessons: { summary: '', cause: '', wentWell: '', toImprove: '' }, timeline: {},
  };
  return withEntry(incident, { by, now, newId }, { kind: 'created', params: { severity: given.severity }, text: given.title });
}

/** The incident with one more entry in its time line. */
export const withEntry = (incident: Incident, { by, now, newId }: Doer, entry: Pick<TimelineEntry, 'kind'> & Partial<Pick<TimelineEntry, 'params' | 'text' | 'at'>>): Incident =>
  ({ ...incident, timeline: { ...incident.timeline, [newId()]: { at: now, by, params: {}, text: '', ...entry } } });

/** Why it cannot be done; null when it can. */
function refusalOf(incident: Incident, command: Command, now: number): Refusal | null {
  const isOpen = incident.closed === null;
  switch (command.do) {
    case 'text': return command.field === 'title' && (command.value === '' || command.value.length > 300) ? 'emptyTitle' : null;
    case 'respond': return incident.response === null ? null : 'responded';
    case 'duty': return command.applies === 'no' && command.reason === '' ? 'noReason' : null;
    case 'aware': return command.awareAt > now + ahead ? 'future' : command.awareAt < incident.detectedAt ? 'beforeStart' : null;
    case 'report': return command.at > now + ahead ? 'future' : command.at < incident.detectedAt ? 'beforeStart' : null;
    case 'check': return checkIds.includes(command.item) ? null : 'unknownItem';
    case 'finishTask': return Object.hasOwn(incident.tasks, command.task) ? null : 'unknownItem';
    case 'close': case 'phase': return isOpen ? null : 'notOpen';
    case 'reopen': return isOpen ? 'notClosed' : null;
    case 'postMortem': return isOpen ? 'notClosed' : incident.lessons.summary === '' || incident.lessons.cause === '' ? 'noPostMortem' : null;
    case 'severity': case 'role': case 'addTask': case 'affected': case 'note': case 'lesson': return null;
  }
}

/** Does a command. Pure: the same incident, command and doer give the same incident. @returns the reason when it cannot be done */
export function obey(incident: Incident, command: Command, doer: Doer): { incident: Incident } | { refused: Refusal } {
  const refused = refusalOf(incident, command, doer.now);
  return refused === null ? { incident: done(incident, command, doer) } : { refused };
}

function done(incident: Incident, command: Command, doer: Doer): Incident {
  const { by, now, newId } = doer;
  const stamp = { at: now, by };
  const put = (path: string, value: unknown): Incident => putAt(incident, path, value) as Incident;
  switch (command.do) {
    case 'text': return withEntry(put(command.field, command.value), doer, { kind: 'text', params: { field: command.field, from: incident[command.field].slice(0, 500) }, text: command.value });
    case 'severity': return withEntry(put('severity', command.severity), doer, { kind: 'severity', params: { from: incident.severity, to: command.severity }, text: command.reason });
    case 'phase': return withEntry(put('phase', command.phase), doer, { kind: 'phase', params: { from: incident.phase, to: command.phase }, text: command.note });
    case 'respond': {
      const dueAt = clocksOf(incident, now).find(({ kind }) => kind === 'response')?.dueAt ?? now;
      return withEntry(put('response', { ...stamp, dueAt }), doer, { kind: 'responded', params: { inTime: now <= dueAt ? 'inTime' : 'late' } });
    }
    case 'role': return withEntry(put(`roles/${command.role}`, command.person), doer, { kind: 'role', params: { role: command.role, person: command.person, from: incident.roles[command.role] } });
    case 'duty': return withEntry(put(`duties/${command.duty}`, { applies: command.applies, reason: command.reason, ...stamp }), doer, { kind: 'duty', params: { duty: command.duty, applies: command.applies }, text: command.reason });
    case 'aware': return withEntry(put('awareAt', command.awareAt), doer, { kind: 'aware', params: { from: String(incident.awareAt), to: String(command.awareAt) }, text: command.reason });
    case 'report': {
      const { do: _do, ...report } = command;
      return withEntry(put(`reports/${newId()}`, { ...report, recordedAt: now }), doer, { kind: 'report', params: { report: report.kind, authority: report.authority, reference: report.reference, teller: report.by, told: String(report.at) }, text: report.note });
    }
    case 'check': return withEntry(put(`checklist/${command.item}`, { done: command.done, ...stamp, note: command.note }), doer, { kind: 'check', params: { item: command.item, done: String(command.done) }, text: command.note });
    case 'addTask': {
      const { do: _do, ...task } = command;
      return withEntry(put(`tasks/${newId()}`, { ...task, done: null, createdAt: now }), doer, { kind: 'task', params: { change: 'added', title: task.title, owner: task.owner } });
    }
    case 'finishTask': return withEntry(put(`tasks/${command.task}/done`, command.done ? stamp : null), doer, { kind: 'task', params: { change: command.done ? 'done' : 'again', title: incident.tasks[command.task]?.title ?? '', owner: incident.tasks[command.task]?.owner ?? '' } });
    case 'affected': {
      const { [command.name]: _was, ...others } = incident[command.kind];
      return withEntry({ ...incident, [command.kind]: command.isAffected ? { ...others, [command.name]: true as const } : others }, doer, { kind: 'affected', params: { kind: command.kind, name: command.name, isAffected: String(command.isAffected) } });
    }
    case 'note': return withEntry(incident, doer, { kind: 'note', text: command.text });
    case 'lesson': return withEntry(put(`lessons/${command.field}`, command.value), doer, { kind: 'lesson', params: { field: command.field }, text: command.value });
    case 'close': return withEntry({ ...incident, closed: stamp, phase: 'lessons' }, doer, { kind: 'closed', params: { from: incident.phase }, text: command.note });
    case 'reopen': return withEntry({ ...incident, closed: null, postMortem: null, phase: activePhases[1] ?? 'containment' }, doer, { kind: 'reopened', text: command.reason });
    case 'postMortem': {
      const dueAt = clocksOf(incident, now).find(({ kind }) => kind === 'postMortem')?.dueAt ?? now;
      return withEntry(put('postMortem', stamp), doer, { kind: 'postMortem', params: { inTime: now <= dueAt ? 'inTime' : 'late' } });
    }
  }
}

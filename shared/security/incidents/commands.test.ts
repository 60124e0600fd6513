import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkItems, checksOf } from './checklists.ts';
import { createIncident, obey, refusals, type Command, type Doer } from './commands.ts';
import { incidentSchema, timelineKinds, timelineOf, type Incident } from './incident.ts';
import { isOver, openCount, rowOf, sortRows } from './list.ts';
import { newLeaver, obeyLeaver, openSteps, type Leaver, type LeaverCommand } from './offboarding.ts';
import { phases } from './phases.ts';

const now = Date.parse('2026-11-20T09:00:00Z');
const hour = 3_600_000;
let ids = 0;
const doer = (at = now): Doer => ({ by: 'admin', now: at, newId: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}` });
const made = (isExercise = false): Incident => createIncident({ title: 'Zugriff', description: '', severity: 'high', isExercise, detectedAt: now, awareAt: now, origin: null }, doer());
const run = (incident: Incident, ...commands: Command[]): Incident => commands.reduce((before, command) => {
  const answer = obey(before, command, doer());
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.incident;
}, incident);
const texts = (language: string): Record<string, string> => JSON.parse(readFileSync(new URL(`../../../resources/locales/${language}/security-incidents.json`, import.meta.url), 'utf8')) as Record<string, string>;
const errors = (language: string): Record<string, string> => JSON.parse(readFileSync(new URL(`../../../resources/locales/${language}/errors.json`, import.meta.url), 'utf8')) as Record<string, string>;

describe('commands', () => {
  const everyCommand: Command[] = [
    { do: 'text', field: 'title', value: 'Neuer Titel' }, { do: 'severity', severity: 'low', reason: 'kleiner' }, { do: 'phase', phase: 'recovery', note: '' }, { do: 'respond' }, { do: 'role', role: 'lead', person: 'Anke' },
    { do: 'duty', duty: 'gdpr34', applies: 'yes', reason: '' }, { do: 'aware', awareAt: now, reason: 'genauer' }, { do: 'report', kind: 'gdpr33', authority: 'LfDI', reference: 'A-1', note: '', at: now, by: 'Anke' },
    { do: 'check', item: 'facts', done: true, note: '' }, { do: 'addTask', title: 'Prüfen', owner: 'Anke', phase: 'recovery', dueAt: null }, { do: 'affected', kind: 'systems', name: 'erp-1', isAffected: true },
    { do: 'note', text: 'Notiz' }, { do: 'lesson', field: 'summary', value: 'Kurz' }, { do: 'close', note: '' },
  ];

  it.each(everyCommand)('$do leaves a valid incident and one entry with author and time', (command) => {
    const before = made();
    const after = run(before, command);
    expect(incidentSchema.parse(after)).toEqual(after);
    expect(Object.keys(after.timeline)).toHaveLength(2);
    expect(timelineOf(after).at(-1)).toMatchObject({ at: now, by: 'admin' });
    expect(before, 'what was there is untouched').toEqual(incidentSchema.parse(before));
    for (const [id, entry] of Object.entries(before.timeline)) expect(after.timeline[id]).toBe(entry);
  });

  it.each<[string, Incident, Command]>([
    ['noReason', made(), { do: 'duty', duty: 'nis2', applies: 'no', reason: '' }],
    ['future', made(), { do: 'report', kind: 'gdpr33', authority: 'x', reference: '', note: '', at: now + hour, by: 'x' }],
    ['beforeStart', made(), { do: 'aware', awareAt: now - 1, reason: 'x' }],
    ['notOpen', run(made(), { do: 'close', note: '' }), { do: 'phase', phase: 'recovery', note: '' }],
    ['notClosed', made(), { do: 'reopen', reason: 'x' }],
    ['noPostMortem', run(made(), { do: 'close', note: '' }), { do: 'postMortem' }],
    ['unknownItem', made(), { do: 'check', item: 'constructor', done: true, note: '' }],
    ['unknownItem', made(), { do: 'finishTask', task: '__proto__', done: true }],
    ['emptyTitle', made(), { do: 'text', field: 'title', value: '' }],
    ['responded', run(made(), { do: 'respond' }), { do: 'respond' }],
  ])('is refused with %s', (reason, incident, command) => {
    expect(obey(incident, command, doer())).toEqual({ refused: reason });
  });

  it('have a text for every reason, kind and item in both languages', () => {
    for (const language of ['de', 'en']) {
      const [words, wrong] = [texts(language), errors(language)];
      for (const reason of [...refusals, 'unknown', 'noEntries', 'unknownLeaver', 'leaverOpen', 'leaverClosed', 'secretsOpen', 'rotatedBefore']) expect(wrong, `${language} ${reason}`).toHaveProperty([`incident.${reason}`]);
      for (const kind of timelineKinds) expect(words, language).toHaveProperty([`timeline.${kind}`]);
      for (const { id } of checkItems) expect(words, language).toHaveProperty([`check.${id}`]);
      expect(Object.keys(words)).toEqual(Object.keys(texts('de')));
    }
  });

  it('ask for more the graver an incident is, in every phase', () => {
    for (const phase of phases) {
      expect(checksOf(phase, 'low').length).toBeGreaterThan(0);
      expect(checksOf(phase, 'critical').length).toBeGreaterThanOrEqual(checksOf(phase, 'low').length);
    }
  });
});

describe('the list', () => {
  const row = (incident: Incident, at = now) => rowOf({ incident, base: null, sent: null, version: null, conflicts: [] }, at);

  it('puts the next deadline first and what is over last, and never counts exercises', () => {
    const soon = run(made(), { do: 'severity', severity: 'critical', reason: 'x' });
    const over = run(made(), { do: 'respond' }, { do: 'duty', duty: 'gdpr33', applies: 'no', reason: 'x' }, { do: 'duty', duty: 'nis2', applies: 'no', reason: 'x' }, { do: 'close', note: '' }, { do: 'lesson', field: 'summary', value: 'x' }, { do: 'lesson', field: 'cause', value: 'x' }, { do: 'postMortem' });
    const exercise = made(true);
    expect(isOver(row(over))).toBe(true);
    expect(sortRows([row(over), row(exercise), row(soon), row(made())]).map(({ id }) => id).indexOf(soon.id)).toBe(0);
    expect(sortRows([row(over), row(exercise), row(soon)]).at(-1)?.id).toBe(over.id);
    expect(openCount([soon, over, exercise], now)).toBe(1);
  });
});

describe('somebody who leaves', () => {
  const leaver = (): Leaver => newLeaver({ account: 'sales', name: 'Vera Vertrieb', leavesAt: now }, doer());
  const does = (before: Leaver, command: LeaverCommand): Leaver => {
    const answer = obeyLeaver(before, command, { by: 'admin', now: now + hour });
    if ('refused' in answer) throw new Error(answer.refused);
    return answer.leaver;
  };
  const attest = (step: (typeof openSteps extends (leaver: Leaver) => (infer S)[] ? S : never)): LeaverCommand => ({ do: 'attest', step, state: 'attested', note: 'gesehen' });

  it('ends when every step is proven, attested or out of question, and not before', () => {
    let one = leaver();
    expect(obeyLeaver(one, { do: 'close' }, { by: 'admin', now })).toEqual({ refused: 'leaverOpen' });
    for (const step of openSteps(one)) one = does(one, attest(step));
    one = does(one, { do: 'close' });
    expect(one.closed).toEqual({ at: now + hour, by: 'admin' });
    expect(obeyLeaver(one, attest('devices'), { by: 'admin', now })).toEqual({ refused: 'leaverClosed' });
  });

  it('keeps the secrets open until each was rotated after the last day', () => {
    let one = does(leaver(), { do: 'addSecret', name: 'db' });
    expect(obeyLeaver(one, attest('secrets'), { by: 'admin', now })).toEqual({ refused: 'secretsOpen' });
    expect(obeyLeaver(one, { do: 'rotated', name: 'db', rotatedAt: now - 1 }, { by: 'admin', now })).toEqual({ refused: 'rotatedBefore' });
    one = does(does(one, { do: 'rotated', name: 'db', rotatedAt: now + 1 }), attest('secrets'));
    expect(openSteps(one)).not.toContain('secrets');
    one = does(one, { do: 'addSecret', name: 'smtp' });
    expect(openSteps(one), 'a secret that comes up later opens it again').toContain('secrets');
  });
});

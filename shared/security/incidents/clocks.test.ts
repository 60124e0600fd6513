import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonth, clocksOf, legalTimeZone, nextDeadline, postMortemMs, stageOf, stageTimes } from './clocks.ts';
import { createIncident, obey, type Command, type Doer } from './commands.ts';
import type { Incident } from './incident.ts';
import { remindersOf } from './list.ts';
import { responseMs, severities, type Severity } from './phases.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-20T09:00:00Z');
let ids = 0;
const doer = (now: number, by = 'admin'): Doer => ({ by, now, newId: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}` });
const incident = (severity: Severity = 'high', at = start): Incident => createIncident({ title: 'Fremder Zugriff', description: '', severity, isExercise: false, detectedAt: at, awareAt: at, origin: null }, doer(at));
const after = (before: Incident, command: Command, now: number): Incident => {
  const answer = obey(before, command, doer(now));
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.incident;
};
const clock = (of: Incident, kind: string, now: number) => clocksOf(of, now).find((one) => one.kind === kind);
const report = (kind: 'gdpr33' | 'nis2Early' | 'nis2Notification' | 'nis2Final', at: number): Command => ({ do: 'report', kind, authority: 'BSI', reference: 'X-1', note: '', at, by: 'Anke Admin' });
const local = new Intl.DateTimeFormat('sv-SE', { timeZone: legalTimeZone, dateStyle: 'short', timeStyle: 'medium' });

describe('the clocks', () => {
  it.each([['critical', 1], ['high', 4], ['medium', 24], ['low', 168]] as const)('give %s incidents %i hours for the response', (severity, hours) => {
    expect(clock(incident(severity), 'response', start)?.dueAt).toBe(start + hours * hour);
  });

  it('run for every duty that is open or holds, and not for one that does not', () => {
    const open = incident();
    expect(clocksOf(open, start).map(({ kind, dueAt }) => [kind, ((dueAt ?? 0) - start) / hour])).toEqual([['response', 4], ['nis2Early', 24], ['gdpr33', 72], ['nis2Notification', 72], ['nis2Final', expect.any(Number)]]);
    expect(clocksOf(open, start).filter(({ isDecided }) => !isDecided)).toHaveLength(4);
    const none = after(after(open, { do: 'duty', duty: 'gdpr33', applies: 'no', reason: 'Keine Personendaten' }, start), { do: 'duty', duty: 'nis2', applies: 'no', reason: 'Nicht erfasst' }, start);
    expect(clocksOf(none, start).map(({ kind }) => kind)).toEqual(['response']);
  });

  it('stop when it is done, and say for good whether that was in time', () => {
    const inTime = after(incident(), report('gdpr33', start + 72 * hour), start + 80 * hour);
    expect(clock(inTime, 'gdpr33', start + 900 * hour)).toMatchObject({ state: 'inTime', doneAt: start + 72 * hour });
    const late = after(incident(), report('gdpr33', start + 72 * hour + 1), start + 80 * hour);
    expect(clock(late, 'gdpr33', start + 900 * hour)).toMatchObject({ state: 'late' });
    expect(clock(incident(), 'gdpr33', start + 72 * hour)).toMatchObject({ state: 'running' });
    expect(clock(incident(), 'gdpr33', start + 72 * hour + 1)).toMatchObject({ state: 'overdue' });
  });

  it('do not turn a late response into a good one when the severity is lowered afterwards', () => {
    const late = after(incident('critical'), { do: 'respond' }, start + 2 * hour);
    const lowered = after(late, { do: 'severity', severity: 'low', reason: 'Fehlalarm' }, start + 3 * hour);
    expect(clock(lowered, 'response', start + 3 * hour)).toMatchObject({ state: 'late', dueAt: start + hour });
  });

  it('begin the final report a month after the notification itself, and assume the last moment until there is one', () => {
    expect(clock(incident(), 'nis2Final', start)).toMatchObject({ isPreliminary: true, dueAt: addMonth(start + 72 * hour) });
    const notified = after(incident(), report('nis2Notification', start + 30 * hour), start + 30 * hour);
    expect(clock(notified, 'nis2Final', start + 31 * hour)).toMatchObject({ isPreliminary: false, startsAt: start + 30 * hour, dueAt: addMonth(start + 30 * hour) });
  });

  it('give the post-mortem 72 hours from the end, and take it back when the incident is opened again', () => {
    const closed = after(incident(), { do: 'close', note: '' }, start + 10 * hour);
    expect(clock(closed, 'postMortem', start + 10 * hour)?.dueAt).toBe(start + 10 * hour + postMortemMs);
    expect(clock(after(closed, { do: 'reopen', reason: 'Wieder da' }, start + 11 * hour), 'postMortem', start)).toBeUndefined();
  });
});

describe('a month of the calendar', () => {
  it.each([
    ['2026-01-31T10:00:00Z', '2026-02-28 11:00:00'], ['2028-01-31T10:00:00Z', '2028-02-29 11:00:00'], ['2026-12-15T22:30:00Z', '2027-01-15 23:30:00'],
    // Into summer time, out of it, into the hour that is left out, and into the one that comes twice.
    ['2026-03-15T10:00:00Z', '2026-04-15 11:00:00'], ['2026-10-01T10:00:00Z', '2026-11-01 12:00:00'], ['2026-02-28T01:30:00Z', '2026-03-28 02:30:00'], ['2027-02-28T01:30:00Z', '2027-03-28 03:30:00'], ['2026-09-25T00:30:00Z', '2026-10-25 02:30:00'],
  ])('after %s ends at %s', (from, to) => {
    expect(local.format(addMonth(Date.parse(from)))).toBe(to);
  });

  it('takes the earlier of the two moments that the wall clock shows twice', () => {
    expect(new Date(addMonth(Date.parse('2026-09-25T00:30:00Z'))).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });

  it('is 28 to 31 days, give or take the hour of the change, and never goes back', () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) }), fc.integer({ min: 1, max: 40 * 24 * hour }), (at, more) => {
      const length = addMonth(at) - at;
      expect(length).toBeGreaterThanOrEqual(28 * 24 * hour - 2 * hour);
      expect(length).toBeLessThanOrEqual(31 * 24 * hour + 2 * hour);
      // Several days end on the last day of a shorter month: later starts may end on the same day, by their time of day.
      expect(addMonth(at + more)).toBeGreaterThan(addMonth(at) - 24 * hour);
    }), { numRuns: 2000 });
  });
});

describe('clocks and time', () => {
  const times = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });

  it('depend on the present only, not on how it was reached: sleep and changes of the clock leave no trace', () => {
    fc.assert(fc.property(times, fc.constantFrom(...severities), fc.array(times, { maxLength: 8 }), times, (at, severity, looks, now) => {
      const one = incident(severity, at);
      for (const look of looks) clocksOf(one, look);
      expect(clocksOf(one, now)).toEqual(clocksOf(structuredClone(one), now));
    }), { numRuns: 500 });
  });

  it('are late exactly when they were done after the end, whatever the day', () => {
    fc.assert(fc.property(times, fc.integer({ min: 0, max: 200 * hour }), fc.constantFrom('gdpr33', 'nis2Early', 'nis2Notification'), (at, taken, kind) => {
      const limit = kind === 'nis2Early' ? 24 * hour : 72 * hour;
      const told = after(incident('high', at), report(kind, at + taken), at + taken);
      expect(clock(told, kind, at + 1000 * hour)?.state).toBe(taken <= limit ? 'inTime' : 'late');
    }), { numRuns: 1000 });
  });

  it('last as many real hours across the change of summer time', () => {
    const beforeChange = Date.parse('2026-10-24T12:00:00Z');
    expect(clock(incident('high', beforeChange), 'gdpr33', beforeChange)?.dueAt).toBe(beforeChange + 72 * hour);
    expect(local.format(beforeChange + 72 * hour)).toBe('2026-10-27 13:00:00');
  });

  it('go through the stages in order, and each begins before the end', () => {
    fc.assert(fc.property(times, fc.constantFrom(...severities), fc.integer({ min: 0, max: 800 * hour }), (at, severity, later) => {
      for (const one of clocksOf(incident(severity, at), at + later)) {
        const stages = stageTimes(one);
        if (stages === null) continue;
        expect(one.startsAt).toBeLessThan(stages.soon);
        expect(stages.soon).toBeLessThan(stages.last);
        expect(stages.last).toBeLessThan(stages.over);
        expect(stageOf(one, at + later) === 'over').toBe(at + later >= stages.over);
      }
    }), { numRuns: 500 });
  });

  it('remind of the last stage only after a sleep, with the same id on every look', () => {
    const one = incident('critical');
    expect(remindersOf([one], start + 10 * 60_000)).toEqual([]);
    const [first] = remindersOf([one], start + 50 * 60_000);
    expect(first).toMatchObject({ clock: 'response', stage: 'soon' });
    const asleep = remindersOf([one], start + 3 * hour);
    expect(asleep.map(({ clock: kind, stage }) => `${kind} ${stage}`)).toEqual(['response over']);
    expect(remindersOf([one], start + 4 * hour)[0]?.id).toBe(asleep[0]?.id);
    expect(nextDeadline(one, start)).toBe(start + responseMs.critical);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysBetween, dueDay, localDay } from './deadline.ts';
import { blockerOf, gdprRequestSchema, lackOfAnswer, standingOf, type GdprRequest } from './request.ts';

const at = (day: string): number => new Date(`${day}T12:00:00`).getTime();
const request = (more: Partial<GdprRequest> = {}): GdprRequest => gdprRequestSchema.parse({
  id: '00000000-0000-4000-8000-000000000001', kind: 'erasure', reference: 'K10001', name: 'Petra Muster', contact: '', channel: 'email', receivedOn: '2026-11-02',
  identified: null, extended: null, found: null, exported: null, erased: null, answered: null, steps: [], ...more,
});
const mark = { at: at('2026-11-03'), by: 'admin' };

describe('the deadline', () => {
  it.each([
    ['2026-11-02', false, '2026-12-02'],
    // No 31st in the next month: its last day, which is a Saturday, then Monday.
    ['2026-01-31', false, '2026-03-02'],
    ['2026-08-31', false, '2026-09-30'],
    ['2028-01-30', false, '2028-02-29'],
    ['2026-11-30', true, '2027-03-01'],
    ['2026-12-15', false, '2027-01-15'],
  ])('of %s (extended: %s) is %s', (received, isExtended, due) => {
    expect(dueDay(received, isExtended)).toBe(due);
  });

  it('is never on a weekend, never before a month, and later when the receipt is', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), fc.boolean(), (date, isExtended) => {
      const received = date.toISOString().slice(0, 10);
      const due = dueDay(received, isExtended) ?? '';
      expect([0, 6]).not.toContain(new Date(`${due}T00:00:00Z`).getUTCDay());
      expect(daysBetween(received, due)).toBeGreaterThanOrEqual(isExtended ? 89 : 28);
      expect(daysBetween(received, due)).toBeLessThanOrEqual(isExtended ? 94 : 33);
      const next = new Date(`${received}T00:00:00Z`);
      next.setUTCDate(next.getUTCDate() + 1);
      expect((dueDay(next.toISOString().slice(0, 10), isExtended) ?? '') >= due).toBe(true);
    }), { numRuns: 2000 });
  });

  it('is not known for what is no day', () => {
    expect(dueDay('2026-02-30', false)).toBeNull();
    expect(dueDay('soon', false)).toBeNull();
  });

  it('is met by an answer on its day and missed by one after it', () => {
    expect(standingOf(request(), at('2026-11-20'))).toEqual({ due: '2026-12-02', daysLeft: 12, state: 'open' });
    expect(standingOf(request(), at('2026-11-25')).state).toBe('soon');
    expect(standingOf(request(), at('2026-12-02')).state).toBe('soon');
    expect(standingOf(request(), at('2026-12-03'))).toMatchObject({ daysLeft: -1, state: 'overdue' });
    expect(standingOf(request({ extended: { ...mark, reason: 'x' } }), at('2026-12-03')).state).toBe('open');
    expect(standingOf(request({ answered: { at: at('2026-12-02'), by: 'admin', answer: 'fulfilled', note: '' } }), at('2027-06-01')).state).toBe('answered');
    expect(standingOf(request({ answered: { at: at('2026-12-03'), by: 'admin', answer: 'fulfilled', note: '' } }), at('2027-06-01')).state).toBe('answeredLate');
  });

  it('counts days as people do, also over the change of the clocks', () => {
    expect(localDay(new Date(2026, 2, 29, 3, 30).getTime())).toBe('2026-03-29');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  });
});

describe('what may follow', () => {
  const now = at('2026-11-10');
  it('is nothing that hands out or erases before the person is known', () => {
    expect(blockerOf(request(), 'export', now)).toBe('notIdentified');
    expect(blockerOf(request(), 'erase', now)).toBe('notIdentified');
    const known = request({ identified: { ...mark, how: 'Ausweis' } });
    expect(blockerOf(known, 'export', now)).toBeNull();
    expect(blockerOf(known, 'erase', now)).toBeNull();
    expect(blockerOf({ ...known, kind: 'access' }, 'erase', now)).toBe('notErasure');
    expect(blockerOf({ ...known, erased: { ...mark, anonymized: 1, draftsDiscarded: 0, documentsReread: 0, documentsDropped: 0, certificate: '' } }, 'erase', now)).toBe('alreadyErased');
  });

  it('is one extension, and only while the first month runs', () => {
    expect(blockerOf(request(), 'extend', now)).toBeNull();
    expect(blockerOf(request(), 'extend', at('2026-12-03'))).toBe('tooLate');
    expect(blockerOf(request({ extended: { ...mark, reason: 'x' } }), 'extend', now)).toBe('alreadyExtended');
  });

  it('is a note or a new opening once it is answered', () => {
    const answered = request({ answered: { ...mark, answer: 'refused', note: '' } });
    for (const what of ['identify', 'extend', 'answer', 'export', 'erase', 'discard'] as const) expect(blockerOf(answered, what, now)).toBe('answered');
    expect(blockerOf(answered, 'note', now)).toBeNull();
    expect(blockerOf(answered, 'reopen', now)).toBeNull();
    expect(blockerOf(request(), 'reopen', now)).toBe('notAnswered');
  });

  it('is no discarding of what was handed out', () => {
    expect(blockerOf(request(), 'discard', now)).toBeNull();
    expect(blockerOf(request({ steps: [{ ...mark, what: 'exported', note: '' }] }), 'discard', now)).toBe('begun');
    expect(blockerOf(request({ erasedThere: { ...mark, anonymized: 1 } }), 'discard', now)).toBe('begun');
  });

  it('is no answer without its reason, or without a word on what nobody did here', () => {
    const lack = (answer: 'fulfilled' | 'partly' | 'refused', more: Partial<GdprRequest> = {}, note = ''): string | null => lackOfAnswer(request(more), { answer, note });
    const done = { identified: { ...mark, how: 'Ausweis' }, erased: { ...mark, anonymized: 1, draftsDiscarded: 0, documentsReread: 0, documentsDropped: 0, certificate: '' } };
    expect(lack('fulfilled')).toBe('elsewhereWanted');
    expect(lack('fulfilled', { identified: done.identified })).toBe('elsewhereWanted');
    expect(lack('fulfilled', done)).toBeNull();
    expect(lack('fulfilled', { ...done, kind: 'rectification' })).toBe('elsewhereWanted');
    for (const answer of ['partly', 'refused'] as const) expect(lack(answer, done)).toBe('reasonWanted');
    for (const answer of ['fulfilled', 'partly', 'refused'] as const) expect(lack(answer, {}, 'Brief vom 3.')).toBeNull();
  });
});

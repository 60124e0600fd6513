import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../shared/audit/entry.ts';
import { keptEntries, type FindingKind, type Found } from '../../../shared/security/review/finding.ts';
import { AuditColumns } from './columns.ts';
import { analyse } from './review.ts';

type Event = { at: number } & Partial<Pick<AuditEntry, 'actor' | 'action' | 'resource' | 'outcome' | 'reason'>>;
const local = (text: string): number => new Date(text).getTime();
/** A Monday. */
const monday = local('2026-03-02T00:00:00');
const hour = 3_600_000;
const day = 24 * hour;

function columnsOf(events: readonly Event[]): AuditColumns {
  const columns = new AuditColumns();
  columns.append(events.map(({ at, ...rest }, index): AuditEntry => ({ seq: index + 1, ts: new Date(at).toISOString(), actor: 'sales', role: null, client: null, action: 'submit', resource: `sales/SO-${index}`, from: null, to: null, reason: null, policy: null, correlationId: `c-${index}`, outcome: 'accepted', ...rest })));
  return columns;
}
/** Every workday ten entries between eight and five o'clock, submitted by one and approved by another. */
const office = (weeks: number, actor = 'sales', from = monday): Event[] => Array.from({ length: weeks * 5 * 10 }, (_, index) => {
  const workday = Math.floor(index / 10);
  return { at: from + (Math.floor(workday / 5) * 7 + (workday % 5)) * day + (8 + (index % 10)) * hour - (index % 10 === 9 ? 30 * 60_000 : 0), actor: index % 2 === 0 ? actor : 'manager', action: index % 2 === 0 ? 'submit' : 'approve', resource: `sales/SO-${Math.floor(index / 2)}` };
});
const sorted = (events: readonly Event[]): Event[] => events.toSorted((a, b) => a.at - b.at);
const look = (events: readonly Event[], from = monday + 28 * day, to = monday + 35 * day - 1): { found: Found[]; events: Event[] } => {
  const all = sorted(events);
  return { found: analyse(columnsOf(all).facts(), from, to).found, events: all };
};
const only = (found: readonly Found[], kind: FindingKind): Found[] => found.filter((one) => one.kind === kind);

describe('what stands out in a period', () => {
  const calm = office(5);
  const thursday = monday + 31 * day;

  it('is nothing in a week like the others', () => {
    const columns = columnsOf(calm);
    expect(analyse(columns.facts(), monday + 28 * day, monday + 35 * day - 1)).toEqual({ entries: 50, actors: 2, found: [] });
    const until = monday + 60 * day;
    expect(analyse(columns.facts(), monday + 28 * day, monday + 90 * day, until).found.at(0), 'nothing since the last entry').toMatchObject({ kind: 'silence', last: until, indexes: [expect.any(Number)] });
    expect(analyse(columns.facts(), monday + 40 * day, monday + 90 * day, until).found.map(({ kind }) => kind), 'a period without any').toEqual(['silence']);
    expect(analyse(columns.facts(), monday + 100 * day, monday + 101 * day)).toEqual({ entries: 0, actors: 0, found: [] });
  });

  it('is what a person does outside their own hours, and not what they always do', () => {
    const night = { at: thursday + 3 * hour, actor: 'sales', resource: 'sales/SO-night' };
    const { found, events } = look([...calm, night]);
    expect(found).toMatchObject([{ kind: 'unusualHours', actor: 'sales', count: 1, first: night.at, last: night.at, indexes: [events.indexOf(night)] }]);
    // Somebody who always works at night does nothing unusual then, and something unusual by day.
    const guard: Event[] = Array.from({ length: 35 * 3 }, (_, index) => ({ at: monday + Math.floor(index / 3) * day + (1 + (index % 3)) * hour, actor: 'guard', action: 'print' }));
    expect(look([...calm, ...guard]).found).toEqual([]);
    expect(only(look([...calm, ...guard, { at: thursday + 12 * hour, actor: 'guard', action: 'print' }]).found, 'unusualHours')).toMatchObject([{ actor: 'guard', count: 1 }]);
    // About a stranger nothing is known: the usual working hours count.
    expect(only(look([...calm, { at: thursday + 12 * hour, actor: 'new' }, { at: monday + 33 * day + 12 * hour, actor: 'new' }]).found, 'unusualHours')).toMatchObject([{ actor: 'new', count: 1, first: monday + 33 * day + 12 * hour }]);
  });

  it('is many of the same in ten minutes, from the twentieth on', () => {
    const burst = (count: number, step = 20_000): Event[] => Array.from({ length: count }, (_, index) => ({ at: thursday + 10 * hour + index * step + 1, actor: 'sales', action: 'print', resource: `sales/B-${index}` }));
    expect(look([...calm, ...burst(19)]).found).toEqual([]);
    const { found, events } = look([...calm, ...burst(20)]);
    expect(found).toMatchObject([{ kind: 'bulk', actor: 'sales', subject: 'print', count: 20 }]);
    expect(found[0]?.indexes.map((index) => events[index]?.resource)).toEqual(Array.from({ length: 20 }, (_, index) => `sales/B-${index}`));
    expect(look([...calm, ...burst(40, 40_000)]).found, 'slower than twenty in ten minutes').toEqual([]);
    const many = look([...calm, ...burst(1000, 1000)]).found;
    expect([many[0]?.count, many[0]?.indexes.length]).toEqual([1000, keptEntries]);
  });

  it('is an approval by whoever submitted last, with a reason too, also when the submission lies before', () => {
    const approval = { at: thursday + 10 * hour + 1, actor: 'boss', action: 'approve', resource: 'sales/OWN', reason: 'urgent' };
    const own: Event[] = [{ at: monday + 25 * day + 9 * hour, actor: 'boss', action: 'submit', resource: 'sales/OWN' }, approval];
    const { found, events } = look([...calm, ...own]);
    expect(found).toMatchObject([{ kind: 'selfApproval', actor: 'boss', subject: '', count: 1, indexes: [events.indexOf(approval)], filter: { action: 'approve', actor: 'boss' } }]);
    const again = { at: monday + 26 * day + 9 * hour, actor: 'sales', action: 'submit', resource: 'sales/OWN' };
    expect(only(look([...calm, ...own, again]).found, 'selfApproval')).toEqual([]);
    expect(only(look([...calm, own[0] as Event, { ...approval, outcome: 'refused' }]).found, 'selfApproval')).toEqual([]);
  });

  it('is three refused attempts, sign-ins apart, and every use of a privilege', () => {
    const refused = (count: number, action: string): Event[] => Array.from({ length: count }, (_, index) => ({ at: thursday + 11 * hour + index * 60_000 + 1, actor: 'sales', action, outcome: 'refused' }));
    expect(look([...calm, ...refused(2, 'export'), ...refused(2, 'login')]).found).toEqual([]);
    expect(look([...calm, ...refused(3, 'export'), ...refused(4, 'login')]).found).toMatchObject([{ kind: 'failedLogin', count: 4 }, { kind: 'failed', count: 3 }]);
    const uses = ['policy.upsert', 'policy.restore', 'backup.restore', 'secret.rotate', 'gdpr.erase', 'policy.export', 'backup.create'].map((action, index): Event => ({ at: thursday + 9 * hour + index * 60_000 + 1, actor: 'manager', action }));
    expect(look([...calm, ...uses]).found.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(['policy.upsert', 'policy.restore', 'backup.restore', 'secret.rotate', 'gdpr.erase'].map((action) => `privilege ${action}`));
  });

  it('is a silence of four days, with the entries on both sides', () => {
    const { found, events } = look(calm.filter(({ at }) => at < monday + 28 * day + 12 * hour || at > monday + 32 * day + 15 * hour));
    expect(found).toMatchObject([{ kind: 'silence', count: 101 }]);
    expect((found[0]?.indexes ?? []).map((index) => events[index]?.at)).toEqual([found[0]?.first, found[0]?.last]);
  });
});

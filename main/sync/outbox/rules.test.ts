import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appError, errorCodes } from '../../../shared/ipc/errors.ts';
import { toDocument } from '../../../shared/domain/draft-document.ts';
import { orderContent, withNote } from '../../../test/fixtures/drafts.ts';
import type { CommandEntry, OutboxChange } from '../../host/outbox.ts';
import { holds, isSameContent } from './content.ts';
import { GroupCommit } from './group-commit.ts';
import { backoff, isKeyExpired, keyLifetime, verdictOf } from './outcome.ts';
import { countStates, nextWake, runnable } from './plan.ts';
import { provisionalNumber } from './provisional-number.ts';

const hour = 3_600_000;
let made = 0;
const uuid = (): string => `018f5f6e-0000-4000-8000-${String(++made).padStart(12, '0')}`;
const entry = (number: string, more: Partial<CommandEntry> = {}): CommandEntry => ({
  id: uuid(), kind: 'create', state: 'waiting', key: { type: 'sales_order', number }, draftId: null, partnerName: null, queuedAt: 5, attempts: 0, nextAttemptAt: null, error: null, after: null,
  idempotencyKey: uuid(), sentAt: null, numberProvisional: false, ...more,
});

describe('what a failure means', () => {
  it.each([
    ['network.timeout', 'retry'], ['network.unreachable', 'retry'], ['server.failed', 'retry'], ['server.unavailable', 'retry'], ['server.rateLimited', 'retry'], ['server.notJson', 'retry'], ['database.diskFull', 'retry'],
    ['server.unauthorised', 'signIn'], ['session.expired', 'signIn'], ['session.required', 'signIn'], ['call.cancelled', 'cancelled'],
    ['server.forbidden', 'rejected'], ['server.invalid', 'rejected'], ['server.notStored', 'rejected'], ['guard.failed', 'rejected'], ['server.badRequest', 'rejected'],
  ] as const)('%s: %s', (code, verdict) => expect(verdictOf(appError(code))).toBe(verdict));

  it('has an answer for every code there is', () => {
    for (const code of errorCodes) expect(['retry', 'signIn', 'cancelled', 'rejected']).toContain(verdictOf(appError(code)));
  });

  it('waits longer each time, five minutes at most, and never less than the server asks for', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.option(fc.integer({ min: 0, max: 3_600_000 })), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, retryAfter, chance) => {
      const wait = backoff(failures, retryAfter, () => chance);
      const middle = Math.min(2_000 * 2 ** (failures - 1), 300_000);
      expect(wait).toBeGreaterThanOrEqual(Math.max(Math.floor(middle * 0.5), retryAfter ?? 0));
      expect(wait).toBeLessThanOrEqual(Math.ceil(Math.max(middle * 1.5, (retryAfter ?? 0) + 1000)));
    }));
  });

  it('trusts no key that the server may have forgotten, nor a clock that went back', () => {
    expect(isKeyExpired(0, keyLifetime - 2 * hour)).toBe(false);
    expect(isKeyExpired(0, keyLifetime)).toBe(true);
    expect(isKeyExpired(5 * hour, 0)).toBe(true);
  });
});

describe('whose turn it is', () => {
  const plan = (entries: readonly CommandEntry[], { now = 100, free = 6, held = [] as string[] } = {}): string[] =>
    runnable(entries, { now, free, has: (id) => entries.some((one) => one.id === id), isHeld: (id) => held.includes(id) }).map(({ key, kind }) => `${kind} ${key.number}`);

  it('the first of each document, several documents at once, not more than are free', () => {
    const first = entry('A');
    const entries = [first, entry('A', { kind: 'submit', after: first.id }), entry('B'), entry('C'), entry('D')];
    expect(plan(entries)).toEqual(['create A', 'create B', 'create C', 'create D']);
    expect(plan(entries, { free: 2 })).toEqual(['create A', 'create B']);
    expect(plan(entries, { held: [first.id] })).not.toContain('create A');
  });

  it('nobody behind one that is on its way or in conflict, nor one whose time has not come', () => {
    expect(plan([entry('A', { state: 'sending' }), entry('A', { kind: 'update' }), entry('B', { state: 'conflict' }), entry('B', { kind: 'submit' }), entry('C', { nextAttemptAt: 101 })])).toEqual([]);
    expect(nextWake([entry('A', { nextAttemptAt: 300 }), entry('B', { nextAttemptAt: 200 }), entry('C', { state: 'rejected', nextAttemptAt: 1 })], 100)).toBe(200);
  });

  it('others of the number of a refused one, but not what builds on it', () => {
    const refused = entry('A', { state: 'rejected' });
    expect(plan([refused, entry('A', { kind: 'submit', after: refused.id })])).toEqual([]);
    expect(plan([refused, entry('A', { kind: 'update' })])).toEqual(['update A']);
  });

  it('is counted for the title bar', () => {
    expect(countStates([entry('A'), entry('B', { state: 'reconcile' }), entry('C', { state: 'sending' }), entry('D', { state: 'rejected', queuedAt: 2 }), entry('E', { state: 'conflict' })], 3))
      .toEqual({ waiting: 2, sending: 1, rejected: 1, conflicts: 1, decisions: 3, oldestAt: 2 });
  });
});

describe('what is on the server already', () => {
  const mine = toDocument(orderContent('SO-1'));

  it('holds mine when sending it would change nothing, whatever else the server knows', () => {
    const server = { ...mine, partnerName: 'by the server', fields: { ...mine.fields, salesRep: 'Meier', notes: null } };
    expect(holds(server, mine)).toBe(true);
    expect(isSameContent(server, mine)).toBe(false);
    expect(holds(toDocument(withNote(orderContent('SO-1'), 'other')), mine)).toBe(false);
    expect(holds({ ...server, status: 'BESTAETIGT' }, mine)).toBe(false);
    expect(holds({ ...server, lines: [] }, mine)).toBe(false);
  });

  it('takes an amount for the same in another spelling', () => {
    const payment = { ...mine, type: 'payment_received' as const, lines: [], fields: { amount: '10.50' } };
    expect(isSameContent(payment, { ...payment, fields: { amount: '10.5' } })).toBe(true);
  });
});

describe('a number of our own', () => {
  it('says so, fits into a path, and differs by time and chance', () => {
    expect(provisionalNumber('sales_order', Date.UTC(2026, 10, 22, 10, 42, 7), () => 0.5)).toBe('SO-V261122104207I0000');
    expect(new Set(Array.from({ length: 500 }, () => provisionalNumber('sales_invoice', 0, Math.random))).size).toBe(500);
  });
});

describe('shared commits', () => {
  const change = (id: string): OutboxChange => ({ do: 'remove', id });

  it('gather while one is being written, and one that fails fails alone', async () => {
    const written: string[][] = [];
    const group = new GroupCommit({
      commit: async (changes) => {
        await Promise.resolve();
        const ids = changes.flatMap((each) => ('id' in each ? [each.id] : []));
        if (ids.includes('bad')) throw new Error('no');
        written.push(ids);
        return { changed: [] };
      },
    });
    const all = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((id) => group.commit([change(id)], [])));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(written).toEqual([['a'], ['b'], ['c']]);
    await Promise.all(['d', 'e', 'f'].map((id) => group.commit([change(id)], [])));
    expect(written.slice(3)).toEqual([['d'], ['e', 'f']]);
  });
});

import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/ipc/errors.ts';
import { documentSchema, type DocumentRecord } from '../../../shared/domain/document.ts';
import type { Decision, OutboxCommand } from '../../../shared/domain/outbox.ts';
import type { WorkflowState } from '../../../shared/domain/workflow.ts';
import type { ActionView, Blocker } from '../documents/actions/action-model.ts';
import { isUnchanged, reviewOf } from './decision-model.ts';
import { canNote } from './noted.ts';
import { lookOf } from './OutboxButton.tsx';
import { actionsOf, entriesOf, nextAfter, progressOf, whyWaiting } from './outbox-model.ts';

const id = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
const command = (number: number, change: Partial<OutboxCommand> = {}): OutboxCommand => ({
  id: id(number), kind: 'update', state: 'waiting', key: { type: 'sales_order', number: `SO-${number}` }, draftId: id(number), partnerName: 'Hof Nord', queuedAt: number, attempts: 0, nextAttemptAt: null, error: null, after: null, ...change,
});
const record = (qty: string, state: WorkflowState = 'pending', submittedBy: string | null = 'sales'): DocumentRecord => ({
  document: documentSchema.parse({
    type: 'sales_order', number: 'SO-9', date: null, partnerId: 'K-1', partnerName: null, status: 'ENTWURF', fields: {}, totals: { net: '0', tax: '0', gross: '0' },
    lines: [{ article: 'Raps', qty, price: '10', vatRate: '7', cost: null }],
  }),
  workflow: { state, version: '1', submittedBy, submittedAt: null }, etag: null, changedAt: null, fetchedAt: 5,
});
const decision = (number: number, current: DocumentRecord | null = null): Decision => ({ id: id(number), key: { type: 'sales_order', number: 'SO-9' }, action: 'approve', reason: null, decidedAt: number, seen: record('1'), current, changed: false });

describe('the order of the outbox', () => {
  it('puts what needs a person on top and keeps the order of sending below', () => {
    const entries = entriesOf([command(1), command(2, { state: 'rejected' }), command(3, { state: 'sending' }), command(4, { state: 'conflict' }), command(5, { state: 'reconcile' })], [decision(7), decision(6)]);
    expect(entries.map((entry) => Number(entry.id.at(-1)))).toEqual([4, 2, 6, 7, 1, 3, 5]);
    expect(entries.map((entry) => (entry.kind === 'command' ? entry.turn : '–'))).toEqual([null, null, '–', '–', 1, 2, 3]);
  });

  it('goes on to what stood below when something is done, else to the last', () => {
    const before = entriesOf([command(1), command(2), command(3)], []);
    expect(nextAfter(before.filter((entry) => entry.id !== id(2)), before, id(2))?.id).toBe(id(3));
    expect(nextAfter(before.slice(0, 2), before, id(3))?.id).toBe(id(2));
    expect(nextAfter([], before, id(1))).toBeUndefined();
  });
});

describe('why something waits', () => {
  const now = 1000;
  const why = (one: OutboxCommand, isOffline = false, others: OutboxCommand[] = []): string => whyWaiting(one, { isOffline, now, commands: [one, ...others] }).messageKey;
  it.each([['sending', 'sending'], ['conflict', 'conflict'], ['reconcile', 'reconcile']] as const)('is %s', (state, key) => expect(why(command(1, { state }))).toBe(`outbox.why.${key}`));
  it('names the error of a refusal, and that there was one where none was given', () => {
    expect(why(command(1, { state: 'rejected', error: appError('server.invalid') }))).toBe('errors.server.invalid');
    expect(why(command(1, { state: 'rejected' }))).toBe('outbox.why.rejected');
  });
  it('is an earlier command of the document, before the network', () => {
    expect(why(command(2, { after: id(1) }), true, [command(1)])).toBe('outbox.why.after');
    expect(why(command(2, { after: id(1) }), true, [command(1, { state: 'rejected' })])).toBe('outbox.why.afterStuck');
    expect(why(command(2, { after: id(1) }), true)).toBe('outbox.why.offline');
  });
  it('is the sign-in, the network, the next attempt, or nothing', () => {
    expect(why(command(1, { error: appError('session.expired') }), true)).toBe('outbox.why.signIn');
    expect(whyWaiting(command(1, { error: appError('server.failed'), nextAttemptAt: 2000 }), { isOffline: false, now, commands: [] })).toMatchObject({ messageKey: 'outbox.why.later', at: 2000 });
    expect(why(command(1, { error: appError('server.failed'), nextAttemptAt: 500 }))).toBe('outbox.why.again');
    expect(why(command(1))).toBe('outbox.why.turn');
  });
});

describe('what can be done', () => {
  it('leaves alone what is on its way', () => expect(actionsOf(command(1, { state: 'sending' }), false)).toEqual({ canRetry: false, retryReason: 'sending', canWithdraw: false, withdrawReason: 'sending' }));
  it('takes back offline, and sends only online', () => expect(actionsOf(command(1), true)).toMatchObject({ canRetry: false, retryReason: 'offline', canWithdraw: true }));
  it('sends a refused one again', () => expect(actionsOf(command(1, { state: 'rejected' }), false)).toMatchObject({ canRetry: true, canWithdraw: true }));
  it('counts a run of several', () => expect([progressOf(10, 4), progressOf(1, 1), progressOf(5, 0), progressOf(3, 5)]).toEqual([{ done: 6, of: 10 }, null, null, null]));
});

describe('the sign in the title bar', () => {
  const state = { waiting: 0, sending: 0, rejected: 0, conflicts: 0, decisions: 0, oldestAt: null };
  it.each([
    [{}, 'empty', 'sync'], [{ waiting: 3 }, 'waiting', 'clock'], [{ waiting: 3, sending: 1 }, 'sending', 'send'], [{ decisions: 1 }, 'decisions', 'approvals'],
    [{ waiting: 3, sending: 1, rejected: 1 }, 'person', 'warning'], [{ conflicts: 1 }, 'person', 'warning'],
  ] as const)('of %j is %s', (more, word, icon) => expect(lookOf({ ...state, ...more })).toEqual({ word, icon }));
  it('is that of an empty one before anything is known', () => expect(lookOf(null).word).toBe('empty'));
});

describe('a decision to confirm', () => {
  it('is not judged before the present state is known', () => expect(reviewOf(decision(1))).toBeNull());
  it('says that nothing changed', () => {
    const review = reviewOf(decision(1, record('1')));
    expect(review !== null && isUnchanged(review)).toBe(true);
  });
  it('shows what changed in the document, the workflow and who submitted', () => {
    const review = reviewOf(decision(1, record('2', 'approved', 'anna')));
    expect(review?.changes).toMatchObject([{ path: 'lines.0.qty', base: '1', theirs: '2' }]);
    expect([review?.states, review?.submitters]).toEqual([{ before: 'pending', now: 'approved' }, { before: 'sales', now: 'anna' }]);
  });
});

describe('noting a decision', () => {
  const blocker = (kind: Blocker['kind']): Blocker => ({ kind, messageKey: '', params: {} });
  const view = (change: Partial<ActionView>): ActionView => ({ action: 'approve', isNext: true, blockers: [blocker('offline')], needsReason: false, isOwn: false, ...change });
  it('is for what only the network keeps from being done', () => {
    expect(canNote(view({}))).toBe(true);
    expect(canNote(view({ action: 'post' }))).toBe(true);
    expect(canNote(view({ blockers: [] }))).toBe(false);
    expect(canNote(view({ blockers: [blocker('scope'), blocker('offline')] }))).toBe(false);
    expect(canNote(view({ isNext: false }))).toBe(false);
  });
  it('is not for submitting, which may wait in the outbox', () => expect(canNote(view({ action: 'submit' }))).toBe(false));
});

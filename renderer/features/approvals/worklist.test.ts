import { describe, expect, it } from 'vitest';
import { documentSchema } from '../../../shared/domain/document.ts';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { zero } from '../../../shared/domain/money.ts';
import { roleScopes, type Role } from '../../../shared/rbac/scopes.ts';
import type { ActionFacts } from '../documents/actions/action-model.ts';
import { approvalChecks } from './checks.ts';
import { nameOf, type Decision } from './undo-queue.ts';
import { nextOpen, waitingSince, worklist } from './worklist.ts';

const row = (number: string, submittedAt: number | null, changedAt: number | null = null): ListRow => ({
  type: 'sales_offer', number, date: null, partnerName: null, net: zero, gross: zero, status: 'ENTWURF', workflow: 'pending', submittedBy: null, submittedAt, changedAt, fetchedAt: 1,
});
const done = (one: ListRow): [string, Decision] => [nameOf(one), { key: { type: one.type, number: one.number }, verdict: 'approve', reason: null, seen: '', status: 'done', at: 1 }];
const numbers = (rows: readonly ListRow[]): string[] => rows.map((one) => one.number);

describe('the worklist', () => {
  const [a, b, c] = [row('A', 30), row('B', 10), row('C', null, 20)];

  it('stands oldest first, by the best time there is', () => {
    expect(numbers(worklist([a, b, c], new Map(), new Map()))).toEqual(['B', 'C', 'A']);
    expect([waitingSince(a), waitingSince(c), waitingSince(row('D', null))]).toEqual([30, 20, null]);
  });
  it('keeps a decided row in its place while its result is on screen', () => {
    const decided = new Map([[nameOf(c), { ...c, workflow: 'approved' as const }]]);
    expect(numbers(worklist([a, b], decided, new Map([done(c)])))).toEqual(['B', 'C', 'A']);
    expect(numbers(worklist([a, b], decided, new Map()))).toEqual(['B', 'A']);
    expect(numbers(worklist([a, b, c], decided, new Map([done(c)])))).toEqual(['B', 'C', 'A']);
  });
  it('moves on to the next open row, then back up, then stays', () => {
    const rows = [a, b, c];
    expect(nextOpen(rows, 0, new Map([done(a)]))).toBe(1);
    expect(nextOpen(rows, 1, new Map([done(b), done(c)]))).toBe(0);
    expect(nextOpen(rows, 0, new Map([done(a), done(b)]))).toBe(2);
    expect(nextOpen(rows, 1, new Map([done(a), done(b), done(c)]))).toBe(1);
    expect(nextOpen([], 0, new Map())).toBe(0);
  });
});

describe('checks before an approval', () => {
  const facts = (role: Role, more: { type?: string; prices?: [string | null, string | null][]; submittedBy?: string | null; userName?: string } = {}): ActionFacts => ({
    isOffline: false, isDirty: false,
    account: { id: 'a', subject: 's', userName: more.userName ?? role, displayName: role, email: null, tenantId: null, roles: [role], scopes: [...roleScopes[role]], scopeSource: 'token' },
    record: {
      document: documentSchema.parse({
        type: more.type ?? 'sales_offer', number: 'X-1', date: null, partnerId: null, partnerName: null, status: 'ENTWURF', totals: { net: '1', tax: '0', gross: '1' }, fields: {},
        lines: (more.prices ?? [['10', '8']]).map(([price, cost]) => ({ article: 'x', qty: '1', price, vatRate: '7', cost })),
      }),
      workflow: { state: 'pending', version: null, submittedBy: more.submittedBy === undefined ? 'sales' : more.submittedBy, submittedAt: null }, etag: null, changedAt: null, fetchedAt: 1,
    },
  });
  const results = (given: ActionFacts): string[] => approvalChecks(given).map((one) => `${one.id} ${one.status}`);

  it('are all good when another person submitted, at prices above cost', () => {
    expect(results(facts('manager'))).toEqual(['segregation ok', 'rights ok', 'prices ok']);
  });
  it('claim nothing they do not know', () => {
    expect(results(facts('manager', { submittedBy: null, prices: [['10', null]] }))).toEqual(['segregation unknown', 'rights ok', 'prices unknown']);
    expect(approvalChecks(facts('manager', { prices: [['10', '8'], ['10', null]] }))[2]).toMatchObject({ status: 'warning', params: { checked: '1', missing: '1' } });
  });
  it('fail for own submissions, but for an admin they warn', () => {
    expect(results(facts('manager', { submittedBy: 'manager' }))[0]).toBe('segregation failed');
    expect(results(facts('admin', { submittedBy: 'admin' }))[0]).toBe('segregation warning');
  });
  it('name missing rights and count prices below cost', () => {
    expect(approvalChecks(facts('sales'))[1]).toMatchObject({ status: 'failed', messageKey: 'documents.blocked.scope', params: { scope: 'sales:approve' } });
    expect(approvalChecks(facts('manager', { prices: [['7', '8'], ['10', '8']] }))[2]).toMatchObject({ status: 'failed', params: { below: '1' } });
  });
  it('leave prices out when buying', () => expect(results(facts('controller', { type: 'purchase_order' }))).toEqual(['segregation ok', 'rights ok']));
});

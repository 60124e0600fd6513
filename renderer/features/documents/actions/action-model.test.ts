import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentSchema, type DocumentRecord } from '../../../../shared/domain/document.ts';
import { exact } from '../../../../shared/domain/money.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import { workflowActions, workflowStates, type WorkflowAction, type WorkflowState } from '../../../../shared/domain/workflow.ts';
import { roles, roleScopes, type Role } from '../../../../shared/rbac/scopes.ts';
import { actionViews, editBlockers, lineFindings, reasonsOf, stateOf, type ActionFacts, type ActionView } from './action-model.ts';

const account = (role: Role, userName: string = role): Account => ({
  id: 'a', subject: 's', userName, displayName: userName, email: null, tenantId: null, roles: [role], scopes: [...roleScopes[role]], scopeSource: 'roles',
});
const record = (state: WorkflowState | null, more: { type?: string; price?: string; submittedBy?: string | null; net?: string } = {}): DocumentRecord => ({
  document: documentSchema.parse({
    type: more.type ?? 'sales_offer', number: 'ANG-1', date: null, partnerId: 'K-1', partnerName: null, status: 'ENTWURF',
    lines: [{ article: 'A-1', qty: '1', price: '20', vatRate: '19', cost: '10' }, { article: 'A-2', qty: '1', price: more.price ?? '20', vatRate: '19', cost: '10' }],
    totals: { net: more.net ?? '40', tax: '7.6', gross: '47.6' }, fields: {},
  }),
  workflow: state === null ? null : { state, version: '1', submittedBy: more.submittedBy ?? null, submittedAt: null }, etag: null, changedAt: null, fetchedAt: 1,
});
const facts = (role: Role, state: WorkflowState | null, more: Parameters<typeof record>[1] & { facts?: Partial<ActionFacts> } = {}): ActionFacts =>
  ({ record: record(state, more), account: account(role), isOffline: false, isDirty: false, ...more.facts });
const view = (action: WorkflowAction, given: ActionFacts): ActionView => actionViews(given).find((one) => one.action === action) ?? expect.fail('no view');
const kinds = (action: WorkflowAction, given: ActionFacts): string[] => view(action, given).blockers.map((blocker) => blocker.kind);

describe('actions', () => {
  it('walk through the main job with the right people', () => {
    expect(kinds('submit', facts('sales', 'draft'))).toEqual([]);
    expect(kinds('approve', facts('manager', 'pending', { submittedBy: 'sales' }))).toEqual([]);
    expect(kinds('post', facts('controller', 'approved'))).toEqual([]);
    expect(kinds('reject', facts('controller', 'pending'))).toEqual([]);
  });

  it('name the missing scope and who holds it', () => {
    expect(view('submit', facts('purchase', 'draft')).blockers[0]).toEqual({ kind: 'scope', messageKey: 'documents.blocked.scope', params: { scope: 'sales:write', roles: 'admin, manager, operator, sales' } });
    expect(view('post', facts('manager', 'approved')).blockers[0]).toMatchObject({ params: { scope: 'sales:post', roles: 'admin, controller' } });
  });

  it('name the role where the workflow wants one besides the scope', () => {
    expect(kinds('submit', facts('operator', 'draft'))).toEqual(['role']);
    expect(kinds('approve', facts('manager', 'pending', { type: 'purchase_order' }))).toEqual(['role']);
  });

  it('say first what the state rules out, in words of that state', () => {
    const blocked = view('approve', facts('sales', 'draft')).blockers;
    expect(blocked.map((blocker) => blocker.kind)).toEqual(['state', 'scope']);
    expect(blocked[0]?.messageKey).toBe('documents.blocked.state.approve.draft');
    for (const action of workflowActions) expect(kinds(action, facts('admin', 'posted'))).toEqual(['state']);
  });

  it('take a document without known workflow for a draft', () => {
    expect(stateOf(record(null))).toBe('draft');
    expect(kinds('submit', facts('sales', null))).toEqual([]);
  });

  it('put guard findings beside their lines', () => {
    const given = facts('manager', 'pending', { price: '9.99' });
    expect(kinds('approve', given)).toEqual(['guard']);
    const found = lineFindings(actionViews(given));
    expect([...found.keys()]).toEqual([1]);
    expect(found.get(1)).toMatchObject({ messageKey: 'guards.priceBelowCost', params: { article: 'A-2', price: '9.99', cost: '10' } });
    expect(lineFindings(actionViews(facts('manager', 'draft', { price: '9.99' }))).size).toBe(0);
  });

  it('do not post nothing', () => expect(kinds('post', facts('controller', 'approved', { net: '0' }))).toEqual(['guard']));

  it('never go out while offline or over unsaved changes', () => {
    expect(kinds('approve', facts('manager', 'pending', { facts: { isOffline: true } }))).toEqual(['offline']);
    expect(kinds('submit', facts('sales', 'draft', { facts: { isDirty: true } }))).toEqual(['unsaved']);
  });

  it('ask for a reason exactly for rejections and own submissions', () => {
    for (const action of workflowActions) expect(view(action, facts('controller', 'pending')).needsReason).toBe(action === 'reject');
  });

  it('offer exactly one or two next steps, none in final states', () => {
    const next = (state: WorkflowState): string[] => actionViews(facts('admin', state)).filter((one) => one.isNext).map((one) => one.action);
    expect(workflowStates.map(next)).toEqual([['submit'], ['approve', 'reject'], ['post'], [], []]);
  });

  it('give an admin no blocker but state, guards and network', () => {
    fc.assert(fc.property(fc.constantFrom(...workflowStates), fc.constantFrom('sales_offer', 'purchase_order'), (state, type) => {
      for (const one of actionViews(facts('admin', state, { type }))) expect(one.blockers.map((blocker) => blocker.kind)).toEqual(one.isNext ? [] : ['state']);
    }));
  });

  it('have a text key for every reason', () => {
    for (const role of roles) for (const state of workflowStates) for (const one of actionViews(facts(role, state))) {
      for (const blocker of one.blockers) expect(blocker.messageKey).toMatch(/^(documents\.blocked|guards)\./);
    }
  });
});

describe('reasons', () => {
  const keys = (action: WorkflowAction, given: ActionFacts): string[] => reasonsOf(view(action, given).blockers).map((reason) => reason.messageKey);
  it('are one when state or rights decide, all when both could be mended', () => {
    expect(keys('approve', facts('sales', 'draft'))).toEqual(['documents.blocked.state.approve.draft']);
    expect(keys('approve', facts('sales', 'pending', { price: '1' }))).toEqual(['documents.blocked.scope']);
    expect(keys('approve', facts('manager', 'pending', { price: '1', submittedBy: 'manager', facts: { isOffline: true } }))).toEqual(['documents.blocked.segregation', 'guards.priceBelowCost', 'documents.blocked.offline']);
  });
  it('count lines below cost instead of listing them', () => {
    const given = facts('manager', 'pending', { price: '1', facts: { isOffline: true } });
    const lines = given.record.document.lines.map((line) => ({ ...line, price: line.cost === null ? null : exact('1') }));
    const many = { ...given, record: { ...given.record, document: { ...given.record.document, lines } } };
    expect(reasonsOf(view('approve', many).blockers)).toMatchObject([{ messageKey: 'documents.blocked.belowCost', params: { count: '2' } }, { messageKey: 'documents.blocked.offline' }]);
  });
});

describe('segregation of duties', () => {
  const own = (role: Role): ActionFacts => ({ ...facts(role, 'pending', { submittedBy: 'Anna' }), account: account(role, 'anna') });

  it('keeps who submitted from approving, whatever the spelling of the name', () => {
    expect(kinds('approve', own('manager'))).toEqual(['segregation']);
    expect(kinds('approve', facts('manager', 'pending', { submittedBy: 'sales' }))).toEqual([]);
  });
  it('lets an admin, with a reason', () => {
    expect(view('approve', own('admin'))).toMatchObject({ blockers: [], needsReason: true, isOwn: true });
    expect(view('approve', facts('admin', 'pending', { submittedBy: 'sales' })).needsReason).toBe(false);
  });
  it('does not keep them from rejecting', () => expect(kinds('reject', own('controller'))).toEqual([]));
  it('claims nothing when the server does not say who submitted', () => expect(view('approve', facts('manager', 'pending')).isOwn).toBe(false));
});

describe('editing', () => {
  it('is for drafts and for those who may write', () => {
    expect(editBlockers(facts('sales', 'draft'))).toEqual([]);
    expect(editBlockers(facts('operator', null))).toEqual([]);
    expect(editBlockers(facts('controller', 'posted')).map((blocker) => blocker.messageKey)).toEqual(['documents.blocked.edit.posted', 'documents.blocked.scope']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domains } from './document-types.ts';
import { exact } from './money.ts';
import { checkGuards, rolesFor, scopeFor, transitions, workflowActions, workflowStates, type GuardInput } from './workflow.ts';
import { roles, scopes } from '../rbac/scopes.ts';

const input = (more: Partial<GuardInput> = {}): GuardInput => ({
  domain: 'sales', state: 'draft', total: exact('119.00'), roles: ['admin'],
  lines: [{ article: 'Weizen', price: exact('10'), cost: exact('8') }], ...more,
});
const guards = (...args: Parameters<typeof checkGuards>): string[] => checkGuards(...args).map((finding) => finding.guard);

const inputs = fc.record({
  domain: fc.constantFrom(...domains), state: fc.constantFrom(...workflowStates), total: fc.constantFrom('-1', '0', '0.01', '100').map(exact),
  roles: fc.uniqueArray(fc.constantFrom(...roles)), reason: fc.constantFrom('', '  ', 'zu teuer'),
  lines: fc.array(fc.record({ article: fc.string(), price: fc.option(fc.constantFrom('0', '9.99', '10').map(exact)), cost: fc.option(fc.constantFrom('0', '10', '10.00').map(exact)) }), { maxLength: 5 }),
});

describe('transitions', () => {
  it('lead through the states of the ERP', () => {
    expect(transitions).toEqual({
      submit: { from: 'draft', to: 'pending' }, approve: { from: 'pending', to: 'approved' },
      reject: { from: 'pending', to: 'rejected' }, post: { from: 'approved', to: 'posted' },
    });
  });

  it('never leave a final state', () => {
    for (const action of workflowActions) expect(['posted', 'rejected']).not.toContain(transitions[action].from);
  });
});

describe('who may', () => {
  it.each([
    ['sales', 'submit', 'sales:write'], ['sales', 'approve', 'sales:approve'], ['sales', 'reject', 'sales:approve'], ['sales', 'post', 'sales:post'],
    ['purchase', 'submit', 'purchase:write'], ['purchase', 'post', 'purchase:post'],
  ] as const)('%s %s needs %s', (domain, action, scope) => expect(scopeFor(domain, action)).toBe(scope));

  it('asks only for scopes and roles that exist', () => {
    for (const domain of domains) for (const action of workflowActions) {
      expect(scopes).toContain(scopeFor(domain, action));
      for (const role of rolesFor(domain, action) ?? []) expect(roles).toContain(role);
    }
  });

  it('lets an admin do everything', () => {
    for (const domain of domains) for (const action of workflowActions) {
      expect(checkGuards(action, input({ domain, state: transitions[action].from, reason: 'geprüft' }))).toEqual([]);
    }
  });

  it('leaves approving sales to the scope, approving purchases to the controller', () => {
    expect(guards('approve', input({ state: 'pending', roles: ['manager'] }))).toEqual([]);
    expect(guards('approve', input({ domain: 'purchase', state: 'pending', roles: ['manager'] }))).toEqual(['role']);
    expect(guards('approve', input({ domain: 'purchase', state: 'pending', roles: ['controller'] }))).toEqual([]);
  });

  it('names the roles and answers with the text of the server', () => {
    const [finding] = checkGuards('submit', input({ roles: ['operator'] }));
    expect(finding).toMatchObject({ guard: 'role', messageKey: 'guards.role', params: { roles: 'sales, purchase, admin', action: 'submit' }, serverText: 'Insufficient permissions for submit' });
  });
});

describe('guards', () => {
  it('refuses each action in every state but its own', () => {
    for (const action of workflowActions) for (const state of workflowStates) {
      expect(guards(action, input({ state, reason: 'x' })).includes('state'), `${action} in ${state}`).toBe(state !== transitions[action].from);
    }
  });

  it('stops an approval below cost, at every line that is, with its index', () => {
    const low = { article: 'Raps', price: exact('9.99'), cost: exact('10') };
    const good = { article: 'Mais', price: exact('10.00'), cost: exact('10') };
    const findings = checkGuards('approve', input({ state: 'pending', lines: [low, good, low] }));
    expect(findings.map((finding) => finding.line)).toEqual([0, 2]);
    expect(findings[0]).toMatchObject({ guard: 'priceBelowCost', params: { article: 'Raps', price: '9.99', cost: '10' }, serverText: 'Price below cost for article Raps' });
  });

  it('compares prices as numbers, not as text', () => {
    expect(guards('approve', input({ state: 'pending', lines: [{ article: 'a', price: exact('10'), cost: exact('9') }] }))).toEqual([]);
    expect(guards('approve', input({ state: 'pending', lines: [{ article: 'a', price: exact('9'), cost: exact('10') }] }))).toEqual(['priceBelowCost']);
  });

  it('says nothing about lines whose cost or price is not known', () => {
    expect(guards('approve', input({ state: 'pending', lines: [{ article: 'a', price: null, cost: exact('9') }, { article: 'b', price: exact('1'), cost: null }] }))).toEqual([]);
  });

  it('does not look at cost when buying or when submitting', () => {
    const lines = [{ article: 'a', price: exact('1'), cost: exact('9') }];
    expect(guards('approve', input({ domain: 'purchase', state: 'pending', lines }))).toEqual([]);
    expect(guards('submit', input({ lines }))).toEqual([]);
  });

  it.each([['-0.01', true], ['0', true], ['0.00', true], ['0.01', false]])('posting a total of %s is refused: %s', (total, refused) => {
    expect(guards('post', input({ state: 'approved', total: exact(total) })).includes('totalAboveZero')).toBe(refused);
  });

  it.each([[undefined, true], ['', true], [' \n', true], ['zu teuer', false]])('rejecting with the reason %j is refused: %s', (reason, refused) => {
    expect(guards('reject', input({ state: 'pending', reason })).includes('reason')).toBe(refused);
  });

  it('returns everything that is wrong at once', () => {
    const findings = guards('reject', input({ state: 'posted', roles: ['operator'] }));
    expect(findings).toEqual(['state', 'role', 'reason']);
  });

  it('always has a text, its values, and a line that exists', () => {
    fc.assert(fc.property(fc.constantFrom(...workflowActions), inputs, (action, facts) => {
      for (const finding of checkGuards(action, facts)) {
        expect(finding.messageKey).toBe(`guards.${finding.guard}`);
        expect(finding.serverText).not.toBe('');
        if (finding.line !== undefined) expect(facts.lines[finding.line]).toBeDefined();
      }
    }));
  });

  it('gives a role more, never less', () => {
    fc.assert(fc.property(fc.constantFrom(...workflowActions), inputs, fc.constantFrom(...roles), (action, facts, role) => {
      expect(checkGuards(action, { ...facts, roles: [...facts.roles, role] }).length).toBeLessThanOrEqual(checkGuards(action, facts).length);
    }));
  });
});

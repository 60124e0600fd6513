import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domains } from '../domain/document-types.ts';
import { checkGuards, scopeFor, transitions, workflowActions } from '../domain/workflow.ts';
import { zero } from '../domain/money.ts';
import { decide, type Access } from './access.ts';
import { actionIds, actionOf, appActions, type ActionId } from './actions.ts';
import { conflictsOf, dutyRules, roleSetsFor } from './duties.ts';
import { accessOfRoles, explain, isAllowed, rolesAllowed } from './explain.ts';
import { roles, roleScopes, scopes } from './scopes.ts';

const anyAccess: fc.Arbitrary<Access> = fc.record({ roles: fc.uniqueArray(fc.constantFrom(...roles)), scopes: fc.uniqueArray(fc.constantFrom(...scopes)), source: fc.constantFrom('token', 'roles') });
const anyAction = fc.constantFrom<ActionId>(...actionIds);

describe('the catalogue', () => {
  it('has every action once, in the order of the names', () => {
    expect(appActions.map(({ id }) => id)).toEqual([...actionIds]);
  });

  it('has somebody for every action', () => {
    for (const id of actionIds) expect(rolesAllowed(id), id).toContain('admin');
  });
});

describe('explain', () => {
  it('names the scope and where it comes from', () => {
    expect(explain({ roles: ['sales'], scopes: ['sales:write'], source: 'token' }, 'sales.write')).toMatchObject({ allowed: true, because: ['sales:write'], from: { source: 'token' } });
    expect(explain(accessOfRoles(['user', 'operator']), 'sales.write')).toMatchObject({ allowed: true, because: ['sales:write'], from: { source: 'roles', roles: ['operator'] } });
  });

  it('names what is missing and who has it', () => {
    expect(explain(accessOfRoles(['sales']), 'sales.approve')).toEqual({ allowed: false, missing: ['sales:approve'], needsAll: true, missingRoles: [], heldBy: ['admin', 'manager', 'controller'] });
    expect(explain(accessOfRoles([]), 'docs.number')).toMatchObject({ allowed: false, needsAll: false, missing: ['docs:write', 'sales:write', 'purchase:write'] });
  });

  it('tells a missing role from a missing scope', () => {
    expect(explain(accessOfRoles(['manager']), 'purchase.approve')).toEqual({ allowed: false, missing: [], needsAll: true, missingRoles: ['controller', 'admin'], heldBy: ['admin', 'controller'] });
    expect(explain({ roles: ['user'], scopes: ['admin:all'], source: 'token' }, 'sales.submit')).toMatchObject({ allowed: false, missing: [], missingRoles: ['sales', 'purchase', 'admin'] });
  });

  it('says that approving needs another person, whom only an administrator may replace', () => {
    expect(explain(accessOfRoles(['controller']), 'sales.approve')).toMatchObject({ needsOtherPerson: true, mayOverride: false });
    expect(explain(accessOfRoles(['admin']), 'sales.approve')).toMatchObject({ needsOtherPerson: true, mayOverride: true });
    expect(explain(accessOfRoles(['admin']), 'sales.post')).toMatchObject({ needsOtherPerson: false, mayOverride: false });
  });

  it('agrees with decide and with the guards of the workflow, whatever somebody holds', () => {
    fc.assert(fc.property(anyAccess, anyAction, (access, id) => {
      const { requirement, roles: wanted } = actionOf(id);
      const byRole = wanted === null || wanted.some((role) => access.roles.includes(role));
      expect(explain(access, id).allowed).toBe(decide(access, requirement).allowed && byRole);
    }), { numRuns: 1_000 });
    fc.assert(fc.property(anyAccess, fc.constantFrom(...domains), fc.constantFrom(...workflowActions), (access, domain, action) => {
      const isRefused = checkGuards(action, { domain, state: transitions[action].from, total: zero, lines: [], roles: access.roles }).some(({ guard }) => guard === 'role');
      expect(isAllowed(access, `${domain}.${action}`)).toBe(!isRefused && decide(access, { allOf: [scopeFor(domain, action)] }).allowed);
    }), { numRuns: 1_000 });
  });

  it('claims only what is held, and sends people only to roles that can', () => {
    fc.assert(fc.property(anyAccess, anyAction, (access, id) => {
      const told = explain(access, id);
      if (told.allowed) {
        for (const scope of told.because) expect(access.scopes).toContain(scope);
        for (const role of told.asRoles) expect(access.roles).toContain(role);
        if (told.from.source === 'roles') for (const role of told.from.roles) expect(told.because.some((scope) => roleScopes[role].includes(scope))).toBe(true);
        return;
      }
      for (const scope of told.missing) expect(access.scopes).not.toContain(scope);
      for (const role of told.heldBy) expect(isAllowed(accessOfRoles([role]), id)).toBe(true);
      // Following the advice in full opens it.
      expect(isAllowed({ ...access, scopes: [...access.scopes, ...told.missing], roles: [...access.roles, ...told.missingRoles] }, id)).toBe(true);
    }), { numRuns: 1_000 });
  });
});

describe('segregation of duties', () => {
  it('finds none where the role table keeps duties apart', () => {
    for (const role of ['operator', 'sales', 'purchase', 'auditor', 'user'] as const) expect(conflictsOf(accessOfRoles([role])), role).toEqual([]);
  });

  it('finds them all with an administrator, none of them prevented', () => {
    const found = conflictsOf(accessOfRoles(['admin']));
    expect(found.map(({ id }) => id)).toEqual(dutyRules.map(({ id }) => id));
    expect(found.some(({ isPrevented }) => isPrevented)).toBe(false);
    expect(found.find(({ id }) => id === 'sales.submit+approve')?.severity).toBe('high');
  });

  it('finds what the roles of one person add up to', () => {
    expect(conflictsOf(accessOfRoles(['controller'])).map(({ id }) => id)).toEqual(['sales.approve+post', 'purchase.approve+post']);
    expect(conflictsOf(accessOfRoles(['manager'])).map(({ id }) => id)).toEqual(['sales.write+approve']);
    expect(conflictsOf(accessOfRoles(['sales', 'manager']))).toContainEqual({ id: 'sales.submit+approve', domain: 'sales', duties: ['sales.submit', 'sales.approve'], severity: 'medium', isPrevented: true });
  });

  it('lists the smallest sets of roles: each has both duties, and no part of it has', () => {
    for (const rule of dutyRules) {
      const sets = roleSetsFor(rule);
      expect(sets, rule.id).toContainEqual(['admin']);
      for (const set of sets) {
        const both = (held: typeof set): boolean => rule.duties.every((duty) => isAllowed(accessOfRoles(held), duty));
        expect(both(set), `${rule.id} ${set.join('+')}`).toBe(true);
        for (const role of set) expect(both(set.filter((other) => other !== role))).toBe(false);
      }
    }
    expect(dutyRules.filter(({ id }) => id === 'sales.submit+approve').flatMap(roleSetsFor)).toContainEqual(['controller', 'sales']);
  });

  it('never finds fewer with more rights', () => {
    fc.assert(fc.property(anyAccess, fc.constantFrom(...scopes), fc.constantFrom(...roles), (access, scope, role) => {
      const more = conflictsOf({ ...access, scopes: [...access.scopes, scope], roles: [...access.roles, role] }).map(({ id }) => id);
      for (const { id } of conflictsOf(access)) expect(more).toContain(id);
    }));
  });
});

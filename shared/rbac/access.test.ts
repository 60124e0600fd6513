import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Access, type Requirement } from './access.ts';
import { isRole, isScope, roles, roleScopes, scopes } from './scopes.ts';

const access = (...held: Access['scopes']): Access => ({ roles: [], scopes: held, source: 'token' });
const someScopes = fc.uniqueArray(fc.constantFrom(...scopes));
const requirements: fc.Arbitrary<Requirement> = fc.oneof(someScopes.map((anyOf) => ({ anyOf })), someScopes.map((allOf) => ({ allOf })));

describe('decide', () => {
  it('wants one of anyOf', () => {
    expect(decide(access('sales:read'), { anyOf: ['sales:read', 'purchase:read'] })).toEqual({ allowed: true, because: ['sales:read'] });
    expect(decide(access('docs:read'), { anyOf: ['sales:read', 'purchase:read'] })).toMatchObject({ allowed: false, missing: ['sales:read', 'purchase:read'] });
  });

  it('wants all of allOf and names what is missing', () => {
    expect(decide(access('sales:read', 'docs:read'), { allOf: ['sales:read', 'docs:read'] }).allowed).toBe(true);
    expect(decide(access('sales:read'), { allOf: ['sales:read', 'docs:print'] })).toMatchObject({ allowed: false, missing: ['docs:print'] });
  });

  it('passes an empty guard', () => {
    expect(decide(access(), { anyOf: [] })).toEqual({ allowed: true, because: [] });
    expect(decide(access(), { allOf: [] })).toEqual({ allowed: true, because: [] });
  });

  it('says who could: the roles whose scopes would open the guard', () => {
    expect(decide(access(), { anyOf: ['sales:post'] })).toEqual({ allowed: false, missing: ['sales:post'], heldBy: ['admin', 'controller'] });
    expect(decide(access(), { anyOf: ['policy:write'] })).toMatchObject({ heldBy: ['admin'] });
    expect(decide(access(), { allOf: ['sales:write', 'purchase:write'] })).toMatchObject({ heldBy: ['admin', 'manager', 'operator'] });
  });

  it('looks at scopes, not at role names: the token decides', () => {
    expect(decide({ roles: ['admin'], scopes: ['sales:read'], source: 'token' }, { anyOf: ['sales:write'] }).allowed).toBe(false);
  });

  it('lets admin:all pass every guard', () => {
    fc.assert(fc.property(someScopes, requirements, (held, requirement) => {
      expect(decide(access(...held, 'admin:all'), requirement)).toEqual({ allowed: true, because: ['admin:all'] });
    }));
  });

  it('allows more with more scopes, never less', () => {
    fc.assert(fc.property(someScopes, fc.constantFrom(...scopes), requirements, (held, more, requirement) => {
      if (decide(access(...held), requirement).allowed) expect(decide(access(...held, more), requirement).allowed).toBe(true);
    }));
  });

  it('explains itself: what it calls missing is not held, and holding it would do', () => {
    fc.assert(fc.property(someScopes, requirements, (held, requirement) => {
      const decision = decide(access(...held), requirement);
      if (decision.allowed) return;
      for (const scope of decision.missing) expect(held).not.toContain(scope);
      expect(decide(access(...held, ...decision.missing), requirement).allowed).toBe(true);
      for (const role of decision.heldBy) expect(decide(access(...held, ...roleScopes[role]), requirement).allowed).toBe(true);
    }));
  });
});

describe('roles and scopes', () => {
  it('gives every role only scopes that exist, each once', () => {
    for (const role of roles) {
      expect(new Set(roleScopes[role]).size).toBe(roleScopes[role].length);
      for (const scope of roleScopes[role]) expect(scopes).toContain(scope);
    }
  });

  it('separates writing from posting outside of admin', () => {
    for (const role of roles) for (const domain of ['sales', 'purchase'] as const) {
      expect(roleScopes[role].includes(`${domain}:write`) && roleScopes[role].includes(`${domain}:post`), role).toBe(false);
    }
  });

  it('recognises names exactly', () => {
    expect([isRole('admin'), isRole('Admin'), isRole('root'), isScope('sales:read'), isScope('sales:*'), isScope('toString')]).toEqual([true, false, false, true, false, false]);
  });
});

import { domains, type Domain } from '../domain/document-types.ts';
import type { Access } from './access.ts';
import type { ActionId } from './actions.ts';
import { accessOfRoles, isAllowed } from './explain.ts';
import { roles, type Role } from './scopes.ts';

/**
 * Two duties that should not lie with one person. `high` where nothing else stands between the two; `medium` where a
 * second person is still needed, be it because the server refuses who submitted the document.
 */
export type DutyRule = { id: string; domain: Domain; duties: readonly [ActionId, ActionId]; severity: 'high' | 'medium'; /** The server keeps the two apart on one document, except for administrators. */ isGuarded: boolean };

const ofDomain = (domain: Domain): DutyRule[] => {
  const rule = (first: 'write' | 'submit' | 'approve', second: 'approve' | 'post', severity: DutyRule['severity'], isGuarded: boolean): DutyRule => ({
    id: `${domain}.${first}+${second}`, domain, duties: [`${domain}.${first}`, `${domain}.${second}`], severity, isGuarded,
  });
  return [
    rule('submit', 'approve', 'medium', true),
    // Only who submitted is refused: what a colleague submitted for them, its writer may approve.
    rule('write', 'approve', 'high', false),
    rule('approve', 'post', 'high', false),
    rule('write', 'post', 'medium', false),
  ];
};

/** The pairs of duties to keep apart in each domain. */
export const dutyRules: readonly DutyRule[] = domains.flatMap(ofDomain);

const hasBoth = (access: Access, { duties }: DutyRule): boolean => duties.every((duty) => isAllowed(access, duty));

export type DutyConflict = Omit<DutyRule, 'isGuarded'> & { /** The server refuses the second duty on the same document. */ isPrevented: boolean };

/** The conflicts of one person. Administrators are not kept from anything, so what the server guards counts as high for them. */
export function conflictsOf(access: Access): DutyConflict[] {
  const mayOverride = access.roles.includes('admin');
  return dutyRules.filter((rule) => hasBoth(access, rule)).map(({ isGuarded, ...rule }) => {
    const isPrevented = isGuarded && !mayOverride;
    return { ...rule, isPrevented, severity: isGuarded && mayOverride ? 'high' : rule.severity };
  });
}

/** The smallest sets of one or two roles that let one person do both, single roles first. */
export function roleSetsFor(rule: DutyRule): Role[][] {
  const single = roles.filter((role) => hasBoth(accessOfRoles([role]), rule));
  const others = roles.filter((role) => !single.includes(role));
  const pairs = others.flatMap((first, index) => others.slice(index + 1).map((second) => [first, second])).filter((pair) => hasBoth(accessOfRoles(pair), rule));
  return [...single.map((role) => [role]), ...pairs];
}

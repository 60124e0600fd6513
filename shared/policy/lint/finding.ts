import type { Rule } from '../rule.ts';

/**
 * `error`: the rule does not do what anybody can have meant. `risk`: it may act without a person, or without the person
 * one would expect. `hint`: it says something that has no effect or is easily misread.
 */
export type LintLevel = 'error' | 'risk' | 'hint';

/** The explanation to an id stands in resources/locales under `policy.lint.<id>`. */
export type Finding = {
  lint: string;
  level: LintLevel;
  ruleId: string;
  /** Field within the rule: `window.start`. */
  path: string;
  params: Record<string, string>;
  /** The rule as it would be after the mend; `remove` takes the whole rule away; absent where only a person can decide. */
  fix?: { rule: Rule } | { remove: true };
};

/** What the linter may know beyond the rules. What is undefined is not known, and nothing is concluded from it. */
export type LintContext = {
  knownKpis?: ReadonlySet<string>;
  /** Roles that at least one person holds. */
  heldRoles?: ReadonlySet<string>;
  /** KPIs whose alerts carry a delta. */
  kpisWithDelta?: ReadonlySet<string>;
};

/** What recorded alerts tell; a role counts as held where somebody raised an alert with it, or the person here has it. */
export const contextOf = (facts: { kpis: readonly string[]; withDelta: readonly string[]; roles: readonly string[] } | null, own: readonly string[]): LintContext =>
  (facts === null ? {} : { knownKpis: new Set(facts.kpis), kpisWithDelta: new Set(facts.withDelta), heldRoles: new Set([...facts.roles, ...own]) });

/** Looks at one rule, with the ones tried before it. `earlier` is in the order of evaluation. */
export type RuleLint = (rule: Rule, earlier: readonly Rule[], context: LintContext) => Finding[];

export const finding = (lint: string, level: LintLevel, rule: Rule, path: string, params: Record<string, string> = {}, fix?: Finding['fix']): Finding =>
  ({ lint, level, ruleId: rule.id, path, params, ...(fix !== undefined && { fix }) });

/** A copy of a rule without one of its optional parts. */
export function without(rule: Rule, part: 'params' | 'limits' | 'window' | 'approval'): Rule {
  const copy = { ...rule };
  delete copy[part];
  return copy;
}

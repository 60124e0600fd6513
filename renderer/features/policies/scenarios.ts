import type { RuleSet } from '../../../shared/policy/engine.ts';
import type { Scenario } from '../../../shared/policy/records.ts';

type Given = Omit<Scenario, 'expected' | 'id' | 'name'>;

/** What a rule set does in a scenario, as far as a scenario expects it. */
export function outcomeOf(set: RuleSet, { kpiId, severity, delta, roles, day, minute }: Given): Scenario['expected'] {
  const decision = set.decide({ kpiId, severity, ...(delta !== null && { delta }) }, roles, { day, minute });
  return { type: decision.type, execute: decision.execute, ruleId: decision.ruleId, action: decision.type === 'allow' ? (set.ruleFor(kpiId, severity)?.action ?? null) : null };
}

export type ScenarioResult = { scenario: Scenario; actual: Scenario['expected']; holds: boolean };

export function runScenarios(set: RuleSet, scenarios: readonly Scenario[]): ScenarioResult[] {
  return scenarios.map((scenario) => {
    const actual = outcomeOf(set, scenario);
    const { expected } = scenario;
    return { scenario, actual, holds: actual.type === expected.type && actual.execute === expected.execute && actual.ruleId === expected.ruleId && actual.action === expected.action };
  });
}

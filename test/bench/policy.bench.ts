import { automationAdded } from '../../shared/policy/compare.ts';
import { changesBetween } from '../../shared/policy/edit.ts';
import { lint, lintEdit } from '../../shared/policy/lint/index.ts';
import { startReplay, type PastAlert } from '../../shared/policy/replay.ts';
import { inOrder, severities, type Rule } from '../../shared/policy/rule.ts';
import { anyRule, randomFrom } from '../fixtures/policy-random.ts';
import { median, percentile, timed, type Report } from './report.ts';

/** The policy studio where it is largest: a key in the editor, and a replay. */
export async function run(report: Report): Promise<void> {
  await keys(report);
  await replays(report);
}

/** Replay of an edited rule set over the alerts of the past: 100,000 alerts over 200 rules, both sets decided for each. */
async function replays(report: Report): Promise<void> {
  const random = randomFrom(1);
  const kpis = Array.from({ length: 80 }, (_, at) => `kpi.${at}`);
  const rules = Array.from({ length: 200 }, (_, at) => ({ ...anyRule(random), id: `regel-${at}`, when: { kpiId: random.pick(kpis), severity: random.some(severities) } }));
  const edited = rules.map((rule) => (random.chance(0.1) ? { ...anyRule(random), id: rule.id, when: rule.when } : rule));
  const alerts = Array.from({ length: Math.round(100_000 * report.scale) }, (_, at): PastAlert => ({
    alert: { id: String(at), kpiId: random.pick(kpis), title: 'Bestand', message: '', severity: random.pick(severities), delta: random.below(100) },
    at: Date.UTC(2026, 0, 1) + at * 300_000, roles: ['operator'], decided: null,
  }));
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    times.push(await timed(() => {
      const replay = startReplay(rules, edited, 'Europe/Berlin');
      for (let from = 0; from < alerts.length; from += 1000) replay.step(alerts.slice(from, from + 1000));
      replay.report();
    }));
  }
  report.add({ name: `replay of ${alerts.length} alerts over 200 rules`, value: median(times), unit: 'ms', limit: 1000 });
}

/**
 * One key in the form with 1,000 rules: everything that the screen asks of shared/policy after it. The edit goes through
 * different rules, so that nothing is fast only because it was asked before.
 */
async function keys(report: Report): Promise<void> {
  const random = randomFrom(2);
  const kpis = Array.from({ length: 250 }, (_, at) => `kpi.${at}`);
  const base = inOrder(Array.from({ length: 1000 }, (_, at): Rule => ({ ...anyRule(random), id: `regel-${at}`, when: { kpiId: random.pick(kpis), severity: random.some(severities) } })));
  // As after a restart: the edit and its base come from the cache, and share no object.
  const records = structuredClone(base).map((rule) => ({ rule, version: null }));
  const before = records.map(({ rule }) => rule);
  const times: number[] = [];
  let rules: readonly Rule[] = base;
  for (let key = 0; key < 320; key++) {
    // Ten keys in one rule, then on to another: the set grows further and further from the base.
    const at = Math.floor(key / 10) * 29 % base.length;
    const typed = rules.map((rule, place) => (place === at ? { ...rule, params: { ...rule.params, tonnes: key } } : rule));
    const taken = await timed(() => {
      rules = inOrder(typed);
      lint(rules);
      lintEdit(before, rules);
      automationAdded(before, rules);
      changesBetween(records, rules);
      // The store asks once more, to know whether there is anything to keep.
      changesBetween(records, rules);
    });
    // The first keys run code that is not compiled yet, as they do once in the life of the app.
    if (key >= 20) times.push(taken);
  }
  report.add({ name: 'policy editor: one key with 1000 rules, p95', value: percentile(times, 0.95), unit: 'ms', limit: 16 });
  report.add({ name: 'policy editor: one key with 1000 rules, median', value: median(times), unit: 'ms', limit: null });
}

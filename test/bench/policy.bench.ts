import { startReplay, type PastAlert } from '../../shared/policy/replay.ts';
import { severities } from '../../shared/policy/rule.ts';
import { anyRule, randomFrom } from '../fixtures/policy-random.ts';
import { median, timed, type Report } from './report.ts';

/** Replay of an edited rule set over the alerts of the past: 100,000 alerts over 200 rules, both sets decided for each. */
export async function run(report: Report): Promise<void> {
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

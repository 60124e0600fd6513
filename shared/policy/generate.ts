import type { PastAlert } from './replay.ts';
import { approverRoles, severities, type Rule } from './rule.ts';

/** Most alerts that are generated, so that a thousand rules do not make a report of minutes. */
export const mostGenerated = 30_000;

const day = 86_400_000;
const minute = 60_000;
/** Minutes between two times of a day: no divisor of the day, so that the times wander through all its hours. */
const stride = 97;
const rolesOf = (bits: number): string[] => approverRoles.filter((_, at) => Math.floor(bits / 2 ** at) % 2 === 1);

/**
 * Alerts as there could have been in a year, for servers that keep none: every KPI that a rule names, every severity, every
 * set of roles, at times spread over the year, its week days and the hours of the day. Always the same for the same rules and year.
 * It says how often something would differ only as far as every moment is equally likely; that nothing differs at all is
 * what the complete comparison says.
 * @param until end of the year, epoch milliseconds
 */
export function generateAlerts(rules: readonly Rule[], until: number): PastAlert[] {
  const kpis = [...new Set(rules.map((rule) => rule.when.kpiId))].toSorted();
  const roleSets = 2 ** approverRoles.length;
  const perTime = kpis.length * severities.length * roleSets;
  if (perTime === 0) return [];
  const times = Math.max(1, Math.min(365, Math.floor(mostGenerated / perTime)));
  // A whole step of days, coprime to the week, would meet the same hours; with the stride every day gets another time.
  const start = until - 365 * day;
  const moments = Array.from({ length: times }, (_, at) => start + Math.floor((365 * at) / times) * day + ((at * stride) % 1440) * minute);
  return moments.flatMap((at, place) => kpis.flatMap((kpiId) => severities.flatMap((severity) => Array.from({ length: roleSets }, (_, bits): PastAlert => ({
    alert: { id: `erzeugt-${place}`, kpiId, title: kpiId, message: '', severity }, at, roles: rolesOf(bits), decided: null,
  })))));
}

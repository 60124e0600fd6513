import type { Evidence } from '../../../shared/security/evidence.ts';
import { standingOf, type GdprRequest } from '../../../shared/security/gdpr/request.ts';
import type { SecurityPorts } from '../ports.ts';
import type { GdprFeatures } from './index.ts';

const year = 365 * 86_400_000;
const week = 7 * 86_400_000;

/** When the day after a day begins here, epoch milliseconds. @param day `YYYY-MM-DD` */
function dayAfter(day: string): number {
  const [y = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(y, month - 1, date + 1).getTime();
}

/** What the desk proves: requests were answered in time, and the way there is not by hand. */
export async function writeGdprEvidence({ evidence, clock }: Pick<SecurityPorts, 'evidence' | 'clock'>, requests: readonly GdprRequest[], features: GdprFeatures | null): Promise<void> {
  const now = clock.now();
  const recent = requests.filter(({ receivedOn }) => now - Date.parse(receivedOn) < year);
  const standings = recent.map((request) => standingOf(request, now).state);
  const overdue = standings.filter((state) => state === 'overdue').length;
  // Those that wait and are in time prove nothing yet.
  const isAnswered = standings.some((state) => state === 'answered' || state === 'answeredLate');
  const late = standings.filter((state) => state === 'answeredLate').length;
  // A request that is in time today is late the day after it was due, also when nobody looks at the desk meanwhile.
  const nextLate = Math.min(...recent.map((request) => standingOf(request, now)).filter(({ state }) => state === 'open' || state === 'soon').map(({ due }) => dayAfter(due)));
  const common = { origin: 'gdpr.desk', source: 'measured', at: now, expiresAt: now + week, by: null, link: '/security/gdpr' } as const;
  const inTime: Evidence = {
    ...common, point: 'gdpr.requestsInTime', expiresAt: Math.min(now + week, nextLate), outcome: overdue > 0 ? 'unmet' : late > 0 ? 'partly' : isAnswered ? 'met' : 'notApplicable',
    messageKey: recent.length === 0 ? 'security-gdpr.evidence.noRequests' : overdue > 0 || isAnswered ? 'security-gdpr.evidence.inTime' : 'security-gdpr.evidence.noneAnswered', params: { count: String(recent.length), overdue: String(overdue), late: String(late) },
  };
  await evidence.write(inTime);
  if (features === null) return;
  // Seen is what was done; a way that the server only lists and nobody has gone is its claim.
  const done = (!features.canExport || recent.some(({ exported }) => exported !== null)) && (!features.canErase || recent.some(({ erased }) => erased !== null)) && (features.canExport || features.canErase);
  await evidence.write({
    ...common, point: 'gdpr.automation', source: done ? 'measured' : 'claimed',
    outcome: features.canExport && features.canErase ? 'met' : features.canExport || features.canErase ? 'partly' : 'unmet',
    messageKey: done ? 'security-gdpr.evidence.automationUsed' : 'security-gdpr.evidence.automationListed', params: {},
  });
}

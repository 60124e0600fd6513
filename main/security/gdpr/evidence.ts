import type { Evidence } from '../../../shared/security/evidence.ts';
import { isFulfilledHere, standingOf, type GdprRequest } from '../../../shared/security/gdpr/request.ts';
import type { GdprFeatures } from './index.ts';

const year = 365 * 86_400_000;
const week = 7 * 86_400_000;

/** When the day after a day begins here, epoch milliseconds. @param day `YYYY-MM-DD` */
function dayAfter(day: string): number {
  const [y = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(y, month - 1, date + 1).getTime();
}

/** What the desk says for the score, and the points about which it says nothing. */
export type Said = { said: Evidence[]; silent: Pick<Evidence, 'point' | 'origin'>[] };

/** What the desk proves: requests were answered in time, and the way there is not by hand. */
export function gdprEvidence(requests: readonly GdprRequest[], features: GdprFeatures | null, now: number): Said {
  const recent = requests.filter(({ receivedOn }) => now - Date.parse(receivedOn) < year);
  const standings = recent.map((request) => standingOf(request, now));
  const count = (wanted: string): number => standings.filter(({ state }) => state === wanted).length;
  const [overdue, late] = [count('overdue'), count('answeredLate')];
  // A request that is in time today is late the day after it was due, also when nobody looks at the desk meanwhile.
  const nextLate = Math.min(...standings.filter(({ state }) => state === 'open' || state === 'soon').map(({ due }) => dayAfter(due)));
  const common = { origin: 'gdpr.desk', source: 'measured', at: now, expiresAt: now + week, by: null, link: '/security/gdpr' } as const;
  const { said, silent }: Said = { said: [], silent: [] };
  // No request, or none but those that wait in time, is nothing to measure: that must not take the point out of the score.
  if (overdue === 0 && late + count('answered') === 0) silent.push({ point: 'gdpr.requestsInTime', origin: common.origin });
  else {
    // Fulfilled elsewhere is somebody's word; what was refused, or done here, was seen.
    const word = recent.find((request) => request.answered?.answer === 'fulfilled' && !isFulfilledHere(request));
    said.push({
      ...common, ...(word === undefined ? {} : { source: 'attested', by: word.answered?.by ?? null }), point: 'gdpr.requestsInTime', expiresAt: Math.min(now + week, nextLate), outcome: overdue > 0 ? 'unmet' : late > 0 ? 'partly' : 'met',
      messageKey: 'security-gdpr.evidence.inTime', params: { count: String(recent.length), overdue: String(overdue), late: String(late) },
    });
  }
  if (features === null) return { said, silent };
  // Seen is what was done, when it was done; a way that the server only lists and nobody has gone is its claim.
  const newest = (marks: readonly ({ at: number } | null)[]): number => Math.max(0, ...marks.map((mark) => mark?.at ?? 0));
  const uses = [...(features.canExport ? [newest(recent.map(({ exported }) => exported))] : []), ...(features.canErase ? [newest(recent.map(({ erased }) => erased))] : [])];
  const usedAt = uses.length === 0 ? 0 : Math.min(...uses);
  said.push({
    ...common, point: 'gdpr.automation', ...(usedAt > 0 ? { at: usedAt, expiresAt: usedAt + year } : { source: 'claimed' }),
    outcome: features.canExport && features.canErase ? 'met' : features.canExport || features.canErase ? 'partly' : 'unmet',
    messageKey: usedAt > 0 ? 'security-gdpr.evidence.automationUsed' : 'security-gdpr.evidence.automationListed', params: {},
  });
  return { said, silent };
}

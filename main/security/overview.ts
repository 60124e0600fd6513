import type { SecurityArea } from '../../shared/security/areas.ts';
import type { Evidence } from '../../shared/security/evidence.ts';
import type { OverviewLine } from '../../shared/security/overview.ts';
import type { PointId } from '../../shared/security/points.ts';
import { inOrder } from '../../shared/security/score/score.ts';

/** Gives a line for the overview; an area adds its own to the list in the security centre. Null leaves it out. */
export type OverviewSource = () => Promise<OverviewLine | null>;

const tones = { met: 'good', partly: 'warning', unmet: 'bad', notApplicable: 'unknown' } as const;

/** A line that says how one point stands, from the evidence that counts for the score. What has expired is said to have, and since when. */
export function lineOfPoint(id: string, area: SecurityArea, point: PointId, evidence: () => Promise<readonly Evidence[]>, now: () => number): OverviewSource {
  return async () => {
    const link = `/security/${area}`;
    const [best] = inOrder((await evidence()).filter((one) => one.point === point), now());
    if (best === undefined) return { id, area, tone: 'unknown', text: `security.${id}.missing`, params: {}, at: null, link };
    if (best.isStale) return { id, area, tone: 'warning', text: `security.${id}.stale`, params: {}, at: best.at, link };
    const isClaimed = best.source === 'claimed';
    return { id, area, tone: !isClaimed ? tones[best.outcome] : best.outcome === 'met' ? 'unknown' : 'warning', text: `security.${id}.${!isClaimed ? best.outcome : best.outcome === 'met' ? 'claimed' : 'denied'}`, params: {}, at: best.at, link: best.link ?? link };
  };
}

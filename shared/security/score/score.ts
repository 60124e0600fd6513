import { z } from 'zod';
import { evidenceSchema, evidenceSources, isStale, type Evidence } from '../evidence.ts';
import { areaOf, pointIds, scoreAreas, type PointId, type ScoreArea } from '../points.ts';
import { halves, type ScoreSettings, type Weights } from './weights.ts';

/** How a point stands. `stale`: there was evidence, all of it has expired. */
export const pointStates = ['met', 'partly', 'unmet', 'stale', 'missing', 'notApplicable'] as const;
export type PointState = (typeof pointStates)[number];

/** Earned of what can be earned; both in hundredths of a percent times weight, so whole numbers. */
const sumSchema = z.object({
  /** Tenths of a percent, 0 to 1000; null when nothing in it applies. */
  score: z.number().int().nullable(), earned: z.number().int(), possible: z.number().int(),
});
export type Sum = z.infer<typeof sumSchema>;

export const scoredPointSchema = z.object({
  point: z.enum(pointIds), area: z.enum(scoreAreas), half: z.enum(halves), weight: z.number().int(), expiresDays: z.number().int(),
  state: z.enum(pointStates),
  /** Hundredths of a percent of the weight, 0 to 10000. */
  credit: z.number().int(),
  /** Origin of the evidence that counts; null when none does. */
  counted: z.string().nullable(),
  /** All there is, the one that counts first. */
  evidence: z.array(evidenceSchema.extend({ isStale: z.boolean() })),
  /** Tenths of a percent that the total would rise by if the point were fully met. */
  gain: z.number().int(),
  /** Percent of mid-sized companies, from the source document; null where it names none. */
  comparison: z.number().int().nullable(),
});
export type ScoredPoint = z.infer<typeof scoredPointSchema>;

export const scoreSchema = z.object({
  /** Epoch milliseconds for which it was computed: evidence expires. */
  at: z.number(), weightsVersion: z.number().int(),
  total: sumSchema, technical: sumSchema, organisational: sumSchema,
  areas: z.array(sumSchema.extend({ area: z.enum(scoreAreas) })),
  points: z.array(scoredPointSchema),
});
export type Score = z.infer<typeof scoreSchema>;

const rank = { met: 0, partly: 1, unmet: 2, notApplicable: -1 } as const;

/** A claim of the server that something does not apply is none. */
export const isVoid = (one: Pick<Evidence, 'source' | 'outcome'>): boolean => one.source === 'claimed' && one.outcome === 'notApplicable';

/**
 * Which evidence comes first: what still counts before what is stale, the better source before the worse, and within one
 * source the worse outcome, because a check that found a gap is not undone by one that looked elsewhere. A server's claim
 * that something does not apply does not count: it would raise the score by itself.
 */
export function inOrder(evidence: readonly Evidence[], now: number): (Evidence & { isStale: boolean })[] {
  return evidence.map((one) => ({ ...one, isStale: isStale(one, now) })).toSorted((a, b) =>
    Number(a.isStale) - Number(b.isStale) || Number(isVoid(a)) - Number(isVoid(b)) || evidenceSources.indexOf(a.source) - evidenceSources.indexOf(b.source)
    || rank[b.outcome] - rank[a.outcome] || b.at - a.at || (a.origin < b.origin ? -1 : 1));
}

type Judged = Omit<ScoredPoint, 'gain'>;

function judge(point: PointId, found: readonly Evidence[], weights: Weights, settings: ScoreSettings, now: number): Judged {
  const { weight, half, expiresDays, onlyWhen } = weights.points[point];
  const evidence = inOrder(found, now);
  const common = { point, area: areaOf(point), half, weight, expiresDays, evidence, comparison: weights.comparison[point] ?? null };
  if (onlyWhen === 'models' && !settings.usesModels) return { ...common, state: 'notApplicable', credit: 0, counted: null };
  const [best] = evidence;
  if (best === undefined) return { ...common, state: 'missing', credit: 0, counted: null };
  if (best.isStale) return { ...common, state: 'stale', credit: 0, counted: null };
  if (best.outcome === 'notApplicable') return best.source === 'claimed' ? { ...common, state: 'missing', credit: 0, counted: null } : { ...common, state: 'notApplicable', credit: 0, counted: best.origin };
  return { ...common, state: best.outcome, credit: weights.outcomes[best.outcome] * weights.sources[half][best.source], counted: best.origin };
}

/** Tenths of a percent, half up, by whole numbers only. */
const share = (earned: number, possible: number): number | null => (possible === 0 ? null : Math.floor((earned * 2000 + possible) / (2 * possible)));

function sum(points: readonly Judged[]): Sum {
  const counted = points.filter(({ state }) => state !== 'notApplicable');
  const earned = counted.reduce((total, { weight, credit }) => total + weight * credit, 0);
  const possible = counted.reduce((total, { weight }) => total + weight * 10_000, 0);
  return { score: share(earned, possible), earned, possible };
}

/**
 * The security score: what is earned of what can be earned, over all points, each half and each area.
 * @param now epoch milliseconds; what has expired by then earns nothing.
 */
export function computeScore(evidence: readonly Evidence[], weights: Weights, settings: ScoreSettings, now: number): Score {
  const byPoint = new Map<PointId, Evidence[]>();
  for (const one of evidence) byPoint.set(one.point, [...(byPoint.get(one.point) ?? []), one]);
  const judged = pointIds.map((point) => judge(point, byPoint.get(point) ?? [], weights, settings, now));
  const total = sum(judged);
  const gain = ({ state, weight, credit }: Judged): number => (state === 'notApplicable' ? 0 : (share(total.earned + weight * (10_000 - credit), total.possible) ?? 0) - (total.score ?? 0));
  return {
    at: now, weightsVersion: weights.version, total,
    technical: sum(judged.filter(({ half }) => half === 'technical')), organisational: sum(judged.filter(({ half }) => half === 'organisational')),
    areas: scoreAreas.map((area: ScoreArea) => ({ area, ...sum(judged.filter((point) => point.area === area)) })),
    points: judged.map((point) => ({ ...point, gain: gain(point) })),
  };
}

/** When the score changes by itself next, because evidence that counts expires then, epoch milliseconds; null when never. */
export function nextExpiry(score: Score): number | null {
  const times = score.points.flatMap(({ evidence, counted }) => evidence.filter(({ origin, isStale: over }) => !over && origin === counted).map(({ expiresAt }) => expiresAt)).filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

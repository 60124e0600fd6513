import { z } from 'zod';
import { pointIds } from '../points.ts';
import { pointStates, type Score } from './score.ts';

/** A point whose credit changed between two snapshots, in hundredths of a percent of its weight. */
const moveSchema = z.object({ point: z.enum(pointIds), from: z.enum(pointStates), to: z.enum(pointStates), creditFrom: z.number().int(), creditTo: z.number().int() });
export type Move = z.infer<typeof moveSchema>;

const tenths = z.number().int().nullable();

/** The score at a moment at which it had changed, and what moved it. */
export const snapshotSchema = z.object({
  id: z.string(), at: z.number(), weightsVersion: z.number().int(), total: tenths, technical: tenths, organisational: tenths, moved: z.array(moveSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** How every point stood at the newest snapshot: what the next one is compared with. */
export const standingSchema = z.object({ id: z.literal('latest'), snapshot: snapshotSchema, points: z.partialRecord(z.enum(pointIds), z.object({ state: z.enum(pointStates), credit: z.number().int() })) });
export type Standing = z.infer<typeof standingSchema>;

/**
 * The next snapshot; null when nothing has changed since the last one.
 * @param last null before the first one, which names nothing as moved.
 */
export function nextSnapshot(score: Score, last: Standing | null): Standing | null {
  const points = Object.fromEntries(score.points.map(({ point, state, credit }) => [point, { state, credit }])) as Standing['points'];
  const moved = last === null ? [] : score.points.flatMap(({ point, state, credit }): Move[] => {
    const before = last.points[point] ?? { state: 'missing' as const, credit: 0 };
    return before.state === state && before.credit === credit ? [] : [{ point, from: before.state, to: state, creditFrom: before.credit, creditTo: credit }];
  });
  if (last !== null && moved.length === 0 && last.snapshot.weightsVersion === score.weightsVersion) return null;
  const { at, weightsVersion, total, technical, organisational } = score;
  return { id: 'latest', points, snapshot: { id: String(at).padStart(15, '0'), at, weightsVersion, total: total.score, technical: technical.score, organisational: organisational.score, moved } };
}

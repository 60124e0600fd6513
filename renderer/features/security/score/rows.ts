import type { ScoreArea } from '../../../../shared/security/points.ts';
import type { Score, ScoredPoint, Sum } from '../../../../shared/security/score/score.ts';

/** A line of the score: an area with its sum, or a point of an area that is open. */
export type ScoreRow =
  | { kind: 'area'; id: ScoreArea; sum: Sum; isOpen: boolean; points: readonly ScoredPoint[] }
  | { kind: 'point'; id: string; point: ScoredPoint };

/** The areas in their order, each open one followed by its points. */
export function rowsOf(score: Score, isOpen: (area: ScoreArea) => boolean): ScoreRow[] {
  return score.areas.flatMap(({ area, ...sum }): ScoreRow[] => {
    const points = score.points.filter((point) => point.area === area);
    const row = { kind: 'area' as const, id: area, sum, isOpen: isOpen(area), points };
    return row.isOpen ? [row, ...points.map((point): ScoreRow => ({ kind: 'point', id: point.point, point }))] : [row];
  });
}

/** Points of the score in tenths, of the weight: what is earned and what there is to earn. */
export const weightOf = (hundredths: number): string => String(Math.round(hundredths / 1000) / 10);

/** A share in tenths of a percent as a number for the formatter. */
export const percentOf = (tenths: number | null): string | null => (tenths === null ? null : String(tenths / 10));

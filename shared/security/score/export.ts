import type { Evidence } from '../evidence.ts';
import { computeScore, type Score } from './score.ts';
import type { ScoreSettings, Weights } from './weights.ts';

export const exportFormat = 'neuroerp-score/1';

/** Everything that the score was computed from, and what came out: resources/recompute-score.mjs computes it again. */
export function exportScore({ evidence, weights, settings, now, server }: { evidence: readonly Evidence[]; weights: Weights; settings: ScoreSettings; now: number; server: string }): string {
  const score = computeScore(evidence, weights, settings, now);
  return `${JSON.stringify({ format: exportFormat, server, at: now, settings, weights, evidence, result: resultOf(score) }, null, 2)}\n`;
}

/** The figures of a score, without the evidence. */
function resultOf({ total, technical, organisational, areas, points }: Score): Record<string, unknown> {
  return {
    total: total.score, technical: technical.score, organisational: organisational.score,
    areas: Object.fromEntries(areas.map(({ area, score }) => [area, score])),
    points: Object.fromEntries(points.map(({ point, state, credit, counted }) => [point, { state, credit, counted }])),
  };
}

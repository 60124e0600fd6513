import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { pointIds, scoreAreas } from '../../../../shared/security/points.ts';
import { computeScore } from '../../../../shared/security/score/score.ts';
import { provenAt } from '../../../../shared/security/score/ways.ts';
import { weightsSchema } from '../../../../shared/security/score/weights.ts';
import { percentOf, rowsOf, weightOf } from './rows.ts';
import { endDot, stepLine } from './trend-line.ts';

const load = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../../resources/${path}`, import.meta.url), 'utf8'));
const score = computeScore([], weightsSchema.parse(load('security/score-weights.json')), { usesModels: false }, 1);

describe('the rows of the score', () => {
  it('opens an area to its points and leaves the others shut', () => {
    expect(rowsOf(score, () => false).map(({ id }) => id)).toEqual(scoreAreas);
    expect(rowsOf(score, (area) => area === 'policy').map(({ id }) => id).filter((id) => id.startsWith('policy'))).toEqual(['policy', 'policy.fourEyes', 'policy.lint']);
  });
  it('has a name for every point and area in both languages, and a place where it is proven', () => {
    for (const language of ['de', 'en']) {
      const texts = load(`locales/${language}/security-score.json`) as Record<string, string>;
      for (const point of pointIds) expect(texts[`point.${point}`], point).toBeTruthy();
      for (const area of scoreAreas) expect(texts[`area.${area}`], area).toBeTruthy();
    }
    for (const point of pointIds) expect(provenAt(point)).toMatch(/^\//);
  });
  it('writes shares and weights with one digit at most', () => {
    expect(percentOf(623)).toBe('62.3');
    expect(percentOf(null)).toBeNull();
    expect(weightOf(37_500)).toBe('3.8');
  });
});

describe('the line of the trend', () => {
  it('shows the first value as a dot, where it would be a line of no length', () => {
    const first = stepLine([{ at: 100, value: 290 }], { from: 0, to: 100 }, { width: 100, height: 10 });
    expect(first).toBe('M100,7.1 H100');
    expect(endDot(first, 100)).toBe('M100,7.1 h0');
    expect(endDot('M0,10 H50 V0 H100', 100)).toBe('M100,0 h0');
    expect(endDot('', 100)).toBe('');
  });
  it('holds a value until the next one, up to now', () => {
    expect(stepLine([{ at: 0, value: 0 }, { at: 50, value: 1000 }], { from: 0, to: 100 }, { width: 100, height: 10 })).toBe('M0,10 H50 V0 H100');
  });
  it('leaves out what has no value, and draws nothing of nothing', () => {
    expect(stepLine([{ at: 0, value: null }], { from: 0, to: 1 }, { width: 10, height: 10 })).toBe('');
  });
});

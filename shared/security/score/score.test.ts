import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceId, evidenceSources, outcomes, type Evidence } from '../evidence.ts';
import { pointIds } from '../points.ts';
import { exportScore } from './export.ts';
import { nextSnapshot } from './history.ts';
import { computeScore, nextExpiry } from './score.ts';
import { weightsSchema } from './weights.ts';

const root = join(import.meta.dirname, '../../..');
const weightsFile = join(root, 'resources/security/score-weights.json');
const weights = weightsSchema.parse(JSON.parse(readFileSync(weightsFile, 'utf8')));
const now = Date.UTC(2026, 5, 1);
const day = 86_400_000;
const settings = { usesModels: false };
const seen = (more: Partial<Evidence> = {}): Evidence => ({ point: 'tls.version', origin: 'posture.tls', outcome: 'met', source: 'measured', at: now - day, expiresAt: now + day, messageKey: 'x.y', params: {}, by: null, link: null, ...more });
const everything = pointIds.map((point) => seen({ point }));
const pointOf = (evidence: readonly Evidence[], point: Evidence['point'] = 'tls.version') => computeScore(evidence, weights, settings, now).points.find((one) => one.point === point);

describe('the score', () => {
  it('has a weight for every point, and names no other', () => {
    expect(Object.keys(weights.points).toSorted()).toEqual([...pointIds].toSorted());
  });
  it('counts a claim at most half of what was measured', () => {
    for (const half of ['technical', 'organisational'] as const) expect(weights.sources[half].claimed * 2).toBeLessThanOrEqual(weights.sources[half].measured);
  });
  it('is 100 when everything is measured and met, and 0 when nothing is known', () => {
    expect(computeScore(everything, weights, settings, now)).toMatchObject({ total: { score: 1000 }, technical: { score: 1000 }, organisational: { score: 1000 } });
    expect(computeScore([], weights, settings, now)).toMatchObject({ total: { score: 0 }, technical: { score: 0 }, organisational: { score: 0 } });
  });
  it('falls when evidence is missing, and by the same when it has expired', () => {
    const without = everything.filter(({ point }) => point !== 'backups.drill');
    const expired = everything.map((one) => (one.point === 'backups.drill' ? { ...one, expiresAt: now } : one));
    const [missing, stale] = [without, expired].map((each) => computeScore(each, weights, settings, now));
    expect(missing?.total.score).toBeLessThan(1000);
    expect(stale?.total.score).toBe(missing?.total.score);
    expect(missing?.points.find(({ point }) => point === 'backups.drill')).toMatchObject({ state: 'missing', credit: 0, counted: null });
    expect(stale?.points.find(({ point }) => point === 'backups.drill')).toMatchObject({ state: 'stale', credit: 0, counted: null });
  });
  it('lets the best source win, and the worse outcome within one source', () => {
    expect(pointOf([seen({ source: 'claimed', origin: 'server' }), seen({ outcome: 'unmet' })])).toMatchObject({ state: 'unmet', credit: 0, counted: 'posture.tls' });
    expect(pointOf([seen(), seen({ origin: 'posture.other', outcome: 'partly' })])).toMatchObject({ state: 'partly', credit: 5000, counted: 'posture.other' });
    expect(pointOf([seen({ expiresAt: now }), seen({ source: 'claimed', origin: 'server' })])).toMatchObject({ state: 'met', credit: 5000, counted: 'server' });
  });
  it('takes out what does not apply, but not because the server says so', () => {
    expect(pointOf([seen({ outcome: 'notApplicable' })])).toMatchObject({ state: 'notApplicable' });
    expect(pointOf([seen({ outcome: 'notApplicable', source: 'claimed' })])).toMatchObject({ state: 'missing', credit: 0 });
    expect(computeScore(everything.map((one) => (one.point === 'tls.version' ? { ...one, outcome: 'notApplicable' as const } : one)), weights, settings, now).total.score).toBe(1000);
  });
  it('counts the register of models only where models are used', () => {
    expect(pointOf([], 'aiGovernance.register')).toMatchObject({ state: 'notApplicable' });
    const used = computeScore(everything.filter(({ point }) => point !== 'aiGovernance.register'), weights, { usesModels: true }, now);
    expect(used.total.score).toBeLessThan(1000);
    expect(used.areas.find(({ area }) => area === 'aiGovernance')).toMatchObject({ score: 0 });
  });
  it('says what would raise it, and when it changes by itself', () => {
    const score = computeScore(everything.filter(({ point }) => point !== 'authentication.mfa'), weights, settings, now);
    expect(score.points.filter(({ gain }) => gain > 0).map(({ point }) => point)).toEqual(['authentication.mfa']);
    expect((score.total.score ?? 0) + (score.points.find(({ point }) => point === 'authentication.mfa')?.gain ?? 0)).toBe(1000);
    expect(nextExpiry(score)).toBe(now + day);
  });
});

describe('the history', () => {
  it('remembers a change with what moved it, and nothing when nothing did', () => {
    const first = nextSnapshot(computeScore(everything, weights, settings, now), null);
    expect(first?.snapshot.moved).toEqual([]);
    expect(nextSnapshot(computeScore(everything, weights, settings, now + 1), first)).toBeNull();
    const later = nextSnapshot(computeScore(everything.filter(({ point }) => point !== 'tls.hsts'), weights, settings, now + 2), first);
    expect(later?.snapshot.moved).toEqual([{ point: 'tls.hsts', from: 'met', to: 'missing', creditFrom: 10_000, creditTo: 0 }]);
    expect(later?.snapshot.total).toBeLessThan(first?.snapshot.total ?? 0);
  });
});

const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  point: fc.constantFrom(...pointIds), origin: fc.constantFrom('a', 'b', 'c', 'd'), outcome: fc.constantFrom(...outcomes), source: fc.constantFrom(...evidenceSources),
  at: fc.integer({ min: now - 3, max: now }), expiresAt: fc.option(fc.integer({ min: now - 2, max: now + 2 })), messageKey: fc.constant('x.y'), params: fc.constant({}), by: fc.constant(null), link: fc.constant(null),
});
const anySet = fc.uniqueArray(anyEvidence, { maxLength: 160, selector: evidenceId });
const run = (...args: string[]) => spawnSync(process.execPath, [join(root, 'resources/recompute-score.mjs'), ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

describe('the script that computes it again', () => {
  it('comes to the same figures over random evidence, and notices every changed figure', () => {
    const folder = mkdtempSync(join(tmpdir(), 'valeo-score-'));
    try {
      const sets = fc.sample(fc.tuple(anySet, fc.boolean()), { numRuns: Number(process.env['VALEO_SCORE_SETS'] ?? '400'), seed: 7 });
      const texts = sets.map(([evidence, usesModels]) => exportScore({ evidence, weights, settings: { usesModels }, now, server: 'erp.example' }));
      const lines = (all: readonly string[]): string => all.map((text) => JSON.stringify(JSON.parse(text))).join('\n');
      writeFileSync(join(folder, 'good'), lines(texts));
      const good = run('--json', '--weights', weightsFile, '--batch', join(folder, 'good'));
      expect(good.stderr).toBe('');
      const answers = good.stdout.trim().split('\n').map((line) => JSON.parse(line) as { result: { total: number | null }; differing: string[] });
      expect(answers.map(({ differing }) => differing)).toEqual(texts.map(() => []));
      expect(answers.map(({ result }) => result.total)).toEqual(sets.map(([evidence, usesModels]) => computeScore(evidence, weights, { usesModels }, now).total.score));
      expect(new Set(answers.map(({ result }) => result.total)).size).toBeGreaterThan(40);
      expect(good.status).toBe(0);

      const forged = texts.slice(0, 40).map((text) => {
        const given = JSON.parse(text) as { result: { total: number | null } };
        given.result.total = (given.result.total ?? 0) + 1;
        return JSON.stringify(given);
      });
      writeFileSync(join(folder, 'forged'), forged.join('\n'));
      const bad = run('--json', '--batch', join(folder, 'forged'));
      expect(bad.status).toBe(1);
      expect(bad.stdout.trim().split('\n').every((line) => (JSON.parse(line) as { differing: string[] }).differing.includes('total'))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('refuses other weights and what is no export', () => {
    const folder = mkdtempSync(join(tmpdir(), 'valeo-score-'));
    try {
      const other = { ...weights, points: { ...weights.points, 'tls.hsts': { ...weights.points['tls.hsts'], weight: 9 } } };
      writeFileSync(join(folder, 'other.json'), exportScore({ evidence: everything, weights: other, settings, now, server: 'erp.example' }));
      expect(run(join(folder, 'other.json')).status).toBe(0);
      expect(run('--weights', weightsFile, join(folder, 'other.json'))).toMatchObject({ status: 1, stdout: expect.stringContaining('DIFFERENT: weights') as string });
      writeFileSync(join(folder, 'none.json'), '{"format":"else"}');
      expect(run(join(folder, 'none.json'))).toMatchObject({ status: 2, stdout: '' });
      expect(run().status).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

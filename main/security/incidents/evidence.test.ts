import { describe, expect, it } from 'vitest';
import { createIncident } from '../../../shared/security/incidents/commands.ts';
import type { Incident } from '../../../shared/security/incidents/incident.ts';
import { newLeaver, type Leaver } from '../../../shared/security/incidents/offboarding.ts';
import { exerciseEvidence } from './index.ts';
import { offboardingEvidence } from './leavers.ts';

const day = 86_400_000;
const now = 1000 * day;

function exercise(title: string, closedAt: number | null, lookedBackAt: number | null, more: Partial<Incident> = {}): Incident {
  const incident = createIncident({ title, description: '', severity: 'low', isExercise: true, detectedAt: now, awareAt: now, origin: null }, { by: 'admin', now, newId: () => `00000000-0000-4000-8000-${title.padStart(12, '0')}` });
  return { ...incident, closed: closedAt === null ? null : { at: closedAt, by: 'eva' }, postMortem: lookedBackAt === null ? null : { at: lookedBackAt, by: 'eva' }, ...more };
}

describe('exercises as evidence', () => {
  it('count by the one that ended last, whichever was touched last', () => {
    const [spring, autumn] = [exercise('1', now - 200 * day, now - 199 * day), exercise('2', now - 20 * day, now - 19 * day)];
    for (const order of [[spring, autumn], [autumn, spring]]) expect(exerciseEvidence(order)).toMatchObject({ at: now - 20 * day, expiresAt: now + 345 * day, params: { title: '2' } });
  });

  it('are as old as their end, however late somebody looks back', () => {
    expect(exerciseEvidence([exercise('1', now - 300 * day, now)])).toMatchObject({ at: now - 300 * day, expiresAt: now + 65 * day });
  });

  it('do not count while open, opened again, or real', () => {
    expect(exerciseEvidence([exercise('1', now, null), exercise('2', null, null), exercise('3', now, now, { isExercise: false })])).toBeNull();
  });
});

describe('offboarding as evidence', () => {
  const leaver = (leavesAt: number, closedAt: number | null): Leaver => ({ ...newLeaver({ account: 'a', name: 'A', leavesAt }, { by: 'eva', now, newId: () => 'x' }), closed: closedAt === null ? null : { at: closedAt, by: 'eva' } });

  it('is as old as the last one that was done with', () => {
    expect(offboardingEvidence([leaver(now - 101 * day, now - 100 * day), leaver(now - 301 * day, now - 300 * day)], now, 'eva')).toMatchObject({ outcome: 'met', at: now - 100 * day });
  });

  it('ends when the next one leaves, and when somebody is late', () => {
    const done = leaver(now - 11 * day, now - 10 * day);
    expect(offboardingEvidence([done, leaver(now + 3 * day, null)], now, 'eva')).toMatchObject({ outcome: 'met', expiresAt: now + 3 * day });
    expect(offboardingEvidence([done, leaver(now - day / 2, null)], now, 'eva')).toMatchObject({ outcome: 'partly', at: now, expiresAt: now + day / 2 });
  });

  it('is measured only where the account was there: an empty list of a mistyped name is empty too', () => {
    const proven = (params: Record<string, string>): Leaver => {
      const state = { state: 'proven' as const, at: now, by: 'eva', note: '', params };
      const done = leaver(now - 11 * day, now - 10 * day);
      return { ...done, steps: { ...done.steps, sessions: state, secrets: { ...state, params: { count: '1' } } } };
    };
    for (const params of [{ ended: '2' }, { ended: '0', seen: 'log' }, { ended: '0', seen: 'sessions' }]) expect(offboardingEvidence([proven(params)], now, 'eva')).toMatchObject({ source: 'measured', by: null });
    // As it was written before anybody looked whether the account is known.
    expect(offboardingEvidence([proven({ ended: '0' })], now, 'eva')).toMatchObject({ source: 'attested', by: 'eva' });
  });
});

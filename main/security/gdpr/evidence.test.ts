import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../shared/security/evidence.ts';
import type { GdprRequest } from '../../../shared/security/gdpr/request.ts';
import { gdprEvidence } from './evidence.ts';

const now = new Date(2026, 10, 27, 12).getTime();
const request = (more: Partial<GdprRequest>): GdprRequest => ({
  id: '0f8fad5b-d9cb-469f-a165-70867728950e', kind: 'access', reference: 'C1', name: 'P', contact: '', channel: 'email', receivedOn: '2026-11-02', identified: null, extended: null, found: null, exported: null, erasedThere: null, erased: null, answered: null, steps: [], ...more,
});
const exported = { at: now, by: 'a', sha256: '', documents: 0, auditEntries: 0, archives: 0 };
const answered = { at: new Date(2026, 10, 20).getTime(), by: 'a', answer: 'partly', note: '' } as const;
const erased = { at: now, by: 'a', anonymized: 1, draftsDiscarded: 0, documentsReread: 0, documentsDropped: 0, certificate: '' };

function written(requests: GdprRequest[], features = { canExport: true, canErase: true, isAudited: true }): (point: string) => Evidence | undefined {
  const { said } = gdprEvidence(requests, features, now);
  return (point) => said.find((one) => one.point === point);
}

describe('what the privacy desk says for the score', () => {
  it('calls measured only ways that somebody has gone, and dates them by that', () => {
    expect((written([request({ exported })]))('gdpr.automation')).toMatchObject({ outcome: 'met', source: 'claimed' });
    expect((written([request({ exported }), request({ kind: 'erasure', erased: { ...erased, at: now - 86_400_000 } })]))('gdpr.automation')).toMatchObject({ outcome: 'met', source: 'measured', at: now - 86_400_000 });
    expect((written([request({ exported })], { canExport: true, canErase: false, isAudited: true }))('gdpr.automation')).toMatchObject({ outcome: 'partly', source: 'measured' });
  });

  it('takes "fulfilled" for seen only where it was fulfilled here, else for the word of whoever said so', () => {
    const fulfilled = { ...answered, answer: 'fulfilled' } as const;
    const identified = { at: now, by: 'a', how: 'Ausweis' };
    const source = (more: Partial<GdprRequest>): unknown => ((written([request({ answered: fulfilled, ...more })]))('gdpr.requestsInTime'))?.source;
    expect(source({ identified, exported })).toBe('measured');
    expect(source({ identified })).toBe('attested');
    expect(source({ exported })).toBe('attested');
    expect(source({ kind: 'erasure', identified, exported })).toBe('attested');
    expect(source({ kind: 'erasure', identified, erased })).toBe('measured');
    expect((written([request({ answered: fulfilled })]))('gdpr.requestsInTime')).toMatchObject({ outcome: 'met', by: 'a' });
  });

  it('says in time only of what was answered', () => {
    const outcome = (...requests: GdprRequest[]): string | undefined => (written(requests))('gdpr.requestsInTime')?.outcome;
    expect(outcome(), 'nothing to measure takes no point out of the score').toBeUndefined();
    expect(outcome(request({}))).toBeUndefined();
    expect(gdprEvidence([request({})], null, now)).toEqual({ said: [], silent: [{ point: 'gdpr.requestsInTime', origin: 'gdpr.desk' }] });
    expect(outcome(request({ receivedOn: '2026-09-01' }))).toBe('unmet');
    expect(outcome(request({ answered }), request({}))).toBe('met');
    expect(outcome(request({ receivedOn: '2026-09-01', answered }))).toBe('partly');
  });

  it('does not say in time any longer than until the next request is late', () => {
    const inTime = (receivedOn: string): number | null | undefined => (written([request({ receivedOn }), request({ answered })]))('gdpr.requestsInTime')?.expiresAt;
    expect(inTime('2026-10-30'), 'due on Monday, the 30th').toBe(new Date(2026, 11, 1).getTime());
    expect(inTime('2026-11-20')).toBe(now + 7 * 86_400_000);
  });
});

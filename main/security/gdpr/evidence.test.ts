import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../shared/security/evidence.ts';
import type { GdprRequest } from '../../../shared/security/gdpr/request.ts';
import type { EvidenceBook } from '../evidence-book.ts';
import { writeGdprEvidence } from './evidence.ts';

const now = new Date(2026, 10, 27, 12).getTime();
const request = (more: Partial<GdprRequest>): GdprRequest => ({
  id: '0f8fad5b-d9cb-469f-a165-70867728950e', kind: 'access', reference: 'C1', name: 'P', contact: '', channel: 'email', receivedOn: '2026-11-02', identified: null, extended: null, found: null, exported: null, erased: null, answered: null, steps: [], ...more,
});
const exported = { at: now, by: 'a', sha256: '', documents: 0, auditEntries: 0, archives: 0 };
const erased = { at: now, by: 'a', anonymized: 1, draftsDiscarded: 0, documentsReread: 0, certificate: '' };

async function written(requests: GdprRequest[], features = { canExport: true, canErase: true, isAudited: true }): Promise<(point: string) => Evidence | undefined> {
  const list: Evidence[] = [];
  await writeGdprEvidence({ clock: { now: () => now, after: () => () => undefined }, evidence: { write: async (...given: Evidence[]) => { list.push(...given); } } as unknown as EvidenceBook }, requests, features);
  return (point) => list.find((one) => one.point === point);
}

describe('what the privacy desk says for the score', () => {
  it('calls measured only ways that somebody has gone', async () => {
    expect((await written([request({ exported })]))('gdpr.automation')).toMatchObject({ outcome: 'met', source: 'claimed' });
    expect((await written([request({ exported }), request({ kind: 'erasure', erased })]))('gdpr.automation')).toMatchObject({ outcome: 'met', source: 'measured' });
    expect((await written([request({ exported })], { canExport: true, canErase: false, isAudited: true }))('gdpr.automation')).toMatchObject({ outcome: 'partly', source: 'measured' });
  });

  it('says in time only of what was answered', async () => {
    const outcome = async (...requests: GdprRequest[]): Promise<string | undefined> => (await written(requests))('gdpr.requestsInTime')?.outcome;
    const answered = { at: new Date(2026, 10, 20).getTime(), by: 'a', answer: 'partly', note: '' } as const;
    expect(await outcome()).toBe('notApplicable');
    expect(await outcome(request({}))).toBe('notApplicable');
    expect(await outcome(request({ receivedOn: '2026-09-01' }))).toBe('unmet');
    expect(await outcome(request({ answered }), request({}))).toBe('met');
    expect(await outcome(request({ receivedOn: '2026-09-01', answered }))).toBe('partly');
  });

  it('does not say in time any longer than until the next request is late', async () => {
    const inTime = async (receivedOn: string): Promise<number | null | undefined> => (await written([request({ receivedOn })]))('gdpr.requestsInTime')?.expiresAt;
    expect(await inTime('2026-10-30'), 'due on Monday, the 30th').toBe(new Date(2026, 11, 1).getTime());
    expect(await inTime('2026-11-20')).toBe(now + 7 * 86_400_000);
  });
});

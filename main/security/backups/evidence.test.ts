import { describe, expect, it } from 'vitest';
import type { DrillProof, ServerBackup } from '../../../shared/security/backups/backup.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import { backupEvidence } from './evidence.ts';

const now = Date.UTC(2026, 10, 27, 12);
const day = 86_400_000;
const backup = (createdAt: number): ServerBackup => ({ id: 'b', kind: 'daily', createdAt, size: 1, sha256: null, keptUntil: null, offsite: null });
const proof = (more: Partial<DrillProof> = {}, mismatches = 0): DrillProof => ({
  evidence: { backup: 'b', startedAt: new Date(now - 3000).toISOString(), finishedAt: new Date(now - 2000).toISOString(), rowsCompared: 10, mismatches, rpoSeconds: 1, rtoSeconds: 1, sha256: 'a'.repeat(64), problems: [], signature: '' },
  key: '', checkedAt: now - 1000, by: 'admin', tookMs: 5, file: null, fault: null, ...more,
});

function written(backups: readonly ServerBackup[], proofs: readonly DrillProof[]): (point: string) => Evidence | undefined {
  const { said } = backupEvidence(backups, proofs, now, now);
  return (point) => said.find((one) => one.point === point);
}

describe('what backups say for the score', () => {
  it('was seen by this client only where the drill was its own; the one in a file is imported', () => {
    const own = written([backup(now)], [proof()]);
    expect([own('backups.recent')?.source, own('backups.drill')?.source, own('backups.drill')?.by]).toEqual(['measured', 'measured', null]);
    const colleague = written([backup(now)], [proof({ file: 'drill.txt', tookMs: null })]);
    expect([colleague('backups.recent')?.source, colleague('backups.drill')?.source]).toEqual(['claimed', 'imported']);
    expect(colleague('backups.drill')).toMatchObject({ outcome: 'met', by: 'admin', messageKey: 'security-backups.evidence.drill' });
  });

  it('is unmet by our own failed drill, whatever a file says, and missing without any', () => {
    expect((written([backup(now)], [proof({ file: 'drill.txt' }), proof({ checkedAt: now }, 3)]))('backups.drill')).toMatchObject({ outcome: 'unmet', source: 'measured', messageKey: 'security-backups.evidence.drillFailed' });
    expect((written([backup(now)], []))('backups.drill')).toMatchObject({ outcome: 'unmet', source: 'measured', messageKey: 'security-backups.evidence.noDrill' });
  });

  it('counts the drill that ended last, whoever had it run and whenever its file came', () => {
    const ended = (at: number, more: Partial<DrillProof> = {}, mismatches = 0): DrillProof => {
      const one = proof({ checkedAt: at + 1000, ...more }, mismatches);
      return { ...one, evidence: { ...one.evidence, finishedAt: new Date(at).toISOString() } };
    };
    const failed = ended(now - 20 * day, {}, 3);
    const later = ended(now - 10 * day, { file: 'later.txt', tookMs: null, checkedAt: now });
    const earlier = ended(now - 40 * day, { file: 'earlier.txt', tookMs: null, checkedAt: now });
    expect(written([backup(now)], [failed, later])('backups.drill')).toMatchObject({ outcome: 'met', source: 'imported', at: now - 10 * day });
    expect(written([backup(now)], [failed, earlier])('backups.drill')).toMatchObject({ outcome: 'unmet', source: 'measured', at: now - 20 * day });
    expect(written([backup(now)], [earlier])('backups.drill'), 'seen when it ended, not when its file came').toMatchObject({ outcome: 'met', at: now - 40 * day, expiresAt: now + 52 * day });
  });

  it('says nothing about another place where the server does not, and no full retention of a past that is shorter', () => {
    const apart = { copied: true, copiedAt: now, location: 'x' };
    expect(backupEvidence([backup(now)], [], now, now).silent).toEqual([{ point: 'backups.offsite', origin: 'backups.server' }]);
    expect(backupEvidence([{ ...backup(now), offsite: apart }], [], now, now)).toMatchObject({ silent: [] });
    expect(written([backup(now)], [])('backups.retention')).toMatchObject({ outcome: 'partly', params: { reach: '0' } });
    const month = Array.from({ length: 31 }, (_, index) => ({ ...backup(now - index * day), id: String(index) }));
    expect(written(month, [])('backups.retention'), 'thirty days are not twelve months').toMatchObject({ outcome: 'partly', messageKey: 'security-backups.evidence.retentionShort' });
    const year = [...month, ...Array.from({ length: 11 }, (_, index) => ({ ...backup(now - (index + 2) * 30 * day), id: `m${index}`, kind: 'monthly' as const }))];
    expect(written(year, [])('backups.retention')).toMatchObject({ outcome: 'met', messageKey: 'security-backups.evidence.retention' });
    expect(written([...month, year.at(-1) ?? backup(0)], [])('backups.retention'), 'the months between are missing').toMatchObject({ outcome: 'partly', params: { months: '10' } });
    expect(written(year.map((one) => ({ ...one, keptUntil: one.createdAt + 7 * day })), [])('backups.retention')).toMatchObject({ outcome: 'partly' });
  });

  it('expires also when the server dates a backup ahead', () => {
    expect((written([backup(now + 3650 * day)], []))('backups.recent')?.expiresAt).toBe(now + 2 * day);
  });
});

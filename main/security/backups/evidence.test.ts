import { describe, expect, it } from 'vitest';
import type { DrillProof, ServerBackup } from '../../../shared/security/backups/backup.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import type { EvidenceBook } from '../evidence-book.ts';
import { writeBackupEvidence } from './evidence.ts';

const now = Date.UTC(2026, 10, 27, 12);
const day = 86_400_000;
const backup = (createdAt: number): ServerBackup => ({ id: 'b', kind: 'daily', createdAt, size: 1, sha256: null, keptUntil: null, offsite: null });
const proof = (more: Partial<DrillProof> = {}, mismatches = 0): DrillProof => ({
  evidence: { backup: 'b', startedAt: new Date(now - 3000).toISOString(), finishedAt: new Date(now - 2000).toISOString(), rowsCompared: 10, mismatches, rpoSeconds: 1, rtoSeconds: 1, sha256: 'a'.repeat(64), problems: [], signature: '' },
  key: '', checkedAt: now - 1000, by: 'admin', tookMs: 5, file: null, fault: null, ...more,
});

async function written(backups: readonly ServerBackup[], proofs: readonly DrillProof[]): Promise<(point: string) => Evidence | undefined> {
  const list: Evidence[] = [];
  await writeBackupEvidence({ clock: { now: () => now, after: () => () => undefined }, evidence: { write: async (...given: Evidence[]) => { list.push(...given); } } as unknown as EvidenceBook }, backups, proofs, now);
  return (point) => list.find((one) => one.point === point);
}

describe('what backups say for the score', () => {
  it('was seen by this client only where the drill was its own; the one in a file is imported', async () => {
    const own = await written([backup(now)], [proof()]);
    expect([own('backups.recent')?.source, own('backups.drill')?.source, own('backups.drill')?.by]).toEqual(['measured', 'measured', null]);
    const colleague = await written([backup(now)], [proof({ file: 'drill.txt', tookMs: null })]);
    expect([colleague('backups.recent')?.source, colleague('backups.drill')?.source]).toEqual(['claimed', 'imported']);
    expect(colleague('backups.drill')).toMatchObject({ outcome: 'met', by: 'admin', messageKey: 'security-backups.evidence.drill' });
  });

  it('is unmet by our own failed drill, whatever a file says, and missing without any', async () => {
    expect((await written([backup(now)], [proof({ file: 'drill.txt' }), proof({ checkedAt: now }, 3)]))('backups.drill')).toMatchObject({ outcome: 'unmet', source: 'measured', messageKey: 'security-backups.evidence.drillFailed' });
    expect((await written([backup(now)], []))('backups.drill')).toMatchObject({ outcome: 'unmet', source: 'measured', messageKey: 'security-backups.evidence.noDrill' });
  });

  it('expires also when the server dates a backup ahead', async () => {
    expect((await written([backup(now + 3650 * day)], []))('backups.recent')?.expiresAt).toBe(now + 2 * day);
  });
});

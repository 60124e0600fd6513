import path from 'node:path';
import { createDataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import { EvidenceBook } from '../../main/security/evidence-book.ts';
import { Records } from '../../main/security/records.ts';
import { weights } from '../../main/security/score/index.ts';
import type { Evidence } from '../../shared/security/evidence.ts';
import { pointIds } from '../../shared/security/points.ts';
import { snapshotSchema, type Snapshot } from '../../shared/security/score/history.ts';
import { computeScore } from '../../shared/security/score/score.ts';
import { scratchDatabase, testKey } from '../fixtures/database.ts';
import { percentile, timed, type Report } from './report.ts';

const repeats = 60;
const day = 86_400_000;

/** What the score's screen needs before it can paint: evidence of 60 checks and 1,000 snapshots out of the encrypted cache, through the real host process, and the score over them. */
export async function run(report: Report): Promise<void> {
  const scratch = scratchDatabase();
  const host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log: silentLog });
  try {
    await host.open({ path: scratch.file, key: testKey() });
    const now = Date.now();
    const book = new EvidenceBook({ host, now: () => now });
    const history = new Records<Snapshot>({ host, kind: 'score.snapshot', schema: snapshotSchema, idOf: ({ id }) => id, now: () => now });
    const evidence = (index: number): Evidence => ({
      point: pointIds[index % pointIds.length] ?? 'tls.hsts', origin: `check.${Math.floor(index / pointIds.length)}`, outcome: 'met', source: 'measured', at: now, expiresAt: now + day, messageKey: 'security-score.evidence.oidc', params: { issuer: 'https://login.example' }, by: null, link: '/access',
    });
    await book.write(...Array.from({ length: 60 }, (_, index) => evidence(index)));
    const count = Math.max(10, Math.round(1000 * report.scale));
    await history.put(...Array.from({ length: count }, (_, index): Snapshot => ({
      id: String(index).padStart(15, '0'), at: now - index * 3_600_000, weightsVersion: 1, total: index % 1000, technical: 500, organisational: 500,
      moved: [{ point: 'tls.hsts', from: 'missing', to: 'met', creditFrom: 0, creditTo: 10_000 }],
    })));
    const times: number[] = [];
    for (let round = 0; round < repeats; round++) {
      const taken = await timed(async () => {
        const [seen, snapshots] = await Promise.all([book.list(), history.list()]);
        if (computeScore(seen, weights, { usesModels: false }, now).total.score === null || snapshots.length !== count) throw new Error('the score came out wrong');
      });
      // The first rounds run code that is not compiled yet.
      if (round >= 10) times.push(taken);
    }
    report.add({ name: `security score with 60 checks and ${count} snapshots from the cache, p95`, value: percentile(times, 0.95), unit: 'ms', limit: 50 });
  } finally {
    await host.dispose();
    scratch.remove();
  }
}

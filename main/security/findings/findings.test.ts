import { describe, expect, it } from 'vitest';
import type { SecurityPorts } from '../ports.ts';
import { createFindings } from './index.ts';

describe('the look at findings', () => {
  it('is over when stopping has resolved, and does not begin again behind the lock', async () => {
    let answer = (_: { changed: number }): void => undefined;
    const asked = new Promise<{ changed: number }>((resolve) => { answer = resolve; });
    const timers: (() => void)[] = [];
    const written: string[] = [];
    const summary = { total: 0, open: {}, overdue: 0, scans: [{ kind: 'images', tool: 'trivy', target: 'a', scannedAt: 1, claimed: false }] };
    const findings = createFindings({
      host: { findings: (method: string) => (method === 'findings.expire' ? asked : Promise.resolve(summary)) },
      clock: { now: () => 10, after: (_ms: number, action: () => void) => { timers.push(action); return () => undefined; } },
      evidence: { settle: async () => { written.push('evidence'); } }, changed: () => undefined, log: { warn: () => undefined },
    } as unknown as SecurityPorts);
    findings.start();
    let isStopped = false;
    const stopping = findings.stop().then(() => { isStopped = true; });
    await new Promise((resolve) => { setTimeout(resolve, 10); });
    expect(isStopped, 'while a look is under way').toBe(false);
    answer({ changed: 0 });
    await stopping;
    expect(written).toEqual(['evidence']);
    expect(timers).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SecurityPorts } from './ports.ts';
import { AlertsService } from './alerts/alerts.ts';
import { createOutside } from './outside.ts';

const profile = { erpUrl: 'https://erp.example.de', alertmanagerUrl: 'https://alerts.example.de' } as SecurityPorts['profile'];
const clock = { now: () => 1_000_000, after: () => () => undefined };

describe('a server beside the ERP', () => {
  it('is not asked any more once whoever asks has been told to end', async () => {
    const asked: string[] = [];
    const outside = createOutside('https://alerts.example.de', { profile, clock, session: {} as SecurityPorts['session'], fetch: async (url) => { asked.push(url); return Response.json([]); } });
    await expect(outside.request({ path: '/x', schema: z.unknown(), signal: AbortSignal.abort() })).rejects.toMatchObject({ error: { code: 'call.cancelled' } });
    expect(asked).toEqual([]);
  });

  it('is not called silent when it is this computer that has no network', async () => {
    for (const isOnline of [false, true]) {
      const written: unknown[] = [];
      const alerts = new AlertsService({
        profile, clock, isOnline: () => isOnline, session: {}, fetch: async () => { throw new TypeError('fetch failed'); }, account: () => ({ roles: ['admin'], scopes: ['admin:all'], scopeSource: 'token' }),
        host: { records: { get: async () => null } }, evidence: { write: async (one: unknown) => { written.push(one); } }, changed: () => undefined,
      } as unknown as SecurityPorts, { watch: async () => ({ intervals: [], readiness: null }) });
      expect((await alerts.state()).error?.code).toMatch(/^network\./);
      expect(written).toHaveLength(isOnline ? 1 : 0);
    }
  });
});

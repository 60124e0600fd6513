import { expect, it } from 'vitest';
import type { SecurityPorts } from '../ports.ts';
import { AlertsService } from './alerts.ts';

const fired = (name: string) => ({ fingerprint: name, startsAt: '2026-11-27T06:00:00Z', labels: { alertname: name, severity: 'warning' }, annotations: {}, status: { state: 'active', silencedBy: [], inhibitedBy: [] } });

it('tells the frame of the window what a reader of the list sees, and only when it is news', async () => {
  let alerts: unknown[] = [];
  const told: string[] = [];
  const service = new AlertsService({
    profile: { erpUrl: 'https://erp.example.de', alertmanagerUrl: 'https://alerts.example.de' }, clock: { now: () => 1_795_000_000_000, after: () => () => undefined }, isOnline: () => true, session: {},
    fetch: async (url: string) => Response.json(url.endsWith('/alerts') ? alerts : []), account: () => ({ roles: ['admin'], scopes: ['admin:all'], scopeSource: 'token' }),
    host: { records: { get: async () => null } }, evidence: { write: async () => undefined }, changed: (...areas: string[]) => told.push(...areas),
  } as unknown as SecurityPorts, { watch: async () => ({ intervals: [], readiness: null }) });
  await service.state();
  expect(told).toEqual([]);
  alerts = [fired('DiskFull'), fired('BackupTooOld')];
  expect((await service.state()).alerts).toHaveLength(2);
  expect([told, service.firing().count]).toEqual([['alerts'], 2]);
  // The window reads again when it is told: that must not tell it once more.
  await service.state();
  expect(told).toEqual(['alerts']);
  alerts = [fired('DiskFull')];
  await service.state();
  expect(told).toEqual(['alerts', 'alerts']);
});

it('says so when a silence was taken and silences nothing, and makes it of the labels that only main knows', async () => {
  const alert = { ...fired('DiskFull'), labels: { alertname: 'DiskFull', owner: 'petra@example.com' } };
  const sent: unknown[] = [];
  let silencedBy: string[] = [];
  let looks = 0;
  const service = new AlertsService({
    profile: { erpUrl: 'https://erp.example.de', alertmanagerUrl: 'https://alerts.example.de' }, clock: { now: () => 1_795_000_000_000, after: (ms: number, action: () => void) => { if (ms < 1000) action(); return () => undefined; } }, isOnline: () => true, session: {},
    fetch: async (url: string, { method, body }: { method?: string; body?: string } = {}) => {
      if (method === 'POST') sent.push(JSON.parse(body ?? ''));
      else if (url.endsWith('/alerts')) looks++;
      return Response.json(method === 'POST' ? { silenceID: 'a' } : url.endsWith('/alerts') ? [{ ...alert, status: { ...alert.status, silencedBy: looks > 9 ? silencedBy : [] } }] : []);
    },
    account: () => ({ userName: 'admin', roles: ['admin'], scopes: ['admin:all'], scopeSource: 'token' }), audit: { notes: { note: () => undefined } },
    host: { records: { get: async () => null } }, evidence: { write: async () => undefined }, changed: () => undefined,
  } as unknown as SecurityPorts, { watch: async () => ({ intervals: [], readiness: null }) });
  const asked = { id: 'DiskFull', without: [], reason: 'weil', hours: 1 } as const;
  expect(await service.silence({ ...asked, without: ['alertname'] })).toEqual({ id: 'a', holds: false });
  expect(sent).toMatchObject([{ matchers: [{ name: 'owner', value: 'petra@example.com' }] }]);
  silencedBy = ['another one', 'a'];
  expect(await service.silence({ ...asked, without: [] })).toEqual({ id: 'a', holds: true });
});

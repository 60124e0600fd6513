import { describe, expect, it, vi } from 'vitest';
import { appError } from '../../shared/ipc/errors.ts';
import { Readiness } from './metrics/readiness.ts';
import type { SecurityPorts } from './ports.ts';
import { PostureService } from './posture/posture.ts';
import { TokenKeeper } from './posture/token-keeper.ts';
import { createReminder } from './reminder.ts';
import { createSecrets } from './secrets/index.ts';

const day = 86_400_000;
const admin = { userName: 'admin', roles: ['admin'], scopes: ['admin:all'], scopeSource: 'token' };
/** Records that lie in memory, by kind and id. */
function memory(rows: Record<string, unknown> = {}) {
  const kept = new Map(Object.entries(rows));
  return {
    records: {
      get: async (kind: string, id: string) => (kept.has(`${kind} ${id}`) ? { id, body: kept.get(`${kind} ${id}`), changedAt: 0 } : null),
      list: async ({ kind }: { kind: string }) => [...kept].filter(([name]) => name.startsWith(`${kind} `)).map(([id, body]) => ({ id, body, changedAt: 0 })),
      put: async (put: { kind: string; id: string; body: unknown }[]) => { for (const { kind, id, body } of put) kept.set(`${kind} ${id}`, body); },
    },
  };
}

describe('a clock that was wrong', () => {
  it('does not silence a reminder until the day that it showed', async () => {
    const told: unknown[] = [];
    const now = 1000 * day;
    for (const at of [now + 3650 * day, now - 1000]) {
      const ports = { host: memory({ 'security.reminded backups': { area: 'backups', at } }), clock: { now: () => now, after: () => () => undefined }, account: () => admin, log: { info: () => undefined }, notice: () => told.push(at) };
      await createReminder(ports as unknown as SecurityPorts, 'backups', async () => appError('backup.reminder')).look();
    }
    expect(told).toEqual([now + 3650 * day]);
  });

  it('does not end the look whether the server is ready', async () => {
    let now = 1000 * day;
    let asked = 0;
    const origins: string[] = [];
    const readiness = new Readiness({ host: memory(), clock: { now: () => now }, erp: { metrics: { isReady: async () => { asked++; return true; } } }, evidence: { write: async ({ origin }: { origin: string }) => { origins.push(origin); } }, log: { info: () => undefined } } as unknown as SecurityPorts);
    const { signal } = new AbortController();
    await readiness.look(signal);
    await readiness.look(signal);
    expect(asked).toBe(1);
    now -= 100 * day;
    await readiness.look(signal);
    expect(asked).toBe(2);
    expect(new Set(origins), 'what the server check asks too').toEqual(new Set(['posture.ready']));
  });
});

describe('secrets', () => {
  it('are no better known because somebody has entered an owner: the server was asked when it was asked', async () => {
    const now = 1000 * day;
    const secret = { name: 'smtp', kind: 'api', provider: null, owner: null, createdAt: null, rotatedAt: now - day, dueAt: null, isOverlapping: false, overlapSince: null };
    const written: { expiresAt: number | null }[] = [];
    const secrets = createSecrets({
      host: memory({ 'secrets.list list': { readAt: now - 30 * day, secrets: [secret] } }), clock: { now: () => now }, account: () => admin, audit: { notes: { note: () => undefined } }, changed: () => undefined,
      erp: { capabilities: async () => { throw new Error('offline'); } }, evidence: { settle: async (said: { expiresAt: number | null }[]) => { written.push(...said); } },
    } as unknown as SecurityPorts);
    await secrets.keep({ name: 'smtp', kind: 'api', provider: '', owner: 'Eva', rotatedAt: null, note: '' });
    expect(written[0]?.expiresAt).toBe(now - 23 * day);
  });

  it('are not in time because nobody knows when they were changed', async () => {
    const now = 1000 * day;
    const secret = (name: string, rotatedAt: number | null) => ({ name, kind: 'api', provider: null, owner: null, createdAt: null, rotatedAt, dueAt: null, isOverlapping: false, overlapSince: null });
    const said = async (...server: ReturnType<typeof secret>[]): Promise<unknown> => {
      let told: unknown;
      const secrets = createSecrets({
        host: memory({ 'secrets.list list': { readAt: now, secrets: server } }), clock: { now: () => now }, account: () => admin, audit: { notes: { note: () => undefined } }, changed: () => undefined,
        erp: { capabilities: async () => { throw new Error('offline'); } }, evidence: { settle: async ([one]: { outcome: string }[], silent?: unknown[]) => { told = one?.outcome ?? silent; } },
      } as unknown as SecurityPorts);
      await secrets.keep({ name: server[0]?.name ?? '', kind: 'api', provider: '', owner: 'Eva', rotatedAt: null, note: '' });
      return told;
    };
    expect(await said(secret('a', now - day))).toBe('met');
    expect(await said(secret('a', now - day), secret('b', null))).toBe('partly');
    expect(await said(secret('b', null)), 'nothing is known').toMatchObject([{ point: 'secretRotation.inTime' }]);
  });
});

describe('the schedule of the server check', () => {
  it('begins nothing behind the lock, and keeps no token that comes too late', async () => {
    let answer = (_: unknown): void => undefined;
    let give = (_: string): void => undefined;
    const token = `x.${Buffer.from(JSON.stringify({ exp: 1 })).toString('base64url')}.x`;
    const begun: unknown[] = [];
    const kept = vi.spyOn(TokenKeeper.prototype, 'see');
    const posture = new PostureService({
      host: { records: { get: () => new Promise((resolve) => { answer = resolve; }), list: async () => [] } }, clock: { now: () => day, after: () => () => undefined }, isOnline: () => true, account: () => admin,
      session: { accessToken: () => new Promise<string>((resolve) => { give = resolve; }) }, jobs: { list: () => [], start: (kind: string) => { begun.push(kind); return { id: kind }; } }, log: { info: () => undefined },
    } as unknown as SecurityPorts);
    posture.start();
    const stopping = posture.stop();
    answer({ id: 'schedule', body: { id: 'schedule', schedule: 'daily' }, changedAt: 0 });
    give(token);
    await stopping;
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    expect(begun).toEqual([]);
    expect(kept).not.toHaveBeenCalled();
    kept.mockRestore();
  });
});

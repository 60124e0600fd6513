import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileLock } from '../../main/auth/session-lock.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { codeOf, isGood, newSession } from './auth-client.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'refresh-shared-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('several processes with one secret store, against a provider that rotates', () => {
  it('renew at the same moment, again and again, and nobody is thrown out', async () => {
    const store = createMemoryStore();
    const file = path.join(folder, 'session.lock');
    const sessions = Array.from({ length: 4 }, () => newSession({ store, lock: createFileLock({ file, clock: systemClock, pollMs: 5 }) }));
    await sessions[0]?.signIn();
    await Promise.all(sessions.slice(1).map((one) => one.restore()));
    for (let round = 0; round < 5; round++) {
      const tokens = await Promise.all(sessions.map(async (one) => one.refreshNow(await one.accessToken())));
      expect(new Set(tokens).size).toBe(sessions.length);
      expect(await Promise.all(tokens.map(isGood))).toEqual(sessions.map(() => true));
    }
    for (const one of sessions) expect(one.state()).toMatchObject({ status: 'signedIn', needsSignIn: false });
    // And whoever starts next finds a token that is good.
    const next = newSession({ store });
    await next.restore();
    expect(await isGood(await next.accessToken())).toBe(true);
  });

  it('the provider does end a session whose refresh token is used twice', async () => {
    const store = createMemoryStore();
    const made = newSession({ store });
    await made.signIn();
    const old = await store.get('session.it');
    await made.refreshNow(await made.accessToken());
    await store.set('session.it', old ?? '');
    expect(await codeOf(made.refreshNow(await made.accessToken()))).toBe('session.expired');
  });
});

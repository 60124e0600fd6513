import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { databaseKey, storeSlot } from '../../main/secrets/database-key.ts';
import type { Keytar } from '../../main/secrets/keychain.ts';
import { openSecrets } from '../../main/secrets/open.ts';
import { silentLog } from '../../main/log/log.ts';
import { startKeyring, type Keyring } from '../runtime/keyring.ts';

/** The real keytar on the real keyring of this session; the suite runs under dbus-run-session with gnome-keyring. */
async function loadKeytar(): Promise<Keytar> {
  const loaded = (await import('keytar')) as unknown as Keytar & { default?: Keytar };
  return loaded.default ?? loaded;
}

const open = (service: string) => openSecrets({ loadKeytar, service, log: silentLog, timeoutMs: 10_000 });

describe('the keychain of the operating system', () => {
  it('keeps short and long secrets over a restart, and forgets them', async () => {
    const service = `valeo-test-${randomUUID()}`;
    const first = await open(service);
    expect(first.persistence).toEqual({ kind: 'keychain' });
    const long = `${'ü€'.repeat(2000)}${'x'.repeat(3000)}`;
    await first.store.set('session.a', 'short');
    await first.store.set('session.b', long);
    const second = await open(service);
    expect(await second.store.get('session.a')).toBe('short');
    expect(await second.store.get('session.b')).toBe(long);
    await second.store.delete('session.a');
    await second.store.delete('session.b');
    expect(await first.store.get('session.a')).toBeNull();
    expect(await first.store.get('session.b')).toBeNull();
    const keytar = (await loadKeytar()) as Keytar & { findCredentials(service: string): Promise<unknown[]> };
    expect(await keytar.findCredentials(service)).toEqual([]);
  });

  it('gives the same database key after a restart', async () => {
    const service = `valeo-test-${randomUUID()}`;
    const { key } = await databaseKey({ accountId: 'a'.repeat(32), slots: [storeSlot((await open(service)).store)], mayCreate: true });
    const again = await open(service);
    expect(await databaseKey({ accountId: 'a'.repeat(32), slots: [storeSlot(again.store)], mayCreate: false })).toEqual({ key, slot: 'store', created: false });
    await again.store.delete(`database.${'a'.repeat(32)}`);
  });
});

/** What a start of the app finds on a desktop whose keyring is in this state; libsecret connects once, so each needs a process of its own. */
function startWith(keyring: Keyring): { persistence: unknown; kept: string | null } {
  const moduleUrl = (path: string): string => JSON.stringify(new URL(`../../main/${path}`, import.meta.url).href);
  const script = `
    const { openSecrets } = await import(${moduleUrl('secrets/open.ts')});
    const { silentLog } = await import(${moduleUrl('log/log.ts')});
    const secrets = await openSecrets({ loadKeytar: async () => (await import('keytar')).default, service: 'valeo-test', log: silentLog, timeoutMs: 8000 });
    await secrets.store.set('session.a', 'kept');
    console.log(JSON.stringify({ persistence: secrets.persistence, kept: await secrets.store.get('session.a') }));
    process.exit(0);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, DISPLAY: '', ...keyring.env }, encoding: 'utf8', timeout: 30_000, cwd: new URL('../..', import.meta.url), stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output) as { persistence: unknown; kept: string | null };
}

describe('the state of the keyring at start', () => {
  it.each([
    ['unlocked', { kind: 'keychain' }],
    ['locked', { kind: 'memory', cause: 'locked' }],
    ['none', { kind: 'memory', cause: 'absent' }],
  ] as const)('%s', async (mode, persistence) => {
    const keyring = await startKeyring(mode);
    try {
      expect(startWith(keyring)).toEqual({ persistence, kept: 'kept' });
    } finally {
      await keyring.close();
    }
  });
});

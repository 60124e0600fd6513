import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { databaseKey, storeSlot } from '../../main/secrets/database-key.ts';
import type { Keytar } from '../../main/secrets/keychain.ts';
import { openSecrets } from '../../main/secrets/open.ts';
import { silentLog } from '../../main/log/log.ts';

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

describe('without a keyring', () => {
  it('is session-only with the cause', async () => {
    // keytar reads the address when libsecret connects first, so this needs a process of its own.
    const { execFileSync } = await import('node:child_process');
    const script = `
      const { openSecrets } = await import(${JSON.stringify(new URL('../../main/secrets/open.ts', import.meta.url).href)});
      const { silentLog } = await import(${JSON.stringify(new URL('../../main/log/log.ts', import.meta.url).href)});
      const secrets = await openSecrets({ loadKeytar: async () => (await import('keytar')).default, service: 'valeo-test', log: silentLog, timeoutMs: 8000 });
      await secrets.store.set('session.a', 'kept');
      console.log(JSON.stringify([secrets.persistence, await secrets.store.get('session.a')]));
      process.exit(0);`;
    const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus', DISPLAY: '' };
    const answer: unknown = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: environment, encoding: 'utf8', timeout: 20_000, cwd: new URL('../..', import.meta.url) }));
    expect(answer).toEqual([{ kind: 'memory', cause: 'absent' }, 'kept']);
  });
});

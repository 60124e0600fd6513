import type { Keytar } from '../../main/secrets/keychain.ts';

export type FakeMode = 'open' | 'absent' | 'locked' | 'dismissed' | 'denied' | 'failing' | 'hanging' | 'slow';

/** A complete keychain for the states that no real one can be brought into here; says what the real ones say. */
export function fakeKeychain() {
  const entries = new Map<string, string>();
  const state: { mode: FakeMode; longest: number; failAtWrite: number; writes: number } = { mode: 'open', longest: 2_560, failAtWrite: -1, writes: 0 };
  const texts: Partial<Record<FakeMode, string>> = {
    absent: 'The name org.freedesktop.secrets was not provided by any .service files', locked: 'Cannot create an item in a locked collection',
    dismissed: 'The prompt was dismissed', denied: 'The user name or passphrase you entered is not correct.', failing: 'An input/output error occurred',
  };

  async function access<T>(action: () => T): Promise<T> {
    if (state.mode === 'hanging') await new Promise(() => undefined);
    if (state.mode === 'slow') await new Promise((resolve) => { setTimeout(resolve, 600); });
    const text = texts[state.mode];
    if (text !== undefined) throw new Error(text);
    return action();
  }

  const keytar: Keytar = {
    // A locked Secret Service does not find what it has.
    getPassword: (service, account) => (state.mode === 'locked' ? Promise.resolve(null) : access(() => entries.get(`${service}/${account}`) ?? null)),
    setPassword: (service, account, password) => access(() => {
      if (Buffer.byteLength(password) > state.longest) throw new Error('The stub received bad data.');
      if (++state.writes === state.failAtWrite) throw new Error('Connection reset by peer');
      entries.set(`${service}/${account}`, password);
    }),
    deletePassword: (service, account) => access(() => entries.delete(`${service}/${account}`)),
  };
  return { keytar, entries, state };
}

/** The real one of this session; the suite starts a keyring for it. */
export async function realKeytar(): Promise<Keytar> {
  const loaded = (await import('keytar')) as unknown as Keytar & { default?: Keytar };
  return loaded.default ?? loaded;
}

import type { SecretStore } from './store.ts';

export type MemoryStore = SecretStore & {
  /** Everything in it, for moving it to a keychain that has become usable. */
  entries(): [string, string][];
  clear(): void;
};

/** A secret store that forgets everything when the program ends; used where there is no usable keychain, and said on screen. */
export function createMemoryStore(): MemoryStore {
  const values = new Map<string, string>();
  return {
    get: (name) => Promise.resolve(values.get(name) ?? null),
    set(name, value) {
      values.set(name, value);
      return Promise.resolve();
    },
    delete(name) {
      values.delete(name);
      return Promise.resolve();
    },
    entries: () => [...values],
    clear: () => values.clear(),
  };
}

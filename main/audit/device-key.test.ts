import { describe, expect, it } from 'vitest';
import { formatKey } from '../../shared/audit/note.ts';
import { createMemoryStore } from '../secrets/memory.ts';
import { openDeviceKey, type DeviceKeyCopy } from './device-key.ts';

const cache = (): DeviceKeyCopy => {
  let kept: string | null = null;
  return { get: async () => kept, put: async (secret) => { kept = secret; } };
};
const nameOf = async (...args: Parameters<typeof openDeviceKey>): Promise<string> => formatKey((await openDeviceKey(...args)).note);

describe('the key of this computer', () => {
  it('is one for all caches, from the keychain', async () => {
    const store = createMemoryStore();
    const first = await nameOf(store, cache());
    expect(await nameOf(store, cache())).toBe(first);
    expect(await nameOf(createMemoryStore(), cache())).not.toBe(first);
  });

  it('comes back with the cache when the keychain is lost or has another', async () => {
    const [store, copy] = [createMemoryStore(), cache()];
    const first = await nameOf(store, copy);
    expect(await nameOf(createMemoryStore(), copy)).toBe(first);
    const other = createMemoryStore();
    await nameOf(other, cache());
    expect(await nameOf(other, copy)).toBe(first);
  });
});

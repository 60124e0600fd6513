import { afterEach, describe, expect, it, vi } from 'vitest';
import { beforeLeaving, storeEverything } from './unstored.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.useRealTimers();
});
const register = (store: () => Promise<void>): void => void ends.push(beforeLeaving(store));

describe('storing what is only in the window', () => {
  it('starts at once, so that the screens may go right after', async () => {
    let stored = '';
    register(async () => { stored = 'Sperrhof 7'; await Promise.resolve(); });
    const done = storeEverything();
    expect(stored).toBe('Sperrhof 7');
    expect(await done).toBe(true);
  });

  it('has nothing to do when nothing is registered any more', async () => {
    const end = beforeLeaving(() => Promise.reject(new Error('gone')));
    end();
    expect(await storeEverything()).toBe(true);
  });

  it('asks everybody, also when one cannot, and says so', async () => {
    const stored: string[] = [];
    register(() => { throw new Error('disk full'); });
    register(() => Promise.reject(new Error('disk full')));
    register(async () => { await Promise.resolve(); stored.push('other'); });
    expect(await storeEverything()).toBe(false);
    expect(stored).toEqual(['other']);
  });

  it('does not wait for long', async () => {
    vi.useFakeTimers();
    register(() => new Promise(() => undefined));
    const done = storeEverything(1_000);
    await vi.advanceTimersByTimeAsync(999);
    expect(await Promise.race([done, Promise.resolve('waiting')])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await done).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { Later } from './later.ts';

describe('what comes later', () => {
  it('is made once, whoever asks meanwhile', async () => {
    let made = 0;
    const later = new Later(async () => { made += 1; return { made }; });
    expect(later.made).toBeNull();
    expect(made).toBe(0);
    const [one, other] = await Promise.all([later.get(), later.get()]);
    expect(one).toBe(other);
    expect(later.made).toBe(one);
    expect(made).toBe(1);
  });

  it('is tried again after a failure', async () => {
    let tries = 0;
    const later = new Later(async () => { tries += 1; if (tries === 1) throw new Error('no such file'); return tries; });
    await expect(later.get()).rejects.toThrow('no such file');
    expect(later.made).toBeNull();
    expect(await later.get()).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { WindowDrain } from './window-drain.ts';

const settled = async (waiting: Promise<void>): Promise<boolean> => Promise.race([waiting.then(() => true), new Promise<false>((resolve) => { setImmediate(() => resolve(false)); })]);

describe('the drain of the window', () => {
  it('waits for the word of the window, each time anew', async () => {
    const drain = new WindowDrain(() => true);
    // A word that nobody waits for counts for nothing later.
    drain.done();
    const first = drain.wait();
    expect(await settled(first)).toBe(false);
    drain.done();
    expect(await settled(first)).toBe(true);
    expect(await settled(drain.wait())).toBe(false);
  });

  it('waits for nobody when there is no window', async () => {
    expect(await settled(new WindowDrain(() => false).wait())).toBe(true);
  });
});

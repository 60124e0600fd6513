import { describe, expect, it } from 'vitest';
import { createManualClock } from './erp/manual-clock.ts';
import { QuitQuestion } from './quit-question.ts';

function question(isNeeded = true) {
  const clock = createManualClock();
  const told = { asked: 0, quit: 0, forced: 0 };
  return { clock, told, quitting: new QuitQuestion({ clock, isNeeded: () => isNeeded, ask: () => { told.asked += 1; }, quit: ({ isForced }) => { told[isForced ? 'forced' : 'quit'] += 1; } }) };
}

describe('closing the window', () => {
  it('is asked about while there is something to lose, and waits for the person once the question stands', async () => {
    const { clock, told, quitting } = question();
    expect(quitting.mayClose()).toBe(false);
    expect(told).toEqual({ asked: 1, quit: 0, forced: 0 });
    quitting.shown();
    await clock.advance(3_600_000);
    expect(told.forced).toBe(0);
    quitting.quit();
    expect(told).toEqual({ asked: 1, quit: 1, forced: 0 });
    expect(quitting.mayClose()).toBe(true);
    expect(told.asked).toBe(1);
  });

  it('goes on when the window does not answer', async () => {
    const { clock, told, quitting } = question();
    expect(quitting.mayClose()).toBe(false);
    await clock.advance(5_000);
    expect(told.forced).toBe(1);
    expect(quitting.mayClose()).toBe(true);
  });

  it('goes on at a further wish when the window has died behind its question', async () => {
    const { clock, told, quitting } = question();
    quitting.mayClose();
    quitting.shown();
    expect(quitting.mayClose()).toBe(false);
    expect(told.asked).toBe(2);
    await clock.advance(5_000);
    expect(told.forced).toBe(1);
  });

  it('asks nobody where nothing is lost, nor when the computer ends', async () => {
    const { told, quitting } = question(false);
    expect(quitting.mayClose()).toBe(true);
    const ending = question();
    ending.quitting.mayClose();
    ending.quitting.decide();
    expect(ending.quitting.mayClose()).toBe(true);
    await ending.clock.advance(60_000);
    expect([told, ending.told]).toEqual([{ asked: 0, quit: 0, forced: 0 }, { asked: 1, quit: 0, forced: 0 }]);
  });
});

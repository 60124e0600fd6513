import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs work that pauses, with everything that has arrived meanwhile in the pauses. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

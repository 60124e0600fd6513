import type { Clock } from './erp/ports.ts';

/** For painting the first list, after it was answered. */
const paintMs = 150;
/** Waiting longer would only make the cache older: somebody may look at a screen without a list. */
const longestMs = 2_000;

/**
 * The first moments after the start belong to the person: whoever asks a server on their own waits for `reached`, so that
 * renewing tokens and pulling documents do not compete with the first list for processor and disk.
 */
export class StartCalm {
  readonly reached: Promise<void>;
  #reach: () => void = () => undefined;
  readonly #clock: Clock;
  #isListed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.reached = new Promise((resolve) => { this.#reach = resolve; });
    clock.after(longestMs, () => this.#reach());
  }

  /** A list was answered. */
  listed(): void {
    if (this.#isListed) return;
    this.#isListed = true;
    this.#clock.after(paintMs, () => this.#reach());
  }
}

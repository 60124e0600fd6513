/**
 * What is typed is in the window for a moment before it is stored. The lock waits here until the window has stored it;
 * how long at most is the lock's own business.
 */
export class WindowDrain {
  readonly #hasWindow: () => boolean;
  #waiting: (() => void)[] = [];

  constructor(hasWindow: () => boolean) {
    this.#hasWindow = hasWindow;
  }

  /** Resolves when the window has stored what it still had; at once without a window. */
  wait(): Promise<void> {
    return this.#hasWindow() ? new Promise((resolve) => { this.#waiting.push(resolve); }) : Promise.resolve();
  }

  /** The window has nothing left to store. */
  done(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

import type { Clock } from './erp/ports.ts';

export type QuitQuestionPorts = {
  clock: Pick<Clock, 'after'>;
  /** Whether the end of this process costs something that the person may want to keep. */
  isNeeded: () => boolean;
  /** Tells the window that somebody wants to close it. */
  ask: () => void;
  /** Ends the program. @param how.isForced also where the page does not let its window close */
  quit: (how: { isForced: boolean }) => void;
};

/** Milliseconds for the window to store what is typed, count, and have its question on screen. */
const patience = 5_000;

/**
 * Between the wish to close the window and the end of the program: the window may ask first. A window that says nothing,
 * because it hangs or is gone, holds nothing up, and each further wish is asked about anew.
 */
export class QuitQuestion {
  readonly #ports: QuitQuestionPorts;
  #isDecided = false;
  #stopWaiting: () => void = () => undefined;

  constructor(ports: QuitQuestionPorts) {
    this.#ports = ports;
  }

  /** Whether the window may close now; if not, it was told to ask. */
  mayClose(): boolean {
    if (this.#isDecided || !this.#ports.isNeeded()) return true;
    this.#stopWaiting();
    this.#stopWaiting = this.#ports.clock.after(patience, () => this.quit({ isForced: true }));
    this.#ports.ask();
    return false;
  }

  /** The question is on screen: it waits for the person. */
  shown(): void {
    this.#stopWaiting();
  }

  /** The computer ends, or the program is told to: nobody is asked any more. */
  decide(): void {
    this.#isDecided = true;
    this.#stopWaiting();
  }

  quit(how = { isForced: false }): void {
    this.decide();
    this.#ports.quit(how);
  }
}

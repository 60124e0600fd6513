/** Over this long a pace is told: long enough to be calm, short enough to notice a slower network. */
const windowMs = 20_000;
const leastMs = 1_500;

/** How fast something goes on, and how long the rest will take. */
export class Pace {
  readonly #now: () => number;
  #marks: { at: number; done: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  start(): void {
    this.#marks = [{ at: this.#now(), done: 0 }];
  }

  /** @returns units per second and milliseconds for the rest; null while too little is known. */
  note(done: number, expected: number): { perSecond: number | null; remainingMs: number | null } {
    const at = this.#now();
    // A clock that was set back would make the past the future.
    this.#marks = this.#marks.filter((mark) => mark.at <= at && at - mark.at <= windowMs);
    this.#marks.push({ at, done });
    const first = this.#marks[0];
    if (first === undefined || at - first.at < leastMs || done <= first.done) return { perSecond: null, remainingMs: null };
    const perSecond = (done - first.done) / ((at - first.at) / 1000);
    return { perSecond, remainingMs: expected > done ? ((expected - done) / perSecond) * 1000 : null };
  }
}

import type { Clock } from '../../../main/erp/ports.ts';

/** Numbers from a seed (mulberry32), so that a failing run can be repeated. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761) >>> 0;
  }

  /** 0 ≤ n < 1 */
  next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };

  below = (limit: number): number => Math.floor(this.next() * limit);
  is = (share: number): boolean => this.next() < share;
  pick = <T>(values: readonly T[]): T => values[this.below(values.length)] as T;
  /** A UUID of this chance, version and variant included. */
  uuid = (): string => {
    const hex = Array.from({ length: 4 }, () => Math.floor(this.next() * 4_294_967_296).toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
}

type Event = { at: number; seq: number; action: () => void };

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
/** Everything that follows from an event has happened when it resolves: promises at once, what yields to the event loop (long pages of a pull) in the turn after. */
const settle = async (): Promise<void> => {
  await turn();
  await turn();
};

/** Virtual time: nothing waits, events run one after the other, each with everything that follows from it at once. */
export class Time {
  now = Date.UTC(2026, 10, 22, 8);
  #events: Event[] = [];
  #seq = 0;

  /** @returns a function that cancels it */
  after(ms: number, action: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), seq: this.#seq++, action };
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1] as Event).at > event.at) place--;
    this.#events.splice(place, 0, event);
    return () => {
      const index = this.#events.indexOf(event);
      if (index >= 0) this.#events.splice(index, 1);
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => { this.after(ms, resolve); });
  }

  /** Lets events happen until `isOver`. @throws Error when nothing happens any more, or it takes absurdly many events */
  async run(isOver: () => boolean, limit = 60_000): Promise<void> {
    await settle();
    for (let count = 0; !isOver(); count++) {
      for (let turns = 0; this.#events.length === 0 && turns < 50 && !isOver(); turns++) await turn();
      if (isOver()) return;
      const event = this.#events.shift();
      if (event === undefined) throw new Error('stuck: nothing will ever happen again');
      if (count > limit) throw new Error(`restless: ${limit} events and no end`);
      this.now = event.at;
      event.action();
      await settle();
    }
  }
}

/** A computer's clock: it may be wrong and jump, while its timers run true. They die with the program. */
export class SkewedClock implements Clock {
  skew = 0;
  isAlive = true;
  readonly #time: Time;

  constructor(time: Time) {
    this.#time = time;
  }

  now = (): number => this.#time.now + this.skew;
  after = (ms: number, action: () => void): (() => void) => this.#time.after(ms, () => { if (this.isAlive) action(); });
}

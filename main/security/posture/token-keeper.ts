import { endOf } from './tokens.ts';

/** Servers forgive clocks that are a little off; a token must have ended longer ago than any of them forgives. */
const surelyOver = 5 * 60_000;
const most = 3;

/**
 * Keeps a few of the session's own tokens until they have ended: only a real one that is over shows whether the server
 * looks at the end, because it turns a forged one away for its signature. In memory, and forgotten with the lock.
 */
export class TokenKeeper {
  #kept: { token: string; endsAt: number }[] = [];

  see(token: string): void {
    const endsAt = endOf(token);
    if (endsAt === null || this.#kept.some((one) => one.token === token)) return;
    this.#kept = [...this.#kept, { token, endsAt }].toSorted((a, b) => a.endsAt - b.endsAt);
    // The newest has to stay to end one day; of the older ones one that is over is enough.
    if (this.#kept.length > most) this.#kept.splice(1, 1);
  }

  /** @param now epoch milliseconds. @returns one that has surely ended; null while there is none. */
  expired(now: number): string | null {
    return this.#kept.findLast(({ endsAt }) => endsAt + surelyOver <= now)?.token ?? null;
  }

  forget(): void {
    this.#kept = [];
  }
}

import type { StepUpChallenge } from './step-up.ts';

/**
 * The injected `fetch`: Electron's net in the app (OS trust store and proxies), Node's in tests. It must honour
 * `redirect: 'manual'` by resolving with the 3xx answer and its Location header.
 */
export type HttpFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Time as a dependency, so that timeouts and expiry can be tested without waiting. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs the action once after `ms` milliseconds. @returns a function that cancels it. */
  after(ms: number, action: () => void): () => void;
};

/** What a token bound to a key needs beside itself (RFC 9449). */
export type ProofRequest = { token: string; method: string; url: string };

/** Where the HTTP client gets its bearer from; the session of main/auth is one. */
export type TokenSource = {
  /** A token that is good now, refreshed if needed. @throws AppFailure session.* or network.* */
  accessToken(): Promise<string>;
  /** A newer token than the one the server has just rejected. @throws AppFailure session.* or network.* */
  refreshNow(rejectedToken: string): Promise<string>;
  /** @returns the proof to send with a token that is bound to a key; null for an ordinary bearer. */
  proof?(request: ProofRequest): Promise<string | null>;
  /** The server has named the nonce that its next proof has to carry. */
  rememberNonce?(origin: string, nonce: string): void;
  /**
   * Asks the person for a fresh login that meets the demand; the token that follows is the session's new one. Nobody is
   * asked again when the same demand was met after `since`, epoch milliseconds, when the blocked request went out.
   * @throws AppFailure login.* when nothing came of it, or when somebody else signed in.
   */
  stepUp?(challenge: StepUpChallenge, options: { since: number; signal?: AbortSignal | undefined }): Promise<void>;
};

/** The real clock. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    // setTimeout treats anything above 2^31-1 as 1 ms.
    const timer = setTimeout(action, Math.min(ms, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

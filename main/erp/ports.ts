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

/** Where the HTTP client gets its bearer from; the session of main/auth is one. */
export type TokenSource = {
  /** A token that is good now, refreshed if needed. @throws AppFailure session.* or network.* */
  accessToken(): Promise<string>;
  /** A newer token than the one the server has just rejected. @throws AppFailure session.* or network.* */
  refreshNow(rejectedToken: string): Promise<string>;
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

import type { Server } from 'node:http';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { Persistence, SessionState } from '../../shared/domain/session.ts';
import type { Clock, HttpFetch, TokenSource } from '../erp/ports.ts';
import type { Log } from '../log/log.ts';
import type { SecretStore } from '../secrets/store.ts';
import type { SessionLock } from './session-lock.ts';

/** Shows an https (or loopback) address in the system browser. Rejects when no browser could be started. */
export type OpenBrowser = (url: string) => Promise<void>;

/** Binds a server to a free port of 127.0.0.1 and answers the port; replaced in tests to make it fail. */
export type Listen = (server: Server) => Promise<number>;

export type SessionOptions = {
  profile: ConnectionProfile;
  secrets: SecretStore;
  persistence: Persistence;
  fetch: HttpFetch;
  openBrowser: OpenBrowser;
  clock: Clock;
  log: Log;
  /** How long the person may take in the browser; 5 minutes unless given. */
  loginTimeoutMs?: number;
  /** For each request to the identity provider; 15 seconds unless given. */
  requestTimeoutSeconds?: number;
  listen?: Listen;
  /** Shared with every other process on the same secret store (`createFileLock`); without one this process counts as the only one. */
  lock?: SessionLock;
  /** 0 ≤ n < 1, for the jitter of refreshes. */
  random?: () => number;
};

/** What the person needs to sign in on another device. */
export type DeviceCode = {
  userCode: string;
  verificationUri: string;
  /** The address with the code in it, for a QR code. */
  verificationUriComplete: string | null;
  /** Epoch milliseconds. */
  expiresAt: number;
};

/**
 * The session of one profile. It is the only place that ever holds tokens: the access token in memory, the refresh
 * token in the secret store.
 */
export type Session = Required<TokenSource> & {
  /** The provider's last statement about the person (ID token): never sent anywhere but to prove that a server refuses it. Null while locked or unknown. */
  identityToken(): string | null;
  state(): SessionState;
  /** Told after every change, with the new state. @returns a function that ends the subscription. */
  on(listener: (state: SessionState) => void): () => void;
  /**
   * Takes up the session of the last start: signed in at once from the remembered account, confirmed in the background.
   * Without one it stays signed out. Never throws: what could not be read is in the log and in `persistence`.
   * @param calm the provider is asked when this has resolved; at once unless given.
   */
  restore(calm?: Promise<void>): Promise<SessionState>;
  /**
   * Signs in through the system browser. A second call joins the running one. While somebody is signed in already
   * (needsSignIn), the state stays signedIn until the new login is through, so that work goes on from the cache.
   * @throws AppFailure login.*, network.*, tls.* with the state as it was before.
   */
  signIn(signal?: AbortSignal): Promise<SessionState>;
  /**
   * Signs in on another device, for a computer without a browser (RFC 8628). `onCode` is told what to show; it is called
   * once. A second call, or one while a sign-in runs, joins the running one.
   * @throws AppFailure server.unsupported when the provider does not offer it, login.*, network.*
   */
  signInWithDeviceCode(onCode: (code: DeviceCode) => void, signal?: AbortSignal): Promise<SessionState>;
  /** Ends a running sign-in with login.cancelled; nothing happens when there is none. */
  cancelSignIn(): void;
  /** The address that the browser was sent to, while a sign-in runs. */
  loginAddress(): string | null;
  /** Wipes memory and store first, then tells the provider as far as it can be reached. Works offline. */
  signOut(): Promise<SessionState>;
  /**
   * As {@link Session.signOut}, and then ends the provider's own session in the browser, with all that hangs on it.
   * Where the provider cannot be reached or has no page for it, only this computer is signed out.
   * @returns whether the browser was sent there.
   */
  signOutEverywhere(): Promise<{ state: SessionState; providerPageOpened: boolean }>;
  /** The keychain came or went while the app ran: shown in the state from now on. */
  setPersistence(persistence: Persistence): void;
  /** Has the provider confirm the account now, also while locked. @throws AppFailure session.expired when it refuses, network.* */
  confirm(): Promise<void>;
  /**
   * Tokens leave memory; the account stays signed in, and its session in the store. Without a keychain that store is
   * memory too, and keeps the refresh token.
   */
  lock(): void;
  /** Tokens may be used again, taken up from the store. */
  unlock(): void;
  /** Ends timers and a running sign-in; the stored session stays for the next start. */
  dispose(): void;
};

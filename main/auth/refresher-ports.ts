import type { Account } from '../../shared/domain/session.ts';
import type { Clock } from '../erp/ports.ts';
import type { Log } from '../log/log.ts';
import type { DpopKey } from './dpop-key.ts';
import type { LoginGrant, Oidc } from './oidc.ts';
import type { SessionLock } from './session-lock.ts';
import type { SessionRecord } from './stored-session.ts';

export type RefresherOptions = {
  oidc: Pick<Oidc, 'refresh' | 'revoke'>;
  record: SessionRecord;
  /** Keeps other processes with the same store from renewing at the same time; none unless given. */
  lock?: SessionLock;
  clock: Clock;
  random: () => number;
  log: Log;
  /** The provider has confirmed the session; the account may have other rights than before. */
  onConfirmed(account: Account): void;
  /** The provider refuses to renew it; `isDisabled` when it says that the account itself may not go on. */
  onRefused(isDisabled: boolean): void;
};

export type Refresher = {
  /** Takes over a fresh login; resolves when it is stored, with the time in milliseconds that was stored as its confirmation. */
  adopt(grant: LoginGrant): Promise<number>;
  accessToken(): Promise<string>;
  refreshNow(rejectedToken: string): Promise<string>;
  /** Asks the provider now, also while locked; what comes of it is stored, and used only when not locked. */
  renew(): Promise<void>;
  /** The key that the access token in use is bound to; null for an ordinary bearer. */
  boundKey(): DpopKey | null;
  /** Forgets everything, in memory at once; a refresh under way comes to nothing. @returns the refresh token, to be revoked. */
  forget(): string | null;
  /**
   * Drops every token from memory; what is stored stays. A refresh under way still ends in the store, so that the session
   * is not lost, and is dropped from memory then.
   */
  lock(): void;
  /** Tokens may be taken up from the store again. */
  unlock(): void;
  /** Ends the timer; what is stored stays. */
  stop(): void;
};

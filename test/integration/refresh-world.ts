import type { Clock } from '../../main/erp/ports.ts';
import type { LoginGrant } from '../../main/auth/oidc.ts';
import { createRefresher } from '../../main/auth/refresher.ts';
import type { Refresher } from '../../main/auth/refresher-ports.ts';
import type { Release, SessionLock } from '../../main/auth/session-lock.ts';
import type { StoredSession } from '../../main/auth/stored-session.ts';
import { silentLog } from '../../main/log/log.ts';
import type { Account } from '../../shared/domain/session.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';

const account: Account = { id: 'a'.repeat(32), subject: 's', userName: 'u', displayName: 'U', email: null, tenantId: null, roles: [], scopes: [], scopeSource: 'token' };
const sessionWith = (refreshToken: string): StoredSession => ({ refreshToken, account, confirmedAt: null });
const lifetimeMs = 600_000;

/** One call of a process to the world outside that has not come back yet. */
type Pending = {
  kind: 'read' | 'write' | 'refresh';
  owner: Process;
  /** Only for `refresh`: the request has reached the provider and the answer is on its way. */
  arrived: boolean;
  arrive(): void;
  finish(): void;
  /** Comes to nothing; `took` says whether it had its effect all the same. */
  fail(took: boolean): void;
};

export type Process = { refresher: Refresher; isAlive: boolean; inFlight: number; received: Set<string>; lastToken: string; timers: { at: number; action: () => void }[]; calls: number; refusals: number };

export type WorldOptions = {
  /** How long the provider takes the last token a second time, in milliseconds; 0 kills at once. */
  grace: number;
  /** The keychain may fail to read as well: with two processes nobody could know then who is newer. */
  readsMayFail: boolean;
  /** Without it every process renews as it likes: for showing that the test would notice. */
  withLock?: boolean;
};

/**
 * One provider that rotates refresh tokens and kills the family when an old one is used (RFC 9700 section 4.14.2), one
 * secret store, and processes that use them. Nothing in it happens by itself: each step is chosen from outside. A
 * request is settled, arrived or not, when its sender learns of its end or dies, as TCP does it within the sender's life.
 */
export function createWorld({ grace, readsMayFail, withLock = true }: WorldOptions) {
  let elapsed = 0;
  let wallOffset = 0;
  let issued = 0;
  const server = { isAlive: true, current: 'r0', previous: null as { token: string; rotatedAt: number } | null };
  let stored: StoredSession = sessionWith('r0');
  /** Everything the store ever held: what was in it once must not be lost by our own doing. */
  const everStored = new Set(['r0']);
  const processes: Process[] = [];
  let pending: Pending[] = [];
  const violations: string[] = [];
  const facts = { refreshes: 0, kills: 0, lostByTheServer: 0, refusals: 0 };

  const lock = { owner: null as Process | null, waiters: [] as { process: Process; give(release: Release | null): void }[] };
  function passOn(): void {
    lock.owner = null;
    for (let next = lock.waiters.shift(); next !== undefined; next = lock.waiters.shift()) {
      if (!next.process.isAlive) continue;
      take(next.process, next.give);
      return;
    }
  }
  function take(process: Process, give: (release: Release) => void): void {
    lock.owner = process;
    let isHeld = true;
    give(async () => {
      if (!isHeld) return;
      isHeld = false;
      passOn();
    });
  }
  const lockOf = (process: Process, clock: Clock): SessionLock => ({
    acquire: (waitMs) => new Promise((give) => {
      if (!withLock) return give(async () => undefined);
      if (lock.owner === null) return take(process, give);
      const waiter = { process, give };
      lock.waiters.push(waiter);
      clock.after(waitMs, () => {
        if (!lock.waiters.includes(waiter)) return;
        lock.waiters.splice(lock.waiters.indexOf(waiter), 1);
        give(null);
      });
      return undefined;
    }),
  });

  /** Whether one of our processes or the store has the token, or had it in the store. */
  const isKnown = (token: string): boolean => everStored.has(token) || processes.some((one) => one.isAlive && one.received.has(token));
  const accepts = (token: string): boolean => server.isAlive && (token === server.current || (server.previous?.token === token && elapsed - server.previous.rotatedAt <= grace));
  /** The server would go on with a token that we have: losing the session now is our own fault. */
  const isRecoverable = (): boolean => [server.current, server.previous?.token ?? ''].some((token) => accepts(token) && isKnown(token));

  function exchange(token: string): LoginGrant | null {
    facts.refreshes++;
    if (!server.isAlive) return null;
    if (!accepts(token)) {
      if (isKnown(server.current)) violations.push(`${token} was used again although ${server.current} was there`);
      server.isAlive = false;
      facts.kills++;
      return null;
    }
    if (token === server.current) {
      server.previous = { token, rotatedAt: elapsed };
      server.current = `r${++issued}`;
    }
    return { accessToken: `a${++issued}`, lifetimeMs, refreshToken: server.current, account };
  }

  function call<T>(owner: Process, kind: Pending['kind'], effect: () => T | AppFailure): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: { value: T | AppFailure } | null = null;
      const one: Pending = {
        kind, owner, arrived: false,
        arrive() { result ??= { value: effect() }; one.arrived = true; },
        finish() {
          one.arrive();
          end();
          const value = result?.value;
          if (value instanceof AppFailure) reject(value);
          else resolve(value as T);
        },
        fail(took) {
          if (took) one.arrive();
          end();
          reject(failure(kind === 'refresh' ? 'network.interrupted' : 'keychain.failed'));
        },
      };
      function end(): void {
        pending = pending.filter((other) => other !== one);
        if (kind === 'refresh') owner.inFlight--;
      }
      if (kind === 'refresh' && ++owner.inFlight > 1) violations.push('two refreshes in flight in one process');
      pending.push(one);
      if (kind === 'refresh' && withLock && pending.filter((other) => other.kind === 'refresh' && other.owner.isAlive).length > 1) violations.push('two processes refresh at the same time');
    });
  }

  function start(): Process {
    const process = { isAlive: true, inFlight: 0, received: new Set<string>(), lastToken: 'none', timers: [], calls: 0, refusals: 0 } as Omit<Process, 'refresher'> as Process;
    const clock: Clock = {
      now: () => 1_800_000_000_000 + elapsed + wallOffset,
      after(ms, action) {
        const timer = { at: elapsed + ms, action };
        process.timers.push(timer);
        return () => { process.timers = process.timers.filter((other) => other !== timer); };
      },
    };
    process.refresher = createRefresher({
      clock, log: silentLog, random: () => 0.5, lock: lockOf(process, clock),
      record: {
        read: () => call(process, 'read', () => ({ ...stored })),
        write: (session) => call(process, 'write', () => {
          stored = session;
          if (session.refreshToken !== null) everStored.add(session.refreshToken);
        }),
        delete: async () => undefined,
      },
      oidc: {
        refresh: (token) => call<LoginGrant>(process, 'refresh', () => exchange(token) ?? failure('session.expired')).then((grant) => {
          process.received.add(grant.refreshToken ?? '');
          return grant;
        }),
        revoke: async () => undefined,
      },
      onConfirmed: () => undefined,
      onRefused: () => {
        facts.refusals++;
        process.refusals++;
        if (isRecoverable()) violations.push(`given up although the server would take ${server.current}`);
        else facts.lostByTheServer++;
      },
    });
    processes.push(process);
    return process;
  }

  /** The process is gone at this very await. What it had under way took its effect or not. */
  function crash(process: Process, took: boolean): void {
    process.isAlive = false;
    process.timers = [];
    for (const one of pending.filter(({ owner }) => owner === process)) if (took) one.arrive();
    pending = pending.filter(({ owner }) => owner !== process);
    if (lock.owner === process) passOn();
  }

  function advance(ms: number): (() => void)[] {
    elapsed += ms;
    return processes.filter(({ isAlive }) => isAlive).flatMap((process) => {
      const due = process.timers.filter(({ at }) => at <= elapsed);
      process.timers = process.timers.filter(({ at }) => at > elapsed);
      return due.map(({ action }) => action);
    });
  }

  return {
    server, facts, violations, start, crash, advance, isRecoverable,
    living: () => processes.filter(({ isAlive }) => isAlive),
    pending: () => pending,
    mayFail: (one: Pending) => one.kind !== 'read' || readsMayFail,
    jump: (ms: number) => { wallOffset += ms; },
    ask(process: Process, isRejected: boolean): Promise<boolean> {
      process.calls++;
      const asked = isRejected ? process.refresher.refreshNow(process.lastToken) : process.refresher.accessToken();
      return asked.then((token) => { process.lastToken = token; return true; }, () => false);
    },
  };
}

export type World = ReturnType<typeof createWorld>;

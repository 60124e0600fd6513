import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Session, SessionOptions } from '../../main/auth/ports.ts';
import { createSession } from '../../main/auth/session.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createLog } from '../../main/log/create.ts';
import { createMemoryStore, type MemoryStore } from '../../main/secrets/memory.ts';
import { connectionProfileSchema } from '../../shared/domain/profile.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { submitLoginForm } from '../backend/login.ts';
import { freePort } from '../fixtures/ports.ts';

/** A real identity provider, and sessions on it whose browser is played, for the test file that imports this. */
export let backend: Backend;
const sessions: Session[] = [];
export const logLines: string[] = [];
const { log } = createLog({ alsoTo: (line) => logLines.push(line), level: 'debug' });

export let closedPort = 0;

beforeAll(async () => {
  backend = await startBackend({ documents: 20, rateLimits: false });
  closedPort = await freePort();
});
afterAll(async () => { await backend.close(); });
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
  backend.control.clearFaults();
});

export const profile = (more: Record<string, unknown> = {}) =>
  connectionProfileSchema.parse({ id: 'it', name: 'IT', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId, ...more });

export type Pages = { status: number; text: string; headers: Headers }[];

/** What the browser does with the address it is given; `change` alters the way back. */
export function browser(userName: string | null, pages: Pages = [], change: (callback: URL) => URL | null = (callback) => callback) {
  return async (url: string): Promise<void> => {
    const account = backend.users.find(({ name }) => name === userName);
    void submitLoginForm(new URL(url), account ?? null).then(async (callback) => {
      const target = change(callback);
      if (target === null) return;
      const answer = await fetch(target);
      pages.push({ status: answer.status, text: await answer.text(), headers: answer.headers });
    }).catch((error: unknown) => log.debug('the browser did not come through', { error }));
  };
}

export function newSession(more: Partial<SessionOptions> & { store?: MemoryStore } = {}): Session {
  const { store = createMemoryStore(), ...options } = more;
  const made = createSession({ profile: profile(), secrets: store, persistence: { kind: 'keychain' }, fetch: (url, init) => fetch(url, init), openBrowser: browser('sales'), clock: systemClock, log, ...options });
  sessions.push(made);
  return made;
}

export const failureOf = async (promise: Promise<unknown>): Promise<AppFailure['error'] | string> =>
  promise.then(() => 'resolved', (error: unknown) => (error instanceof AppFailure ? error.error : String(error)));
export const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await failureOf(promise);
  return typeof error === 'string' ? error : error.code;
};

export const isGood = async (token: string): Promise<boolean> => (await fetch(`${backend.erp}/api/v1/status`, { headers: { authorization: `Bearer ${token}` } })).ok;
export const stored = async (store: MemoryStore): Promise<{ refreshToken: string | null }> => JSON.parse((await store.get('session.it')) ?? 'null') as { refreshToken: string | null };

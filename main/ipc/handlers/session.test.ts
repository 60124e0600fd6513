import { describe, expect, it } from 'vitest';
import type { AppPolicy } from '../../../shared/domain/app-policy.ts';
import { defaultAppPolicy } from '../../../shared/domain/app-policy-defaults.ts';
import type { SessionState } from '../../../shared/domain/session.ts';
import type { DeviceCode } from '../../../shared/ipc/calls/session.ts';
import { nothingOnlyHere } from '../../../shared/domain/only-here.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Workspace } from '../../workspace.ts';
import { sessionHandlers } from './session.ts';

const code: DeviceCode = { userCode: 'ABCD-EFGH', verificationUri: 'https://id.example/device', verificationUriComplete: null, expiresAt: 1_000 };
const signedOut: SessionState = { status: 'signedOut', persistence: { kind: 'keychain' } };

function handlersOf(given: Partial<Workspace['session']>, steps: unknown[], policy: Partial<AppPolicy> = {}) {
  const session = { state: () => signedOut, ...given };
  const workspace = { session, settled: async () => { steps.push('settled'); } } as unknown as Workspace;
  return sessionHandlers({ workspace: async () => workspace, persistence: async () => ({ kind: 'keychain' }), copyText: () => undefined, policy: () => ({ ...defaultAppPolicy, ...policy }), showDeviceCode: (shown) => steps.push(shown), now: () => 0, throwAway: { onlyHere: () => ({ mine: nothingOnlyHere, others: nothingOnlyHere }) } });
}

describe('signing in on another device', () => {
  it('shows the code while it counts, and answers when the cache has followed', async () => {
    const steps: unknown[] = [];
    const handlers = handlersOf({ signInWithDeviceCode: async (onCode) => { onCode(code); return signedOut; } }, steps);
    expect(await handlers['session.signInWithDeviceCode'](undefined)).toBe(signedOut);
    expect(steps).toEqual([code, 'settled', null]);
  });

  it('takes the code away when it comes to nothing', async () => {
    const steps: unknown[] = [];
    const handlers = handlersOf({ signInWithDeviceCode: async (onCode) => { onCode(code); throw failure('login.cancelled'); } }, steps);
    await expect(handlers['session.signInWithDeviceCode'](undefined)).rejects.toMatchObject({ error: { code: 'login.cancelled' } });
    expect(steps).toEqual([code, null]);
  });
});

it('signs out everywhere and says whether the provider was asked', async () => {
  const steps: unknown[] = [];
  const handlers = handlersOf({ signOutEverywhere: async () => ({ state: signedOut, providerPageOpened: false }) }, steps);
  expect(await handlers['session.signOutEverywhere'](undefined)).toEqual({ state: signedOut, providerPageOpened: false });
  expect(steps).toEqual(['settled']);
});

it('does not begin a session that only memory could keep where the administration does not allow that', async () => {
  const inMemory: SessionState = { status: 'signedOut', persistence: { kind: 'memory', cause: 'absent' } };
  const begun: string[] = [];
  const session: Partial<Workspace['session']> = {
    state: () => inMemory, signIn: async () => { begun.push('browser'); return inMemory; }, signInWithDeviceCode: async () => { begun.push('device'); return inMemory; },
  };
  const refusing = handlersOf(session, [], { 'session.withoutKeychain': false });
  await expect(refusing['session.signIn'](undefined)).rejects.toMatchObject({ error: { code: 'policy.forbidden', messageKey: 'errors.policy.withoutKeychain' } });
  await expect(refusing['session.signInWithDeviceCode'](undefined)).rejects.toMatchObject({ error: { code: 'policy.forbidden' } });
  expect(begun).toEqual([]);
  await handlersOf(session, [])['session.signIn'](undefined);
  expect(begun).toEqual(['browser']);
});

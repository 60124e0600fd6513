import { describe, expect, it } from 'vitest';
import type { SessionState } from '../../../shared/domain/session.ts';
import type { DeviceCode } from '../../../shared/ipc/calls/session.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Workspace } from '../../workspace.ts';
import { sessionHandlers } from './session.ts';

const code: DeviceCode = { userCode: 'ABCD-EFGH', verificationUri: 'https://id.example/device', verificationUriComplete: null, expiresAt: 1_000 };
const signedOut: SessionState = { status: 'signedOut', persistence: { kind: 'keychain' } };

function handlersOf(session: Partial<Workspace['session']>, steps: unknown[]) {
  const workspace = { session, settled: async () => { steps.push('settled'); } } as unknown as Workspace;
  return sessionHandlers({ workspace: async () => workspace, persistence: async () => ({ kind: 'keychain' }), copyText: () => undefined, showDeviceCode: (shown) => steps.push(shown), now: () => 0 });
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

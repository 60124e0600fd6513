import { expect, it } from 'vitest';
import type { Account, SessionState } from '../../shared/domain/session.ts';
import { accountAfter } from './session.ts';

const account = (id: string): Account => ({ id, subject: id, userName: id, displayName: id, email: null, tenantId: null, roles: [], scopes: [], scopeSource: 'token' });
const persistence = { kind: 'keychain' } as const;
const signedIn = (id: string): SessionState => ({ status: 'signedIn', account: account(id), persistence, confirmedAt: null, needsSignIn: false });

it('keeps whose work is on screen while the sign-in is renewed, and drops it when signed out', () => {
  const signingIn: SessionState = { status: 'signingIn', since: 1, persistence };
  expect(accountAfter(account('a'), signingIn)?.id).toBe('a');
  expect(accountAfter(null, signingIn)).toBeNull();
  expect(accountAfter(account('a'), { status: 'signedOut', persistence })).toBeNull();
  expect(accountAfter(account('a'), signedIn('b'))?.id).toBe('b');
});

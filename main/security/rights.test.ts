import { describe, expect, it } from 'vitest';
import type { Account } from '../../shared/domain/session.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { canAct, canRead, mustAct, mustRead } from './rights.ts';

const account = (roles: Account['roles'], scopes: Account['scopes'] = []): Account => ({ id: 'a', userName: 'a', displayName: 'A', email: null, tenant: null, roles, scopes, scopeSource: 'token', confirmedAt: 0 } as unknown as Account);

describe('rights in the security centre', () => {
  it('let administrators act, auditors read, and nobody else', () => {
    expect([account(['admin'], ['admin:all']), account(['auditor']), account(['sales'], ['sales:read'])].map((one) => [canRead(one), canAct(one)])).toEqual([[true, true], [true, false], [false, false]]);
  });
  it('refuse with the missing scope', () => {
    expect(() => mustAct(account(['auditor']))).toThrow(AppFailure);
    expect(() => mustRead(account(['sales']))).toThrow(AppFailure);
    expect(() => mustRead(account(['auditor']))).not.toThrow();
  });
});

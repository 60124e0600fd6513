import { describe, expect, it } from 'vitest';
import { daysFor, inventory, longestOverlapMs, type KeptSecret, type ServerSecret } from './secret.ts';

const now = Date.UTC(2026, 10, 27, 12);
const day = 86_400_000;
const secret = (name: string, kind: ServerSecret['kind'], daysAgo: number, more: Partial<ServerSecret> = {}): ServerSecret => ({ name, kind, provider: null, owner: null, createdAt: now - 400 * day, rotatedAt: now - daysAgo * day, dueAt: null, isOverlapping: false, overlapSince: null, ...more });
const kept = (name: string, more: Partial<KeptSecret> = {}): KeptSecret => ({ name, kind: 'database', provider: '', owner: 'IT', rotatedAt: null, note: '', by: 'admin', at: now, ...more });

describe('the inventory of secrets', () => {
  it('knows the rules: monthly, per provider, quarterly', () => {
    expect([daysFor('jwt', 'x'), daysFor('oidc', 'Microsoft Entra ID'), daysFor('oidc', 'Keycloak 26'), daysFor('oidc', null), daysFor('database', 'entra')]).toEqual([31, 180, 90, 90, 92]);
  });

  it('puts what is overdue first, then what is under way, due soon, unknown, and good', () => {
    const rows = inventory([secret('good', 'database', 1), secret('soon', 'jwt', 28), secret('never', 'other', 0, { rotatedAt: null, createdAt: null }), secret('overlap', 'jwt', 1, { isOverlapping: true, overlapSince: now }), secret('older', 'jwt', 60), secret('old', 'jwt', 31)], [], now);
    expect(rows.map(({ name, state }) => `${name} ${state}`)).toEqual(['older overdue', 'old overdue', 'overlap overlap', 'soon soon', 'never unknown', 'good good']);
  });

  it('takes the stricter of rule and server, and the creation where nothing was ever rotated', () => {
    expect(inventory([secret('a', 'database', 10, { dueAt: now + day })], [], now)[0]).toMatchObject({ dueAt: now + day, state: 'soon' });
    expect(inventory([secret('a', 'database', 10, { dueAt: now + 900 * day })], [], now)[0]).toMatchObject({ dueAt: now + 82 * day });
    expect(inventory([secret('a', 'jwt', 0, { rotatedAt: null })], [], now)[0]).toMatchObject({ state: 'overdue' });
  });

  it('does not wait longer for a rotation that is dated ahead', () => {
    expect(inventory([secret('a', 'jwt', -300)], [], now)[0]).toMatchObject({ rotatedAt: now, dueAt: now + 31 * day });
    expect(inventory([], [kept('b', { rotatedAt: now + 300 * day })], now)[0]).toMatchObject({ dueAt: now + 92 * day });
  });

  it('adds the owner that was entered here, and what the server does not know', () => {
    const rows = inventory([secret('db', 'database', 1, { owner: 'server says' })], [kept('db'), kept('smtp', { rotatedAt: now - 100 * day }), kept('gone')], now);
    expect(rows.map(({ name, owner, isOwnOwner, origin, state, attestedBy }) => [name, owner, isOwnOwner, origin, state, attestedBy])).toEqual([['smtp', 'IT', true, 'local', 'overdue', 'admin'], ['db', 'IT', true, 'server', 'good', null]]);
  });

  it('marks an overlap that nobody has ended', () => {
    const overlap = (ms: number) => inventory([secret('a', 'jwt', 1, { isOverlapping: true, overlapSince: now - ms })], [], now)[0]?.isOverlapLong;
    expect([overlap(longestOverlapMs), overlap(longestOverlapMs + 1)]).toEqual([false, true]);
  });
});

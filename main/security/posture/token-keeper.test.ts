import { expect, it } from 'vitest';
import { TokenKeeper } from './token-keeper.ts';

const minute = 60_000;
const token = (endsAtMs: number, name = ''): string => `h.${Buffer.from(JSON.stringify({ exp: endsAtMs / 1000, name })).toString('base64url')}.s`;

it('gives a token only when no tolerance of a server covers it any more', () => {
  const keeper = new TokenKeeper();
  keeper.see(token(10 * minute));
  expect(keeper.expired(10 * minute)).toBeNull();
  expect(keeper.expired(15 * minute - 1)).toBeNull();
  expect(keeper.expired(15 * minute)).toBe(token(10 * minute));
});

it('keeps few, the one that is over among them, and none after the lock', () => {
  const keeper = new TokenKeeper();
  for (let at = 10; at <= 100; at += 10) keeper.see(token(at * minute));
  expect(keeper.expired(16 * minute)).toBe(token(10 * minute));
  expect(keeper.expired(200 * minute)).toBe(token(100 * minute));
  keeper.forget();
  expect(keeper.expired(200 * minute)).toBeNull();
});

it('takes nothing whose end it cannot read', () => {
  const keeper = new TokenKeeper();
  keeper.see('opaque');
  keeper.see('a.b.c');
  expect(keeper.expired(Number.MAX_SAFE_INTEGER)).toBeNull();
});

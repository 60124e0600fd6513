import { generateKeyPairSync, randomBytes, type JsonWebKey } from 'node:crypto';
import { metaValue, setMeta, type Db } from '../db.ts';

export type SigningKey = JsonWebKey & { kid: string; alg: string; use: string };

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
}

/** The provider's signing keys, newest first; kept in the database so that tokens stay valid over a restart. */
export function signingKeys(db: Db): SigningKey[] {
  return JSON.parse(metaValue(db, 'jwks', () => JSON.stringify([newKey()]))) as SigningKey[];
}

/**
 * Puts a new key first.
 * @param keepOld true keeps the old keys published, as a careful rotation does; false makes every issued token unverifiable.
 */
export function rotateSigningKeys(db: Db, keepOld: boolean): void {
  setMeta(db, 'jwks', JSON.stringify([newKey(), ...(keepOld ? signingKeys(db) : [])]));
}

/** Only the newest key is left: what older ones have signed is not accepted any more. */
export const dropOldSigningKeys = (db: Db): void => setMeta(db, 'jwks', JSON.stringify(signingKeys(db).slice(0, 1)));

/** The newest key goes and the one before signs again. Nothing happens while there is only one. */
export function dropNewSigningKey(db: Db): void {
  const keys = signingKeys(db);
  if (keys.length > 1) setMeta(db, 'jwks', JSON.stringify(keys.slice(1)));
}

const newCookieSecret = (): string => randomBytes(32).toString('base64url');

/** Secrets of the provider's cookies: the first signs, all are accepted. */
export function cookieSecrets(db: Db): string[] {
  const stored = metaValue(db, 'cookie-secret', newCookieSecret);
  return stored.startsWith('[') ? (JSON.parse(stored) as string[]) : [stored];
}

/** A new secret first; the old one stays until {@link keepCookieSecrets} drops it. */
export const addCookieSecret = (db: Db): void => setMeta(db, 'cookie-secret', JSON.stringify([newCookieSecret(), ...cookieSecrets(db)]));

/** Leaves the newest or the oldest of the provider's cookie secrets. */
export const keepCookieSecrets = (db: Db, which: 'newest' | 'oldest'): void => setMeta(db, 'cookie-secret', JSON.stringify(which === 'newest' ? cookieSecrets(db).slice(0, 1) : cookieSecrets(db).slice(-1)));

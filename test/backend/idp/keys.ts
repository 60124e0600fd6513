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

/** Secret that signs the provider's cookies. */
export const cookieSecret = (db: Db): string => metaValue(db, 'cookie-secret', () => randomBytes(32).toString('base64url'));

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeWhole } from './files.ts';

/**
 * A small file beside the database that tells a wrong key from a damaged file: both look alike to SQLite, but a wrong key
 * must never cost data. It holds a random salt, an HMAC-SHA-256 under the key, and a checksum over both, so that a damaged
 * check is never taken for a wrong key. A 256-bit random key cannot be guessed from it.
 */
const saltBytes = 16;
const tagBytes = 32;
const sumBytes = 8;

export const keyCheckPath = (path: string): string => `${path}.keycheck`;

const tagOf = (key: Uint8Array, salt: Uint8Array): Buffer => createHmac('sha256', key).update('valeo database key check').update(salt).digest();
const sumOf = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest().subarray(0, sumBytes);

/** @returns `unknown` when there is no check or it is damaged itself. */
export function checkKey(path: string, key: Uint8Array): 'right' | 'wrong' | 'unknown' {
  let file: Buffer;
  try {
    file = readFileSync(keyCheckPath(path));
  } catch {
    return 'unknown';
  }
  const body = file.subarray(0, saltBytes + tagBytes);
  if (file.length !== saltBytes + tagBytes + sumBytes || !sumOf(body).equals(file.subarray(saltBytes + tagBytes))) return 'unknown';
  return timingSafeEqual(tagOf(key, body.subarray(0, saltBytes)), body.subarray(saltBytes)) ? 'right' : 'wrong';
}

export function writeKeyCheck(path: string, key: Uint8Array): void {
  const salt = randomBytes(saltBytes);
  const body = Buffer.concat([salt, tagOf(key, salt)]);
  writeWhole(keyCheckPath(path), Buffer.concat([body, sumOf(body)]));
}

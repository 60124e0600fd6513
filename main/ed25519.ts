import { createPublicKey, verify } from 'node:crypto';
import type { VerifySignature } from '../shared/audit/note.ts';

/** An Ed25519 key as SubjectPublicKeyInfo is these bytes and the key (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Checks an Ed25519 signature (RFC 8032) with a raw public key of 32 bytes; what is no key has signed nothing. */
export const verifyEd25519: VerifySignature = (publicKey, message, signature) => {
  try {
    return verify(null, message, createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
};

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { noteKey, signatureTypes, type MakeSignature, type NoteKey } from '../../shared/audit/note.ts';
import type { SecretStore } from '../secrets/store.ts';

/** This computer's key: it signs evidence, cosigns checkpoints and, where the server signs nothing, what was read. */
export type DeviceKey = { note: NoteKey; cosigner: NoteKey; sign: MakeSignature };

const entryName = 'device.audit';

function open(secret: KeyObject): DeviceKey {
  const publicKey = Uint8Array.from(createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32));
  const name = `device/${Buffer.from(publicKey.subarray(0, 6)).toString('hex')}`;
  return {
    note: noteKey(name, signatureTypes.ed25519, publicKey),
    // The same key under another type: the messages differ in their first line, so neither signature passes for the other.
    cosigner: noteKey(name, signatureTypes.cosignature, publicKey),
    sign: (message) => Uint8Array.from(sign(null, message, secret)),
  };
}

/**
 * The key from the keychain, made at the first use. Without a keychain it lives as long as the session, like everything there.
 * @throws AppFailure keychain.* when the store cannot be read or written.
 */
export async function openDeviceKey(store: SecretStore): Promise<DeviceKey> {
  const stored = await store.get(entryName);
  if (stored !== null) return open(createPrivateKey({ key: Buffer.from(stored, 'base64'), format: 'der', type: 'pkcs8' }));
  const fresh = generateKeyPairSync('ed25519').privateKey;
  await store.set(entryName, fresh.export({ format: 'der', type: 'pkcs8' }).toString('base64'));
  return open(fresh);
}

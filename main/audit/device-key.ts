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

/** Where the encrypted cache keeps its copy. */
export type DeviceKeyCopy = { get(): Promise<string | null>; put(secret: string): Promise<unknown> };

const opened = (secret: string): DeviceKey => open(createPrivateKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'pkcs8' }));

/**
 * The key that this cache was begun with: its copy lies in the cache itself, so that it comes back with the cache's own key slots. With
 * the keychain alone, a keychain that was lost would make another witness of the same computer, and an alarm of it. A new cache takes
 * the key from the keychain, where it is made at the first use; without a keychain it lives as long as the session.
 * @throws AppFailure keychain.* when the store cannot be read or written, database.*
 */
export async function openDeviceKey(store: SecretStore, copy: DeviceKeyCopy): Promise<DeviceKey> {
  const kept = await copy.get();
  if (kept !== null) return opened(kept);
  const stored = await store.get(entryName);
  const secret = stored ?? generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  if (stored === null) await store.set(entryName, secret);
  await copy.put(secret);
  return opened(secret);
}

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { metaValue, setMeta, type Db } from '../db.ts';

/** Signature type of plain Ed25519 in C2SP signed-note. */
const ed25519Type = 0x01;

export type CheckpointSigner = {
  origin: string;
  /** The public key as `name+id+base64` (C2SP signed-note, verifier keys). */
  verifierKey(): string;
  /** C2SP tlog-checkpoint as a signed note. */
  sign(size: number, root: Buffer): string;
  /** From now on another key signs, as after a theft or behind the owner's back. */
  swapKey(): void;
};

const newKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** The key of the server's audit log. It survives a restart with `--data`. */
export function createSigner(db: Db): CheckpointSigner {
  const origin = metaValue(db, 'audit_origin', () => `neuroerp.example/audit/${randomBytes(4).toString('hex')}`);
  let key: KeyObject = createPrivateKey(metaValue(db, 'audit_key', newKey));
  const publicBytes = (): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  const typed = (): Buffer => Buffer.concat([Buffer.of(ed25519Type), publicBytes()]);
  const keyId = (): Buffer => createHash('sha256').update(`${origin}\n`).update(typed()).digest().subarray(0, 4);

  return {
    origin,
    verifierKey: () => `${origin}+${keyId().toString('hex')}+${typed().toString('base64')}`,
    sign: (size, root) => {
      const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
      const signature = Buffer.concat([keyId(), sign(null, Buffer.from(text, 'utf8'), key)]);
      return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
    },
    swapKey: () => {
      const pem = newKey();
      setMeta(db, 'audit_key', pem);
      key = createPrivateKey(pem);
    },
  };
}

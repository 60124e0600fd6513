import { concat, fromBase64, fromHex, toBase64, toHex, utf8 } from './bytes.ts';
import { sha256 } from './sha256.ts';

/** C2SP signed-note (https://c2sp.org/signed-note): a text signed by one or more keys. */

/** Ed25519 of RFC 8032; the platform does it. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
export type MakeSignature = (message: Uint8Array) => Uint8Array;

/** Signature types that we use: Ed25519 over the text, and the timestamped cosignature of c2sp.org/tlog-cosignature. */
export const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const;

/** A public key under a name (C2SP signed-note, verifier keys). */
export type NoteKey = { name: string; id: string; type: number; publicKey: Uint8Array };

export type NoteSignature = { name: string; /** Eight hex digits. */ id: string; signature: Uint8Array };
export type Note = { /** With its last newline. */ text: string; signatures: NoteSignature[] };

const keyLength = 32;
const signatureLimit = 64;
const namePattern = /^[^\s+\p{Z}\p{Cc}]{1,255}$/u;

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), as hex. */
export const keyId = (name: string, type: number, publicKey: Uint8Array): string =>
  toHex(sha256(concat(utf8(`${name}\n`) ?? new Uint8Array(0), Uint8Array.of(type), publicKey)).subarray(0, 4));

export const noteKey = (name: string, type: number, publicKey: Uint8Array): NoteKey => ({ name, id: keyId(name, type, publicKey), type, publicKey });

/** `name+id+base64(type ‖ key)`. */
export const formatKey = ({ name, id, type, publicKey }: NoteKey): string => `${name}+${id}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;

/** @returns null for anything but a key of a type we use whose id fits. */
export function parseKey(text: string): NoteKey | null {
  const [name = '', id = '', ...rest] = text.split('+');
  const typed = fromBase64(rest.join('+'));
  const type = typed?.[0];
  if (typed === null || type === undefined || typed.length !== 1 + keyLength || !namePattern.test(name)) return null;
  if (type !== signatureTypes.ed25519 && type !== signatureTypes.cosignature) return null;
  const key = noteKey(name, type, typed.subarray(1));
  return key.id === id ? key : null;
}

const line = ({ name, id, signature }: NoteSignature): string => `— ${name} ${toBase64(concat(fromHex(id) ?? new Uint8Array(0), signature))}\n`;

export const formatNote = ({ text, signatures }: Note): string => `${text}\n${signatures.map(line).join('')}`;

/** Reads a note without believing it. @returns null when it is none: control characters, a missing end, broken signature lines. */
export function parseNote(note: string): Note | null {
  // oxlint-disable-next-line no-control-regex -- the format forbids exactly these
  if (utf8(note) === null || /[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith('\n')) return null;
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return null;
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > signatureLimit) return null;
  const signatures: NoteSignature[] = [];
  for (const one of lines) {
    const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(one) ?? [];
    const bytes = fromBase64(encoded);
    if (bytes === null || bytes.length < 5 || !namePattern.test(name)) return null;
    signatures.push({ name, id: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) });
  }
  return { text: note.slice(0, split + 1), signatures };
}

/** Signs a text. @param text ends with a newline */
export function signText(text: string, key: NoteKey, sign: MakeSignature): NoteSignature {
  const bytes = utf8(text);
  if (bytes === null || !text.endsWith('\n')) throw new RangeError('a note is well-formed text that ends with a newline');
  return { name: key.name, id: key.id, signature: sign(bytes) };
}

/** What a cosigner says; {@link cosign}. */
export type Cosignature = { key: NoteKey; /** Epoch seconds. */ at: number };

export type OpenedNote = { text: string; signedBy: NoteKey[]; cosignedBy: Cosignature[] };
export type NoteRefusal = 'format' | 'key' | 'signature';

const cosignedMessage = (text: string, seconds: number): string => `cosignature/v1\ntime ${seconds}\n${text}`;

function bigEndian(seconds: number): Uint8Array {
  const bytes = new Uint8Array(8);
  for (let at = 7, rest = seconds; at >= 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

/** c2sp.org/tlog-cosignature, Ed25519: "as of this time the largest consistent tree I have seen has this root". */
export function cosign(text: string, seconds: number, key: NoteKey, sign: MakeSignature): NoteSignature {
  const { signature } = signText(cosignedMessage(text, seconds), key, sign);
  return { name: key.name, id: key.id, signature: concat(bigEndian(seconds), signature) };
}

function verifyOne(text: string, { signature }: NoteSignature, key: NoteKey, verify: VerifySignature): Cosignature | null {
  const isCosignature = key.type === signatureTypes.cosignature;
  if (signature.length !== (isCosignature ? 72 : 64)) return null;
  const at = isCosignature ? signature.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0) : 0;
  if (!Number.isSafeInteger(at)) return null;
  const message = utf8(isCosignature ? cosignedMessage(text, at) : text);
  return message !== null && verify(key.publicKey, message, isCosignature ? signature.subarray(8) : signature) ? { key, at } : null;
}

/**
 * The text of a note, if at least one trusted key has signed it. Signatures of others are ignored, as the format demands; one
 * of a trusted key that is wrong spoils the note.
 * @param cosigners keys whose cosignature is checked where it is there, but which do not make the note trusted
 */
export function openNote(note: string, trusted: readonly NoteKey[], verify: VerifySignature, cosigners: readonly NoteKey[] = []): OpenedNote | NoteRefusal {
  const parsed = parseNote(note);
  if (parsed === null) return 'format';
  const opened: OpenedNote = { text: parsed.text, signedBy: [], cosignedBy: [] };
  for (const signature of parsed.signatures) {
    const matches = ({ name, id }: NoteKey): boolean => name === signature.name && id === signature.id;
    const key = trusted.find(matches) ?? cosigners.find(matches);
    if (key === undefined) continue;
    const good = verifyOne(parsed.text, signature, key, verify);
    if (good === null) return 'signature';
    if (key.type === signatureTypes.cosignature) opened.cosignedBy.push(good);
    else opened.signedBy.push(key);
  }
  return trusted.some((key) => opened.signedBy.includes(key)) ? opened : 'key';
}

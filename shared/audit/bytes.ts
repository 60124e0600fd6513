/** Bytes and their texts, strict both ways: whatever has two spellings is refused, or a forger could choose between them. */

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextet = new Map(letters.split('').map((letter, value) => [letter, value]));

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const equalBytes = (left: Uint8Array, right: Uint8Array): boolean => left.length === right.length && left.every((byte, at) => byte === right[at]);

/** UTF-8. @returns null for a text with a lone surrogate, which has no bytes: replacing it would give two texts the same hash. */
export function utf8(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code >= 0xd800 && code < 0xe000) return null;
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

export const toHex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Lower-case hex of whole bytes. @returns null for anything else. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Standard Base 64 (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    text += `${letters[a >> 2]}${letters[((a & 3) << 4) | (b >> 4)]}${left > 1 ? letters[((b & 15) << 2) | (c >> 6)] : '='}${left > 2 ? letters[c & 63] : '='}`;
  }
  return text;
}

/** @returns null unless the text is exactly what {@link toBase64} writes: padded, without spaces, unused bits zero. */
export function fromBase64(text: string): Uint8Array | null {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let out = 0;
  for (let at = 0; at < text.length; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = text.slice(at, at + 4).split('').map((letter) => sextet.get(letter) ?? 0);
    for (const byte of [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d]) if (out < bytes.length) bytes[out++] = byte;
  }
  // The one check there is: whatever else the text may be, this is not how these bytes are written.
  return toBase64(bytes) === text ? bytes : null;
}

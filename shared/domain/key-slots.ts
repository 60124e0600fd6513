import { z } from 'zod';

/**
 * The recovery key as people see it: 160 random bits in Crockford's base32, eight groups of four characters, each followed
 * by a check character of its own: `7H2KD-…`. A typing error is found and placed before anything is derived from it.
 */
export const recoveryKeyBytes = 20;
export const recoveryGroups = 8;

/** Without I, L, O and U: nothing in it looks like something else on paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const dataPerGroup = 4;

/** Times x in GF(32), the field with 32 elements (x^5 + x^2 + 1). */
const timesX = (value: number): number => ((value << 1) ^ (value & 16 ? 37 : 0)) & 31;

/**
 * Each position has a weight of its own and the group's number takes part, so every single wrong character, every swap
 * of two neighbours and every swap of two whole groups is noticed.
 */
function checkOf(data: readonly number[], group: number): number {
  return data.reduce((sum, value) => timesX(sum ^ value), group);
}

/** @param bytes the 20 bytes of the key. @returns eight groups of five characters joined by hyphens. */
export function formatRecoveryKey(bytes: Uint8Array): string {
  if (bytes.length !== recoveryKeyBytes) throw new RangeError('a recovery key has 20 bytes');
  const values: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      values.push((buffer >> bits) & 31);
    }
    buffer &= (1 << bits) - 1;
  }
  return Array.from({ length: recoveryGroups }, (_, group) => {
    const data = values.slice(group * dataPerGroup, (group + 1) * dataPerGroup);
    return [...data, checkOf(data, group)].map((value) => alphabet[value]).join('');
  }).join('-');
}

/** What was typed: the key, or where the first mistake is (`group` counts from 1). */
export type ParsedRecoveryKey = { ok: true; bytes: Uint8Array } | { ok: false; mistake: 'length' } | { ok: false; mistake: 'group'; group: number };

/** Reads what a person typed: any case, any blanks and dashes, O for 0, I and L for 1. */
export function parseRecoveryKey(text: string): ParsedRecoveryKey {
  const plain = text.toUpperCase().replace(/[\s\p{Pd}._]/gu, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (plain.length !== recoveryGroups * (dataPerGroup + 1)) return { ok: false, mistake: 'length' };
  const bytes = new Uint8Array(recoveryKeyBytes);
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (let group = 0; group < recoveryGroups; group++) {
    const start = group * (dataPerGroup + 1);
    const values = Array.from({ length: dataPerGroup + 1 }, (_, index) => alphabet.indexOf(plain.charAt(start + index)));
    const data = values.slice(0, dataPerGroup);
    if (values.includes(-1) || checkOf(data, group) !== values[dataPerGroup]) {
      bytes.fill(0);
      return { ok: false, mistake: 'group', group: group + 1 };
    }
    for (const value of data) {
      buffer = (buffer << 5) | value;
      bits += 5;
      if (bits < 8) continue;
      bits -= 8;
      bytes[at++] = buffer >> bits;
      buffer &= (1 << bits) - 1;
    }
  }
  return { ok: true, bytes };
}

/** What the screen may know of an account's recovery key: never the key. */
export const recoveryStatusSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('none') }),
  /** Epoch milliseconds; `checkedAt` is when somebody last typed it in and it fitted, null until then. */
  z.object({ status: z.literal('present'), createdAt: z.number(), checkedAt: z.number().nullable() }),
  /** The file is there and cannot be used; a new recovery key replaces it. */
  z.object({ status: z.literal('damaged') }),
  /** Written by a later version of this program, which must not be overwritten. */
  z.object({ status: z.literal('newer') }),
]);
export type RecoveryStatus = z.infer<typeof recoveryStatusSchema>;

import { hash } from 'node:crypto';
import { hashLength } from '../../../shared/audit/merkle.ts';

/**
 * The bytes of up to 256 entries in one blob: their ends as 32-bit numbers, then for each the prefix 0x00 of RFC 6962 and its
 * bytes. With the prefix in place every leaf is hashed where it lies, without a copy.
 */
export function packEntries(entries: readonly Uint8Array[]): Buffer {
  const head = 4 + 4 * entries.length;
  const packed = Buffer.alloc(head + entries.reduce((sum, bytes) => sum + 1 + bytes.length, 0));
  packed.writeUInt32LE(entries.length, 0);
  let at = head;
  entries.forEach((bytes, index) => {
    packed.set(bytes, at + 1);
    at += 1 + bytes.length;
    packed.writeUInt32LE(at, 4 + 4 * index);
  });
  return packed;
}

export const countOf = (packed: Uint8Array): number => new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);

const startOf = (packed: Buffer, index: number): number => (index === 0 ? 4 + 4 * packed.readUInt32LE(0) : packed.readUInt32LE(4 * index));
const endOf = (packed: Buffer, index: number): number => packed.readUInt32LE(4 + 4 * index);

export const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const entryText = (packed: Buffer, index: number): string => packed.toString('utf8', startOf(packed, index) + 1, endOf(packed, index));
export const entryBytes = (packed: Buffer, index: number): Buffer => packed.subarray(startOf(packed, index) + 1, endOf(packed, index));

/** Leaf hashes of all packed entries, one after the other. */
export function hashEntries(packed: Buffer): Buffer {
  const count = packed.readUInt32LE(0);
  const leaves = Buffer.allocUnsafe(count * hashLength);
  let start = 4 + 4 * count;
  for (let index = 0; index < count; index++) {
    const end = packed.readUInt32LE(4 + 4 * index);
    // As a string of bytes: the platform hands those over faster than a buffer for each.
    leaves.write(hash('sha256', packed.subarray(start, end), 'binary'), index * hashLength, hashLength, 'binary');
    start = end;
  }
  return leaves;
}

/**
 * SHA-256 (FIPS 180-4) in plain TypeScript, so that proofs can be checked wherever this code runs. For single short inputs, as
 * the nodes of a tree are, it is as fast as a call into the platform; whoever hashes many long entries brings the platform's own.
 */

/** Whole parts fall away with the bits above the 32nd. */
const fraction = (root: number): number => (root * 2 ** 32) | 0;

/** Words of the message schedule, and rounds of one block. */
const blockWords = 64;

/** FIPS 180-4 sections 4.2.2 and 5.3.3: the first 32 bits of the fractions of cube and square roots of the first primes. */
const roundConstants = new Int32Array(blockWords);
const initial = new Int32Array(8);
for (let candidate = 2, found = 0; found < roundConstants.length; candidate++) {
  let isPrime = true;
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) isPrime = false;
  if (!isPrime) continue;
  // Only the first eight have a place there.
  initial[found] = fraction(Math.sqrt(candidate));
  roundConstants[found++] = fraction(Math.cbrt(candidate));
}

const schedule = new Int32Array(blockWords);
const state = new Int32Array(8);

/** Fills the schedule beyond its first 16 words. */
function expand(words: Int32Array): void {
  for (let at = 16; at < words.length; at++) {
    const x = words[at - 15] as number;
    const y = words[at - 2] as number;
    words[at] = ((words[at - 16] as number) + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3))
      + (words[at - 7] as number) + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0;
  }
}

/** 64 rounds over `words[from…]`, each already summed with its round constant. */
function rounds(words: Int32Array, from: number): void {
  let a = state[0] as number, b = state[1] as number, c = state[2] as number, d = state[3] as number;
  let e = state[4] as number, f = state[5] as number, g = state[6] as number, h = state[7] as number;
  for (let at = from; at < from + blockWords; at++) {
    const t1 = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + (g ^ (e & (f ^ g))) + (words[at] as number)) | 0;
    const t2 = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b)))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] = (state[0] as number) + a; state[1] = (state[1] as number) + b; state[2] = (state[2] as number) + c; state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e; state[5] = (state[5] as number) + f; state[6] = (state[6] as number) + g; state[7] = (state[7] as number) + h;
}

function addConstants(words: Int32Array): void {
  for (let at = 0; at < words.length; at++) words[at] = (words[at] as number) + (roundConstants[at] as number);
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);

function writeState(target: Uint8Array, at: number): void {
  for (let index = 0; index < state.length; index++) {
    const value = state[index] as number;
    target[at + 4 * index] = value >>> 24;
    target[at + 4 * index + 1] = value >>> 16;
    target[at + 4 * index + 2] = value >>> 8;
    target[at + 4 * index + 3] = value;
  }
}

/** SHA-256 of the data, 32 bytes. @param data less than 512 MB, so that its length in bits fits into the last word */
export function sha256(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((data.length + 9) / 64) * 64);
  padded.set(data);
  padded[data.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, data.length * 8);
  state.set(initial);
  for (let block = 0; block < padded.length; block += 64) {
    for (let at = 0; at < 16; at++) schedule[at] = word(padded, block + 4 * at);
    expand(schedule);
    addConstants(schedule);
    rounds(schedule, 0);
  }
  const digest = new Uint8Array(32);
  writeState(digest, 0);
  return digest;
}

/**
 * A node is 65 bytes: its second block holds one byte of them and the padding, so there are only 256 such blocks. Their
 * schedules are made once.
 */
const lastBlocks = new Int32Array(256 * blockWords);
for (let byte = 0; byte * blockWords < lastBlocks.length; byte++) {
  const words = lastBlocks.subarray(blockWords * byte, blockWords * byte + blockWords);
  words[0] = (byte << 24) | 0x80_00_00;
  words[15] = 65 * 8;
  expand(words);
  addConstants(words);
}

/**
 * RFC 6962 section 2.1: SHA-256(0x01 ‖ left ‖ right), read from and written into buffers so that a million of them make no garbage.
 * @param left where the 32 bytes of the left hash begin in `source`; `right` likewise
 */
export function hashNodeInto(source: Uint8Array, left: number, right: number, target: Uint8Array, at: number): void {
  schedule[0] = 0x01_00_00_00 | ((source[left] as number) << 16) | ((source[left + 1] as number) << 8) | (source[left + 2] as number);
  for (let index = 1; index < 8; index++) schedule[index] = word(source, left + 4 * index - 1);
  schedule[8] = ((source[left + 31] as number) << 24) | ((source[right] as number) << 16) | ((source[right + 1] as number) << 8) | (source[right + 2] as number);
  for (let index = 1; index < 8; index++) schedule[8 + index] = word(source, right + 4 * index - 1);
  const last = source[right + 31] as number;
  expand(schedule);
  addConstants(schedule);
  state.set(initial);
  rounds(schedule, 0);
  rounds(lastBlocks, blockWords * last);
  writeState(target, at);
}

import { Inflate } from 'fflate';
import { mostPixels, type Picture } from './findings.ts';

/** A file that is no picture of a kind we read. */
export class UnreadablePicture extends Error {}

const fail = (why: string): never => { throw new UnreadablePicture(why); };

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

type Header = { width: number; height: number; depth: number; colour: number; channels: number };

function readHeader(view: DataView, at: number): Header {
  const [width, height] = [view.getUint32(at), view.getUint32(at + 4)];
  const [depth, colour, interlace] = [view.getUint8(at + 8), view.getUint8(at + 9), view.getUint8(at + 12)];
  const channels = channelsOf[colour] ?? fail('colour type');
  if (width === 0 || height === 0 || width * height > mostPixels) fail('size');
  if (![1, 2, 4, 8, 16].includes(depth) || (depth < 8 && channels > 1) || (colour === 3 && depth === 16)) fail('depth');
  if (interlace !== 0) fail('interlaced');
  return { width, height, depth, colour, channels };
}

/** Unpacks at most `size` bytes: a small file that claims to hold gigabytes stops there. */
function inflate(parts: readonly Uint8Array[], size: number): Uint8Array {
  const out = new Uint8Array(size);
  let filled = 0;
  const stream = new Inflate((chunk) => {
    if (filled + chunk.length > size) fail('more pixels than the header says');
    out.set(chunk, filled);
    filled += chunk.length;
  });
  // The two bytes of the zlib header stand before the deflate stream, its checksum after it.
  let skip = 2;
  for (const part of parts) {
    const from = Math.min(skip, part.length);
    skip -= from;
    // In slices, so that the limit above is seen before a bomb has filled the memory.
    for (let at = from; at < part.length && filled < size; at += 4096) stream.push(part.subarray(at, at + 4096), false);
  }
  if (filled < size) fail('pixels missing');
  return out;
}

/** Undoes the five filters of RFC 2083 section 6, in place. */
function unfilter(raw: Uint8Array, height: number, stride: number, step: number): void {
  for (let y = 0; y < height; y++) {
    const row = y * (stride + 1);
    const filter = raw[row] ?? 0;
    if (filter > 4) fail('filter');
    for (let x = 0; x < stride; x++) {
      const at = row + 1 + x;
      const left = x >= step ? (raw[at - step] ?? 0) : 0;
      const up = y > 0 ? (raw[at - stride - 1] ?? 0) : 0;
      const corner = x >= step && y > 0 ? (raw[at - stride - 1 - step] ?? 0) : 0;
      const guess = filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : filter === 4 ? paeth(left, up, corner) : 0;
      raw[at] = ((raw[at] ?? 0) + guess) & 255;
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/**
 * Reads a PNG that is not interlaced (RFC 2083), over white where it is transparent.
 * @throws UnreadablePicture for anything else, whatever is wrong with it
 */
export function decodePng(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | null = null;
  let palette: Uint8Array = new Uint8Array(0);
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) fail('cut off');
    if (name === 'IHDR') header = length === 13 ? readHeader(view, at + 8) : fail('header');
    else if (name === 'PLTE') palette = bytes.subarray(at + 8, at + 8 + length);
    else if (name === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length));
    else if (name === 'IEND') break;
    at += 12 + length;
  }
  if (header === null) return fail('no header');
  const { width, height, depth, channels } = header;
  const stride = Math.ceil((width * channels * depth) / 8);
  const raw = inflate(parts, (stride + 1) * height);
  unfilter(raw, height, stride, Math.max(1, (channels * depth) >> 3));
  return { width, height, data: toRgba(raw, header, stride, palette) };
}

function toRgba(raw: Uint8Array, { width, height, depth, colour, channels }: Header, stride: number, palette: Uint8Array): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  const most = 2 ** Math.min(depth, 8) - 1;
  const sample = (row: number, index: number): number => {
    if (depth === 8) return raw[row + index] ?? 0;
    // Of 16 bits the upper eight are enough to tell black from white.
    if (depth === 16) return raw[row + index * 2] ?? 0;
    const bit = index * depth;
    return ((raw[row + (bit >> 3)] ?? 0) >> (8 - depth - (bit & 7))) & most;
  };
  for (let y = 0; y < height; y++) {
    const row = y * (stride + 1) + 1;
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const first = sample(row, x * channels);
      const grey = depth < 8 && colour !== 3 ? Math.round((first * 255) / most) : first;
      const [red, green, blue] = colour === 3
        ? [palette[first * 3] ?? 0, palette[first * 3 + 1] ?? 0, palette[first * 3 + 2] ?? 0]
        : channels >= 3 ? [first, sample(row, x * channels + 1), sample(row, x * channels + 2)] : [grey, grey, grey];
      const alpha = colour === 4 ? sample(row, x * channels + 1) : colour === 6 ? sample(row, x * channels + 3) : 255;
      const over = (value: number): number => 255 - ((255 - value) * alpha) / 255;
      data[at] = over(red);
      data[at + 1] = over(green);
      data[at + 2] = over(blue);
      data[at + 3] = 255;
    }
  }
  return data;
}

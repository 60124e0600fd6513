import { decodeQR } from 'qr/decode.js';
import type { Picture } from './findings.ts';

/** A larger picture is also tried at this size: noise of a photo goes, and so does most of the time. */
const comfortable = 1_600_000;

/** Half the width and height, each pixel the mean of four. */
function halve({ width, height, data }: Picture): Picture {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const from = (y * 2 * width + x * 2) * 4;
      for (let channel = 0; channel < 4; channel++) {
        const at = from + channel;
        out[(y * w + x) * 4 + channel] = ((data[at] ?? 0) + (data[at + 4] ?? 0) + (data[at + width * 4] ?? 0) + (data[at + width * 4 + 4] ?? 0)) >> 2;
      }
    }
  }
  return { width: w, height: h, data: out };
}

function tryOne(picture: Picture): string | null {
  try {
    const text = decodeQR(picture);
    return text === '' ? null : text;
  } catch {
    // Most pictures hold no code; that is no failure.
    return null;
  }
}

/** The text of the QR code in a picture, tried from a comfortable size up to its own; null when none can be read. */
export function readCode(picture: Picture): string | null {
  const sizes = [picture];
  while ((sizes[0]?.width ?? 0) * (sizes[0]?.height ?? 0) > comfortable) sizes.unshift(halve(sizes[0] as Picture));
  for (const size of sizes) {
    const text = tryOne(size);
    if (text !== null) return text;
  }
  return null;
}

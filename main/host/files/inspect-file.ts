import { createHash } from 'node:crypto';
import { mostPixels, type FileFindings } from './findings.ts';
import { jpegSize, pdfAround } from './jpeg.ts';
import { readPdf } from './pdf.ts';
import { decodePng, UnreadablePicture } from './png.ts';
import { readCode } from './read-codes.ts';

const startsWith = (bytes: Uint8Array, start: readonly number[], from = 0): boolean => start.every((byte, index) => bytes[from + index] === byte);

/** By its first bytes, never by its name. A PDF may have up to 1,024 bytes before its header. */
export function kindOf(bytes: Uint8Array): FileFindings['kind'] | null {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  for (let at = 0; at <= 1024 && at < bytes.length; at++) if (startsWith(bytes, [0x25, 0x50, 0x44, 0x46, 0x2d], at)) return 'pdf';
  return null;
}

/** What a dropped file holds. @throws whatever is wrong with it; runs in a worker of its own for that reason */
export async function inspectFile(bytes: Uint8Array): Promise<FileFindings> {
  const kind = kindOf(bytes);
  // Before the reader gets them: it may take the buffer over.
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (kind === 'png') {
    const code = readCode(decodePng(bytes));
    return { kind, sha256, pages: 1, codes: code === null ? [] : [code], addresses: [] };
  }
  if (kind === 'jpeg') {
    const size = jpegSize(bytes);
    if (size === null || size.width * size.height > mostPixels || size.width * size.height === 0) throw new UnreadablePicture('size');
    const { codes } = await readPdf(pdfAround(bytes, size));
    return { kind, sha256, pages: 1, codes, addresses: [] };
  }
  if (kind === 'pdf') return { kind, sha256, ...(await readPdf(bytes)) };
  throw new UnreadablePicture('no known kind');
}

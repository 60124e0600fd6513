import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join, normalize, isAbsolute } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/**
 * A small reader for zip archives. It exists because a fresh Debian has no `unzip`, and because most of the one archive
 * we open (tens of thousands of files) is to be left out, which general extractors do only after unpacking everything.
 */

type Entry = { name: string; method: number; crc: number; packed: number; size: number; offset: number; mode: number };

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;

export class ZipError extends Error {
  override name = 'ZipError';
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new ZipError('the archive ends too early');
  return buffer;
}

async function readEntries(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat();
  const tailLength = Math.min(size, 22 + 0xffff);
  const end = await readAt(file, size - tailLength, tailLength);
  let at = end.length - 22;
  while (at >= 0 && end.readUInt32LE(at) !== endSignature) at -= 1;
  if (at < 0) throw new ZipError('this is not a zip archive');
  const count = end.readUInt16LE(at + 10);
  const directory = await readAt(file, end.readUInt32LE(at + 16), end.readUInt32LE(at + 12));
  const entries: Entry[] = [];
  let position = 0;
  for (let index = 0; index < count; index += 1) {
    if (directory.readUInt32LE(position) !== entrySignature) throw new ZipError('the archive\'s directory is damaged');
    const nameLength = directory.readUInt16LE(position + 28);
    entries.push({
      name: directory.toString('utf8', position + 46, position + 46 + nameLength),
      method: directory.readUInt16LE(position + 10),
      crc: directory.readUInt32LE(position + 16),
      packed: directory.readUInt32LE(position + 20),
      size: directory.readUInt32LE(position + 24),
      offset: directory.readUInt32LE(position + 42),
      mode: directory.readUInt32LE(position + 38) >>> 16,
    });
    position += 46 + nameLength + directory.readUInt16LE(position + 30) + directory.readUInt16LE(position + 32);
  }
  return entries;
}

async function writeEntry(file: FileHandle, archive: string, entry: Entry, target: string): Promise<void> {
  const header = await readAt(file, entry.offset, 30);
  if (header.readUInt32LE(0) !== localSignature) throw new ZipError(`the archive is damaged at ${entry.name}`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  await mkdir(dirname(target), { recursive: true });
  const executable = (entry.mode & 0o111) !== 0;
  const sink = createWriteStream(target, { mode: executable ? 0o755 : 0o644 });
  const packed = entry.packed === 0 ? Readable.from([]) : createReadStream(archive, { start, end: start + entry.packed - 1 });
  let crc = 0;
  let size = 0;
  const check = async function* (source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of source) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      yield chunk;
    }
  };
  if (entry.method === 8) await pipeline(packed, createInflateRaw(), check, sink);
  else if (entry.method === 0) await pipeline(packed, check, sink);
  else throw new ZipError(`${entry.name} is packed with method ${entry.method}, which is not supported`);
  if (crc !== entry.crc || size !== entry.size) throw new ZipError(`${entry.name} is damaged in the archive`);
}

/**
 * Unpacks the entries that `select` maps to a relative path; those it maps to undefined are left out.
 * @throws ZipError when the archive is damaged or an entry would be written outside `folder`; the error of the file system otherwise
 */
export async function unzip(archive: string, folder: string, select: (name: string) => string | undefined): Promise<string[]> {
  const file = await open(archive, 'r');
  const written: string[] = [];
  try {
    for (const entry of await readEntries(file)) {
      if (entry.name.endsWith('/')) continue;
      const selected = select(entry.name);
      if (selected === undefined) continue;
      const relative = normalize(selected);
      if (isAbsolute(relative) || relative.split(/[\\/]/).includes('..')) throw new ZipError(`${entry.name} would be written outside the target folder`);
      await writeEntry(file, archive, entry, join(folder, relative));
      written.push(relative);
    }
  } finally {
    await file.close();
  }
  return written;
}

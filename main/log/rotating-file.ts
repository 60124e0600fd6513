import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type RotatingFileOptions = {
  path: string;
  /** Bytes of one file before it is put aside; 2 MB unless given. */
  maxBytes?: number;
  /** Files in all, the current one included; 5 unless given. */
  files?: number;
};

export type RotatingFile = {
  /** Appends one line; the line break is added here. Never throws: a log must not take the program down. */
  write(line: string): void;
  /** Lines that could not be written, for example because the disk is full. */
  dropped(): number;
  close(): void;
};

const numbered = (path: string, index: number): string => `${path}.${index}`;

/**
 * A log file that never grows beyond `maxBytes × files`. Writes are synchronous, so that the last lines before a crash
 * are on disk, and small, so that they do not hold the main thread up.
 */
export function openRotatingFile({ path, maxBytes = 2_000_000, files = 5 }: RotatingFileOptions): RotatingFile {
  let descriptor: number | null = null;
  let size = 0;
  let droppedLines = 0;

  function open(): number {
    mkdirSync(dirname(path), { recursive: true });
    // Readable by its owner only: even redacted lines say who worked on what.
    const opened = openSync(path, 'a', 0o600);
    size = fstatSync(opened).size;
    return opened;
  }

  function rotate(): void {
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
    rmSync(numbered(path, files - 1), { force: true });
    for (let index = files - 2; index >= 1; index--) {
      if (existsSync(numbered(path, index))) renameSync(numbered(path, index), numbered(path, index + 1));
    }
    if (files > 1) renameSync(path, numbered(path, 1));
    else rmSync(path, { force: true });
    descriptor = open();
  }

  return {
    write(line) {
      const bytes = Buffer.from(`${line}\n`, 'utf8');
      try {
        descriptor ??= open();
        if (size > 0 && size + bytes.length > maxBytes) rotate();
        writeSync(descriptor, bytes);
        size += bytes.length;
      } catch {
        droppedLines++;
      }
    },
    dropped: () => droppedLines,
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

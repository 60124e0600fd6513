import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';

/** What the file system said, as an error for people. The folder is named: the person chose it. */
export function fileFailure(error: unknown, file: string): AppFailure {
  if (error instanceof AppFailure) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const params = { file: path.basename(file), folder: path.dirname(file), reason: code };
  return code === 'ENOSPC' || code === 'EDQUOT' ? failure('file.diskFull', { params }, error) : failure('file.notWritten', { params }, error);
}

/** The name of a file while it is written: in the same folder, or the rename would be a copy, and never the same twice. */
export const passingName = (file: string): string => path.join(path.dirname(file), `.${path.basename(file).slice(0, 100)}.${randomUUID().slice(0, 8)}.part`);

/**
 * A file that appears under its name only when it is whole: written beside under a passing name, flushed, then renamed. Whatever
 * ends it earlier (cancel, full disk, crash) leaves at most the passing name, and an older file of that name untouched.
 */
export class OutputFile {
  readonly #path: string;
  readonly #beside: string;
  #handle: FileHandle | null = null;

  private constructor(file: string, beside: string) {
    this.#path = file;
    this.#beside = beside;
  }

  /** @param beside its passing name, where somebody else may have to clean up @throws AppFailure file.notWritten, file.diskFull */
  static async create(file: string, beside: string = passingName(file)): Promise<OutputFile> {
    const output = new OutputFile(file, beside);
    await output.#guarded(async () => { output.#handle = await open(output.#beside, 'wx', 0o600); });
    return output;
  }

  /** @throws AppFailure file.diskFull, file.notWritten; nothing is left behind then. */
  write(chunk: Uint8Array): Promise<void> {
    return this.#guarded(async () => {
      let offset = 0;
      while (offset < chunk.length) offset += (await this.#open().write(chunk, offset, chunk.length - offset)).bytesWritten;
    });
  }

  /** Makes the file visible under its name. @throws as write */
  finish(): Promise<void> {
    return this.#guarded(async () => {
      await this.#open().sync();
      await this.#open().close();
      this.#handle = null;
      await rename(this.#beside, this.#path);
    });
  }

  /** Removes what was written so far. Never throws: it runs where something else has failed already. */
  async discard(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close().catch(() => undefined);
    await rm(this.#beside, { force: true }).catch(() => undefined);
  }

  #open(): FileHandle {
    if (this.#handle === null) throw new Error('the file is not open');
    return this.#handle;
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.discard();
      throw fileFailure(error, this.#path);
    }
  }
}

/** Writes a whole file at once, with {@link OutputFile}'s promises. @throws AppFailure file.diskFull, file.notWritten */
export async function writeWholeFile(file: string, bytes: Uint8Array): Promise<void> {
  const output = await OutputFile.create(file);
  await output.write(bytes);
  await output.finish();
}

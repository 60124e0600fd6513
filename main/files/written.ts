import path from 'node:path';
import { failure } from '../../shared/ipc/errors.ts';
import type { FilePorts } from './ports.ts';

/** The files of this run: whoever asks to open one can name only these. */
export class WrittenFiles {
  readonly #ports: Pick<FilePorts, 'openFile' | 'showInFolder'>;
  readonly #known = new Set<string>();

  constructor(ports: Pick<FilePorts, 'openFile' | 'showInFolder'>) {
    this.#ports = ports;
  }

  /** @returns what the window is told about it */
  add(file: string): { path: string; name: string } {
    this.#known.add(file);
    return { path: file, name: path.basename(file) };
  }

  /** @throws AppFailure input.invalid for any other file, file.noViewer */
  async show(file: string, how: 'open' | 'reveal'): Promise<void> {
    if (!this.#known.has(file)) throw failure('input.invalid');
    if (how === 'reveal') this.#ports.showInFolder(file);
    else await this.#ports.openFile(file);
  }
}

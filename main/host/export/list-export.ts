import type { ListRow } from '../../../shared/domain/document-list.ts';
import type { ExportFormat, ExportWords } from '../../../shared/domain/list-export.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { OutputFile } from '../../files/output-file.ts';
import { csvHead, csvRows } from './csv.ts';
import { xlsxWriter } from './xlsx.ts';

/** Milliseconds of one step: lists are served between two of them. */
const stepMs = 25;
const rowsPerRound = 250;

export type ExportSource = { ids: readonly number[]; rows: (ids: readonly number[]) => ListRow[] };

/** One export under way: which rows, how far, and the file that is written beside its name until it is whole. */
export class ListExport {
  readonly total: number;
  readonly #source: ExportSource;
  readonly #output: OutputFile;
  readonly #chunks: Uint8Array[] = [];
  readonly #format: { rows: (rows: readonly ListRow[]) => void; end: () => void };
  #at = 0;

  private constructor(source: ExportSource, format: ExportFormat, words: ExportWords, output: OutputFile) {
    this.#source = source;
    this.#output = output;
    this.total = source.ids.length;
    const put = (chunk: Uint8Array): void => { this.#chunks.push(chunk); };
    if (format === 'xlsx') this.#format = xlsxWriter(words, put);
    else {
      const encoder = new TextEncoder();
      put(encoder.encode(csvHead(words)));
      this.#format = { rows: (rows) => put(encoder.encode(csvRows(rows, words))), end: () => undefined };
    }
  }

  /** @param beside passing name of the file until it is whole @throws AppFailure file.notWritten, file.diskFull */
  static async begin(source: ExportSource, options: { format: ExportFormat; words: ExportWords; file: string; beside: string }): Promise<ListExport> {
    return new ListExport(source, options.format, options.words, await OutputFile.create(options.file, options.beside));
  }

  /** Writes the next rows. Rows that were deleted since the export began are left out. @throws AppFailure file.diskFull, file.notWritten */
  async step(): Promise<{ done: number; finished: boolean }> {
    const until = performance.now() + stepMs;
    while (this.#at < this.total && performance.now() < until) {
      this.#format.rows(this.#source.rows(this.#source.ids.slice(this.#at, this.#at + rowsPerRound)));
      this.#at = Math.min(this.total, this.#at + rowsPerRound);
    }
    const finished = this.#at >= this.total;
    if (finished) this.#format.end();
    for (const chunk of this.#chunks.splice(0)) await this.#output.write(chunk);
    if (finished) await this.#output.finish();
    return { done: this.#at, finished };
  }

  /** Gives it up; nothing of it stays. */
  discard(): Promise<void> {
    return this.#output.discard();
  }
}

/** An export under way, of whatever. */
export type RunningExport = Pick<ListExport, 'total' | 'step' | 'discard'>;

/** The exports of a data host, by number. */
export class ListExports {
  readonly #running = new Map<number, RunningExport>();

  async begin(id: number, source: ExportSource, options: { format: ExportFormat; words: ExportWords; file: string; beside: string }): Promise<number> {
    return this.add(id, await ListExport.begin(source, options));
  }

  /** @returns how many rows it has */
  add(id: number, begun: RunningExport): number {
    this.#running.set(id, begun);
    return begun.total;
  }

  async step(id: number): Promise<{ done: number; finished: boolean }> {
    const running = this.#running.get(id);
    // The database was closed, by a lock or a crash: its rows are not read from anywhere else.
    if (running === undefined) throw failure('database.unavailable');
    try {
      const state = await running.step();
      if (state.finished) this.#running.delete(id);
      return state;
    } catch (error) {
      await this.discard(id);
      throw error;
    }
  }

  async discard(id: number): Promise<void> {
    const running = this.#running.get(id);
    this.#running.delete(id);
    await running?.discard();
  }

  discardAll(): void {
    for (const id of this.#running.keys()) void this.discard(id);
  }
}

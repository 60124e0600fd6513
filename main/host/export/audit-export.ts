import { Zip, ZipDeflate, ZipPassThrough, strToU8 } from 'fflate';
import type { AuditFilter, AuditRow } from '../../../shared/domain/audit.ts';
import type { AuditExportFormat, AuditExportWords } from '../../../shared/domain/audit-export.ts';
import { OutputFile } from '../../files/output-file.ts';
import type { AuditLog } from '../audit/log.ts';
import { csvAuditHead, csvAuditRow, csvAuditTail, gobdClasses, gobdHead, gobdIndex, gobdRow, jsonHead, jsonRow } from './audit-lines.ts';

/** Milliseconds of one step: lists are served between two of them. */
const stepMs = 25;
const rowsPerRound = 100;

type Put = (chunk: Uint8Array) => void;
type Writer = { rows: (rows: readonly AuditRow[]) => void; end: () => void };
export type AuditFileFormat = Exclude<AuditExportFormat, 'pdf'>;

/** One file of text: what stands first, a line for each entry, and what stands last. */
function lines(put: Put, head: string, line: (row: AuditRow) => string, tail = ''): Writer {
  put(strToU8(head));
  return { rows: (rows) => put(strToU8(rows.map(line).join(''))), end: () => { if (tail !== '') put(strToU8(tail)); } };
}

/** The hand-over: an archive of the description, the classes and the log, which is compressed as it comes. */
function handOver(put: Put, words: AuditExportWords): Writer {
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    put(chunk);
  });
  for (const [name, text] of [['index.xml', gobdIndex(words)], ['aufbewahrung.csv', gobdClasses(words)]] as const) {
    const part = new ZipPassThrough(name);
    zip.add(part);
    part.push(strToU8(text), true);
  }
  const log = new ZipDeflate('protokoll.csv', { level: 1 });
  zip.add(log);
  log.push(strToU8(gobdHead(words)));
  return {
    rows: (rows) => log.push(strToU8(rows.map((row) => gobdRow(row, words)).join(''))),
    end: () => {
      log.push(new Uint8Array(0), true);
      zip.end();
    },
  };
}

/** The log, or what a filter leaves of it, on its way into a file, oldest entry first. */
export class AuditExport {
  readonly total: number;
  readonly #log: AuditLog;
  readonly #indexes: Uint32Array;
  readonly #output: OutputFile;
  readonly #chunks: Uint8Array[] = [];
  readonly #writer: Writer;
  #at = 0;

  private constructor(log: AuditLog, filter: AuditFilter, format: AuditFileFormat, words: AuditExportWords, output: OutputFile) {
    this.#log = log;
    // A copy: the log may grow meanwhile.
    this.#indexes = log.indexes(filter).slice();
    this.#output = output;
    this.total = this.#indexes.length;
    const put: Put = (chunk) => { this.#chunks.push(chunk); };
    this.#writer = format === 'gobd' ? handOver(put, words) : format === 'csv' ? lines(put, csvAuditHead(words), (row) => csvAuditRow(row, words), csvAuditTail(words)) : lines(put, jsonHead(words, this.total), (row) => jsonRow(row, words));
  }

  /** @param options.beside passing name of the file until it is whole @throws AppFailure file.notWritten, file.diskFull */
  static async begin(log: AuditLog, filter: AuditFilter, options: { format: AuditFileFormat; words: AuditExportWords; file: string; beside: string }): Promise<AuditExport> {
    return new AuditExport(log, filter, options.format, options.words, await OutputFile.create(options.file, options.beside));
  }

  /** Writes the next entries. @throws AppFailure file.diskFull, file.notWritten */
  async step(): Promise<{ done: number; finished: boolean }> {
    const until = performance.now() + stepMs;
    while (this.#at < this.total && performance.now() < until) {
      this.#writer.rows([...this.#indexes.subarray(this.#at, this.#at + rowsPerRound)].flatMap((index) => this.#log.row(index) ?? []));
      this.#at = Math.min(this.total, this.#at + rowsPerRound);
    }
    const finished = this.#at >= this.total;
    if (finished) this.#writer.end();
    for (const chunk of this.#chunks.splice(0)) await this.#output.write(chunk);
    if (finished) await this.#output.finish();
    return { done: this.#at, finished };
  }

  /** Gives it up; nothing of it stays. */
  discard(): Promise<void> {
    return this.#output.discard();
  }
}

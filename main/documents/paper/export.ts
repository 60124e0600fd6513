import { rm } from 'node:fs/promises';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { mostExcelRows, type ExportFormat, type ExportQuery, type ExportWords } from '../../../shared/domain/list-export.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { journaled, type Journal } from '../../audit/journal.ts';
import type { Erp } from '../../erp/types.ts';
import { safeFileName } from '../../files/file-name.ts';
import { OutputFile, passingName } from '../../files/output-file.ts';
import type { FileFilter, FilePorts } from '../../files/ports.ts';
import type { WrittenFiles } from '../../files/written.ts';
import type { DataHost } from '../../host/client.ts';
import type { Jobs } from '../../jobs.ts';

export type ExportPorts = { erp: Erp; host: DataHost; jobs: Jobs; files: Pick<FilePorts, 'saveFile'>; written: WrittenFiles; journal: Journal };

type Writing = { job: Job; path: string; name: string };

const filters: Readonly<Record<ExportFormat, FileFilter[]>> = { csv: [{ name: 'CSV', extensions: ['csv'] }], xlsx: [{ name: 'Excel', extensions: ['xlsx'] }] };

/** Lists as files: ours from the cache, as filtered and sorted; the server's as it writes them. */
export class ExportService {
  readonly #ports: ExportPorts;

  constructor(ports: ExportPorts) {
    this.#ports = ports;
  }

  /**
   * Starts to write a list. Reading, formatting and writing happen in the data host, in steps between which it serves lists.
   * @throws AppFailure export.tooMany before anything is asked or written
   */
  async list({ query, format, words, name }: { query: ExportQuery; format: ExportFormat; words: ExportWords; name: string }): Promise<Writing | null> {
    const { host, files, jobs, written, journal } = this.#ports;
    const { total } = await host.documents.list({ ...query, offset: 0, limit: 1 });
    if (format === 'xlsx' && total + 1 > mostExcelRows) throw failure('export.tooMany', { params: { limit: String(mostExcelRows - 1), count: String(total) } });
    const file = await files.saveFile(safeFileName(name, `.${format}`), filters[format]);
    if (file === null) return null;
    const job = jobs.start('export', async (progress, signal) => {
      const rows = await writeInSteps(host, file, (beside) => host.exports.begin({ query, format, words, file, beside }), progress, signal);
      journal.note({ action: 'export.list', resource: `export/${query.types?.join(',') ?? 'documents'}`, outcome: 'local', correlationId: null, detail: `${rows}` });
    });
    return { job, ...written.add(file) };
  }

  /** Starts to fetch a type from the server's own export. It waits its turn under the server's limit of exports. */
  async server({ type, from, to, format, name }: { type: DocumentType; from: string | null; to: string | null; format: ExportFormat; name: string }): Promise<Writing | null> {
    const { erp, files, jobs, written, journal } = this.#ports;
    const file = await files.saveFile(safeFileName(name, `.${format}`), filters[format]);
    if (file === null) return null;
    const job = jobs.start('exportServer', async (progress, signal) => {
      const output = await OutputFile.create(file);
      try {
        const bytes = await journaled(journal, { action: 'export', resource: `export/${type}` }, () => erp.paper.export({ type, from, to, format }, { signal }));
        await output.write(bytes);
        if (signal.aborted) throw failure('call.cancelled');
        await output.finish();
        progress(1, 1);
      } finally {
        await output.discard();
      }
    });
    return { job, ...written.add(file) };
  }
}

/**
 * Lets the data host write a file in steps, between which it serves lists. @param begin gets the passing name of the file until it
 * is whole. @returns how many rows it has. @throws AppFailure call.cancelled, file.notWritten, file.diskFull
 */
export async function writeInSteps(host: Pick<DataHost, 'exports'>, file: string, begin: (beside: string) => Promise<{ id: number; total: number }>, progress: (done: number, total: number) => void, signal: AbortSignal): Promise<number> {
  const beside = passingName(file);
  try {
    const { id, total } = await begin(beside);
    for (let finished = false; !finished;) {
      if (signal.aborted) {
        await host.exports.discard(id);
        throw failure('call.cancelled');
      }
      const state = await host.exports.step(id);
      ({ finished } = state);
      progress(state.done, total);
    }
    return total;
  } finally {
    // After a crash of the data host nobody else would; a finished file has its own name by now.
    await rm(beside, { force: true }).catch(() => undefined);
  }
}

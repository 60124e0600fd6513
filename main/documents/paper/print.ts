import { createHash } from 'node:crypto';
import encodeQR from 'qr';
import { documentTypeInfo, initialStatus, normaliseStatus, type DocumentType } from '../../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../../shared/domain/document.ts';
import { toDocument } from '../../../shared/domain/draft-document.ts';
import { AppFailure, appError, failure } from '../../../shared/ipc/errors.ts';
import type { PaperSource } from '../../../shared/ipc/calls/paper.ts';
import { renderPaper, type PaperInput, type PaperMark } from '../../../shared/paper/template.ts';
import type { PaperWords } from '../../../shared/paper/words.ts';
import { journaled, type Journal } from '../../audit/journal.ts';
import type { Erp } from '../../erp/types.ts';
import { safeFileName } from '../../files/file-name.ts';
import { OutputFile, writeWholeFile } from '../../files/output-file.ts';
import type { FilePorts } from '../../files/ports.ts';
import type { WrittenFiles } from '../../files/written.ts';
import type { DataHost } from '../../host/client.ts';
import { isSameContent } from '../../sync/outbox/content.ts';
import type { DocumentsService } from '../documents.ts';
import type { ArchiveService } from './archive.ts';
import { measureHash } from './measure.ts';
import type { PaperPorts } from './ports.ts';

export type PrintPorts = {
  erp: Erp;
  host: DataHost;
  documents: Pick<DocumentsService, 'refresh'>;
  archive: Pick<ArchiveService, 'received'>;
  paper: PaperPorts;
  files: Pick<FilePorts, 'saveFile'>;
  written: WrittenFiles;
  journal: Journal;
  isOnline: () => boolean;
  /** The profile's server and name: where a print is verified, and whose paper it is. */
  erpUrl: string;
  sender: string;
  now: () => number;
};

type Written = { path: string; name: string };

const pdfFilter = [{ name: 'PDF', extensions: ['pdf'] }];
const locales = { de: 'de-DE', en: 'en-GB' } as const;

/** Documents on paper: the server's own PDF, which it archives, and ours, which nobody does. */
export class PrintService {
  readonly #ports: PrintPorts;
  /** Prints that the server has archived and that could not be written: the next attempt writes these. */
  readonly #unwritten = new Map<string, Uint8Array>();

  constructor(ports: PrintPorts) {
    this.#ports = ports;
  }

  async preview(source: PaperSource, words: PaperWords): Promise<{ address: string; pages: number }> {
    const { html, pages } = renderPaper(await this.#compose(source, words));
    return { address: this.#ports.paper.showPreview(html), pages };
  }

  /** @throws AppFailure paper.failed, file.notWritten, file.diskFull */
  async savePdf(source: PaperSource, words: PaperWords): Promise<Written | null> {
    const { files, paper, written } = this.#ports;
    const input = await this.#compose(source, words);
    const { number } = input.document;
    const mark = input.mark === null ? '' : ` ${words.texts[`mark.${input.mark}`]}`;
    const file = await files.saveFile(safeFileName(`${words.types[input.document.type]} ${number}${mark}`, '.pdf'), pdfFilter);
    if (file === null) return null;
    await writeWholeFile(file, await paper.printToPdf(renderPaper(input).html));
    this.#note('print.pdf', input.document);
    return written.add(file);
  }

  /** @throws AppFailure paper.failed, paper.noPrinter */
  async print(source: PaperSource, words: PaperWords): Promise<{ printed: boolean }> {
    const input = await this.#compose(source, words);
    const printed = await this.#ports.paper.printWithDialog(renderPaper(input).html);
    if (printed) this.#note('print.paper', input.document);
    return { printed };
  }

  /**
   * Fetches the server's PDF into a file. The order matters, because every request archives a copy: first the place and a
   * file that can be written there, then the one request; what came and could not be written is kept for the next attempt.
   * @throws AppFailure file.*, server.*, network.*
   */
  async printOnServer(key: DocumentKey, name: string): Promise<(Written & { sha256: string }) | null> {
    const { files, erp, archive, written, journal } = this.#ports;
    const file = await files.saveFile(safeFileName(`${name} ${key.number}`, '.pdf'), pdfFilter);
    if (file === null) return null;
    const output = await OutputFile.create(file);
    const kept = `${key.type}/${key.number}`;
    try {
      const bytes = this.#unwritten.get(kept) ?? await journaled(journal, { action: 'print', resource: `${documentTypeInfo[key.type].domain}/${key.number}` }, () => erp.paper.print(key)).catch((error: unknown) => { throw withUnknownOutcome(error); });
      this.#unwritten.set(kept, bytes);
      await output.write(bytes);
      await output.finish();
      this.#unwritten.delete(kept);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await archive.received(key, { sha256, file });
      return { ...written.add(file), sha256 };
    } finally {
      await output.discard();
    }
  }

  /** When the cache closes: nothing of a document stays in memory for it. */
  forget(): void {
    this.#unwritten.clear();
    this.#ports.paper.forgetPreviews();
  }

  #note(action: string, { type, number }: DocumentKey): void {
    this.#ports.journal.note({ action, resource: `${documentTypeInfo[type].domain}/${number}`, outcome: 'local', correlationId: null });
  }

  async #compose(source: PaperSource, words: PaperWords): Promise<PaperInput> {
    const { now, sender } = this.#ports;
    const moment = new Intl.DateTimeFormat(locales[words.language], { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' });
    const printed = moment.format(now());
    if (source.kind === 'draft') {
      const document = toDocument(source.content);
      return { document, words, sender, mark: 'draft', origin: { printed, asOf: null }, isProvisional: source.content.numberProvisional, code: document.number === '' ? null : this.#code(document.type, document.number, null) };
    }
    const { record, isFresh } = await this.#read(source.key);
    const { document } = record;
    const hash = isFresh ? await this.#measure(record) : null;
    return {
      document, words, sender, mark: markOf(record), origin: { printed, asOf: isFresh ? null : moment.format(record.fetchedAt) }, isProvisional: false,
      code: this.#code(document.type, document.number, hash),
    };
  }

  /** What is printed is what the server has now; only without it, what was read before, and the paper says so. */
  async #read(key: DocumentKey): Promise<{ record: DocumentRecord; isFresh: boolean }> {
    if (this.#ports.isOnline()) {
      try {
        return { record: await this.#ports.documents.refresh(key), isFresh: true };
      } catch (error) {
        if (!(error instanceof AppFailure) || error.error.code === 'server.notFound') throw error;
      }
    }
    const record = await this.#ports.host.documents.get(key);
    if (record === null) throw failure('network.unreachable');
    return { record, isFresh: false };
  }

  /** The hash of exactly what is printed; null unless the server says the same, because then nobody could verify it. */
  async #measure({ document }: DocumentRecord): Promise<string | null> {
    const { erp } = this.#ports;
    const { domain } = documentTypeInfo[document.type];
    try {
      const [{ record, body }, claim] = await Promise.all([erp.paper.stored(document), erp.paper.verify(domain, document.number, null)]);
      const hash = measureHash(domain, document.number, body);
      return hash === claim.hash && isSameContent(record.document, document) ? hash : null;
    } catch {
      return null;
    }
  }

  #code(type: DocumentType, number: string, hash: string | null): PaperInput['code'] {
    const text = [this.#ports.erpUrl.replace(/\/+$/, ''), 'verify', documentTypeInfo[type].domain, encodeURIComponent(number), ...(hash === null ? [] : [hash])].join('/');
    return { modules: encodeQR(text, 'raw', { ecc: 'medium', border: 2 }), text, hasHash: hash !== null };
  }
}

/**
 * What a paper must say about where its document stands. Servers that forget the workflow call everything a draft, so a
 * draft is one only while its own status is the first one as well.
 */
export function markOf({ workflow, document }: Pick<DocumentRecord, 'workflow' | 'document'>): PaperMark {
  if (workflow?.state === 'draft') return document.status === '' || normaliseStatus(document.status) === initialStatus(document.type) ? 'draft' : null;
  return workflow?.state === 'pending' || workflow?.state === 'rejected' ? workflow.state : null;
}

/** After a broken connection nobody knows whether the server has archived: that is what the person has to hear. */
function withUnknownOutcome(error: unknown): unknown {
  if (!(error instanceof AppFailure) || !['network.interrupted', 'network.timeout', 'server.unavailable'].includes(error.error.code)) return error;
  const { code, correlationId, params } = error.error;
  return new AppFailure(appError(code, { messageKey: 'errors.paper.outcomeUnknown', retry: 'never', correlationId, params }));
}

import path from 'node:path';
import { z } from 'zod';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import { archiveEntrySchema, type ArchiveEntry } from '../../../shared/domain/verify.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import type { Erp } from '../../erp/types.ts';
import type { DataHost } from '../../host/client.ts';
import type { Log } from '../../log/log.ts';
import type { Aged } from '../documents.ts';

export type ArchivePorts = { erp: Erp; host: DataHost; isOnline: () => boolean; now: () => number; log: Log };

const receiptSchema = z.object({ sha256: z.string(), file: z.string(), at: z.number() });
type Receipt = z.infer<typeof receiptSchema>;

/** Copies that are compared when the history is opened; older ones on demand. */
const comparedAtOnce = 5;
/** Receipts kept of one document. */
const mostReceipts = 50;

const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;
const historyFact = (key: DocumentKey): string => `archive.${nameOf(key)}`;
const receiptsFact = (key: DocumentKey): string => `receipts.${nameOf(key)}`;

/**
 * The copies that the server has archived of a document. What the server says about them is told apart from what this
 * computer measured: it remembers the checksum of every print it received.
 */
export class ArchiveService {
  readonly #ports: ArchivePorts;

  constructor(ports: ArchivePorts) {
    this.#ports = ports;
  }

  /** Newest first. @throws AppFailure when the server cannot be asked and nothing was read before */
  async history(key: DocumentKey): Promise<Aged<ArchiveEntry[]>> {
    const { isOnline, now, log } = this.#ports;
    const known = await this.#remembered(key);
    if (isOnline()) {
      try {
        const value = await this.#fromServer(key, known?.value ?? []);
        const fetchedAt = now();
        await this.#ports.host.facts.put(historyFact(key), value, fetchedAt);
        return { value, source: 'server', fetchedAt };
      } catch (error) {
        // Without the right to see it, the server's word counts and not what somebody saw here before.
        if (known === null || (error instanceof AppFailure && ['server.forbidden', 'server.notFound'].includes(error.error.code))) throw error;
        log.info('showing the remembered archive history', { err: error });
      }
    }
    if (known === null) throw failure('network.unreachable');
    return { value: await this.#withReceipts(key, known.value), source: 'cache', fetchedAt: known.fetchedAt };
  }

  /** Compares one copy again. @throws AppFailure server.notFound when the archive has no such copy, network.* */
  async recheck(key: DocumentKey, copy: string): Promise<ArchiveEntry> {
    const { value } = await this.history(key);
    const entry = value.find(({ path: one }) => one === copy);
    if (entry === undefined) throw failure('server.notFound');
    const checked = await this.#compare(key, entry);
    await this.#ports.host.facts.put(historyFact(key), value.map((one) => (one.path === copy ? checked : one)), this.#ports.now());
    return checked;
  }

  /** Remembers what was received: a later look at the archive can then say "measured" and not only "claimed". */
  async received(key: DocumentKey, { sha256, file }: { sha256: string; file: string }): Promise<void> {
    const { host, now } = this.#ports;
    const receipts = await this.#receipts(key);
    await host.facts.put(receiptsFact(key), [{ sha256, file, at: now() }, ...receipts].slice(0, mostReceipts), now());
  }

  async #fromServer(key: DocumentKey, known: readonly ArchiveEntry[]): Promise<ArchiveEntry[]> {
    const copies = await this.#ports.erp.paper.history(key);
    const listed = copies.toReversed().map((copy): ArchiveEntry => {
      const before = known.find((one) => one.path === copy.path && one.sha256 === copy.sha256);
      return { ...copy, server: before?.server ?? null, here: null };
    });
    const entries = await this.#withReceipts(key, listed.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0)));
    const compared = entries.slice(0, comparedAtOnce).map(async (entry) => (entry.server === null ? this.#compare(key, entry).catch(() => entry) : entry));
    return [...await Promise.all(compared), ...entries.slice(comparedAtOnce)];
  }

  async #compare(key: DocumentKey, entry: ArchiveEntry): Promise<ArchiveEntry> {
    const valid = await this.#ports.erp.paper.verifyCopy(key, entry.path, { priority: 'background' });
    return { ...entry, server: { valid, at: this.#ports.now() } };
  }

  /** Adds what this computer received, and whether the file is still those bytes. */
  async #withReceipts(key: DocumentKey, entries: readonly ArchiveEntry[]): Promise<ArchiveEntry[]> {
    const receipts = await this.#receipts(key);
    return Promise.all(entries.map(async (entry) => {
      const receipt = receipts.find(({ sha256 }) => sha256 === entry.sha256);
      if (receipt === undefined) return { ...entry, here: null };
      const digest = await this.#ports.host.files.digest(receipt.file);
      return { ...entry, here: { same: digest === null ? null : digest === entry.sha256, at: receipt.at, file: path.basename(receipt.file) } };
    }));
  }

  async #remembered(key: DocumentKey): Promise<{ value: ArchiveEntry[]; fetchedAt: number } | null> {
    const fact = await this.#ports.host.facts.get(historyFact(key));
    const parsed = z.array(archiveEntrySchema).safeParse(fact?.value);
    return fact !== null && parsed.success ? { value: parsed.data, fetchedAt: fact.fetchedAt } : null;
  }

  async #receipts(key: DocumentKey): Promise<Receipt[]> {
    const parsed = z.array(receiptSchema).safeParse((await this.#ports.host.facts.get(receiptsFact(key)))?.value);
    return parsed.success ? parsed.data : [];
  }
}

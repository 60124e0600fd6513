import { randomUUID } from 'node:crypto';
import type { JournalRecord } from '../../shared/domain/audit.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import type { DataHost } from '../host/client.ts';
import { correlationId, withCorrelation } from '../log/correlation.ts';
import type { Log } from '../log/log.ts';

/** What this client did; `resource` as the server's log names it (`sales/SO-1`). */
export type JournalNote = Pick<JournalRecord, 'action' | 'resource' | 'outcome' | 'correlationId'> & { detail?: string | null };

/** Where services say what they did. Returns at once and never throws: a journal that cannot be written stops nobody. */
export type Journal = { note: (entry: JournalNote) => void };

export type JournalPorts = { host: Pick<DataHost, 'audit'>; actor: () => string | null; now: () => number; log: Log };

const largestWrite = 500;

/** Writes the journal behind what is going on, in the order in which it was told. */
export class JournalWriter implements Journal {
  readonly #ports: JournalPorts;
  #waiting: JournalRecord[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(ports: JournalPorts) {
    this.#ports = ports;
  }

  readonly note = (entry: JournalNote): void => {
    const { actor, now } = this.#ports;
    // Who and when are settled now, not when its turn to be written has come.
    const record: JournalRecord = {
      ...entry, at: now(), actor: (actor() ?? '').slice(0, 200), resource: entry.resource.slice(0, 300), detail: entry.detail?.slice(0, 1000) ?? null,
    };
    this.#waiting.push(record);
    // One write at a time, with all that was told meanwhile: a busy outbox would otherwise pay a commit for each line.
    if (this.#waiting.length === 1) this.#last = this.#last.then(() => this.#write());
  };

  /** Resolves when everything told so far is written, or could not be. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #write(): Promise<void> {
    const records = this.#waiting;
    this.#waiting = [];
    try {
      for (let at = 0; at < records.length; at += largestWrite) await this.#ports.host.audit('journal.add', { records: records.slice(at, at + largestWrite) });
    } catch (error) {
      this.#ports.log.error('the journal could not be written', { err: error, entries: records.length });
    }
  }
}

/** Never reached a server, as far as this client can tell. */
const isOffline = (code: string): boolean => code.startsWith('network.') || code.startsWith('tls.');

/**
 * Does something under one correlation id and notes what became of it: `sent` when the server confirmed it, `offline` when it
 * could not be asked, `refused` with the error's code otherwise. A refusal without a correlation id was this client's own.
 */
export function journaled<T>(journal: Journal, what: Pick<JournalNote, 'action' | 'resource'>, work: () => Promise<T>): Promise<T> {
  const id = correlationId() ?? randomUUID();
  return withCorrelation(async () => {
    try {
      const result = await work();
      journal.note({ ...what, outcome: 'sent', correlationId: id });
      return result;
    } catch (error) {
      const { code, correlationId: sentAs } = error instanceof AppFailure ? error.error : { code: 'app.internal', correlationId: null };
      journal.note({ ...what, outcome: isOffline(code) ? 'offline' : 'refused', correlationId: sentAs, detail: code });
      throw error;
    }
  }, id);
}

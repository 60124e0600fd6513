import type { AuditStatus, JournalEntry, JournalFilter, JournalPage, MatchedEntry } from '../../../shared/domain/audit.ts';
import type { Reader } from '../db/connection.ts';
import { sortKey } from '../text.ts';
import { matchJournal } from './journal-match.ts';
import { readJournal } from './journal.ts';
import type { AuditLog } from './log.ts';

type Status = MatchedEntry['status'];

/**
 * The journal in memory, each entry with its place in the server's log. A place once found stays for as long as the log only
 * grows; what has none is looked for again when there is more to look in.
 */
export class JournalBook {
  readonly #reader: Reader;
  readonly #entries: MatchedEntry[] = [];
  #firstBad: number | null = null;
  #logSize = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Newest first. @param status how far the log was read, and of what kind it is */
  page(log: AuditLog, status: Pick<AuditStatus, 'kind' | 'verified' | 'sections'>, filter: JournalFilter, offset: number, limit: number): JournalPage {
    this.#read();
    this.#match(log, status);
    const words = sortKey(filter.text).split(/\s+/u).filter((word) => word !== '');
    const statuses: Record<Status, number> = { found: 0, missing: 0, unread: 0, notExpected: 0, sealed: 0 };
    const rows: MatchedEntry[] = [];
    let total = 0;
    for (let at = this.#entries.length - 1; at >= 0; at--) {
      const entry = this.#entries[at] as MatchedEntry;
      statuses[entry.status] += 1;
      if ((filter.actor !== null && entry.actor !== filter.actor) || (filter.status !== null && entry.status !== filter.status) || (filter.outcome !== null && entry.outcome !== filter.outcome) || !hasWords(entry, words)) continue;
      if (total >= offset && rows.length < limit) rows.push(entry);
      total += 1;
    }
    return { rows, total, statuses, firstBad: this.#firstBad };
  }

  #read(): void {
    const last = this.#entries.at(-1);
    for (const { fits, ...entry } of readJournal(this.#reader, last?.seq ?? 0, last?.hash)) {
      if (!fits) this.#firstBad ??= entry.seq;
      this.#entries.push({ ...entry, status: 'unread', index: null });
    }
  }

  #match(log: AuditLog, status: Pick<AuditStatus, 'kind' | 'verified' | 'sections'>): void {
    const shrunk = log.size < this.#logSize;
    this.#logSize = log.size;
    const open = this.#entries.flatMap((entry, at) => (shrunk || entry.status !== 'found' ? [at] : []));
    matchJournal(log, status, open.map((at) => this.#entries[at] as JournalEntry)).forEach((matched, at) => { this.#entries[open[at] as number] = matched; });
  }
}

function hasWords({ actor, action, resource, detail, correlationId }: MatchedEntry, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = sortKey([actor, action, resource, detail ?? '', correlationId ?? ''].join(' '));
  return words.every((word) => text.includes(word));
}


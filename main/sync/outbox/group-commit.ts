import type { DocumentKey, DocumentRecord } from '../../../shared/domain/document.ts';
import type { OutboxChange } from '../../host/outbox.ts';

type Write = { changes: readonly OutboxChange[]; records: readonly DocumentRecord[]; resolve: (changed: DocumentKey[]) => void; reject: (error: unknown) => void };
type Store = { commit(changes: readonly OutboxChange[], records: readonly DocumentRecord[]): Promise<{ changed: DocumentKey[] }> };

/** Below what one message to the data host may hold. */
const largest = 40;

/**
 * Stores what several commands have to store at the same time in one transaction: while one is being written, the next ones
 * gather. Waiting for the disk is most of what a commit costs, and so they share it.
 */
export class GroupCommit {
  readonly #store: Store;
  readonly #waiting: Write[] = [];
  #isWriting = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All or nothing. @returns the documents that differ now @throws AppFailure database.*: nothing of this one is stored then */
  commit(changes: readonly OutboxChange[], records: readonly DocumentRecord[]): Promise<DocumentKey[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, records, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    for (let group = this.#waiting.splice(0, largest); group.length > 0; group = this.#waiting.splice(0, largest)) {
      if (group.length > 1 && (await this.#together(group))) continue;
      // Alone, or one of them is why the group failed: the others need not suffer for it.
      for (const { changes, records, resolve, reject } of group) await this.#store.commit(changes, records).then(({ changed }) => { resolve(changed); }, reject);
    }
    this.#isWriting = false;
  }

  async #together(group: readonly Write[]): Promise<boolean> {
    try {
      const { changed } = await this.#store.commit(group.flatMap(({ changes }) => changes), group.flatMap(({ records }) => records));
      group.forEach(({ resolve, records }) => { resolve(changed.filter(({ type, number }) => records.some(({ document }) => document.type === type && document.number === number))); });
      return true;
    } catch {
      return false;
    }
  }
}

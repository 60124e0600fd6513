import type { DocumentRecord } from '../../shared/domain/document.ts';
import type { Draft, DraftContent } from '../../shared/domain/draft.ts';
import type { OutboxCommand, SendOutcome } from '../../shared/domain/outbox.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { DataHost } from '../host/client.ts';
import type { CommandEntry } from '../host/outbox.ts';
import type { OfferedNumbers } from './offered-numbers.ts';
import type { Outbox } from '../sync/outbox/outbox.ts';
import type { AttemptEnd, OutboxPorts } from '../sync/outbox/ports.ts';
import { provisionalNumber } from '../sync/outbox/provisional-number.ts';
import { Emitter } from '../emitter.ts';

export type DraftsPorts = Pick<OutboxPorts, 'clock' | 'random' | 'uuid' | 'isOnline'> & {
  host: Pick<DataHost, 'drafts' | 'outbox'>;
  outbox: Outbox;
  numbers: Pick<OfferedNumbers, 'release' | 'sent' | 'isTaken'>;
};

/** How long a person who sends waits for the server; then it is safe in the outbox and goes on by itself. Milliseconds. */
export const sendPatience = 8_000;

/** What is written here and not on the server yet. All but sending needs no network. */
export class DraftsService {
  /** Told after it is stored. */
  readonly changed = new Emitter<string[]>();
  readonly #ports: DraftsPorts;
  readonly #writing = new Set<Promise<unknown>>();

  constructor(ports: DraftsPorts) {
    this.#ports = ports;
  }

  /** Begins a draft; of a stored document there is one at most. @param base what the editing began from */
  create(id: string, content: DraftContent, base: DocumentRecord | null): Promise<Draft> {
    return this.#write(async () => {
      const { host, clock, numbers } = this.#ports;
      const draft = await host.drafts.create({ id, content, base, now: clock.now() });
      // From here on the draft bears it.
      numbers.release(content.type, content.number);
      this.changed.emit([draft.id]);
      return draft;
    });
  }

  /** @throws AppFailure draft.missing, draft.changedElsewhere, draft.locked; database.diskFull: what was stored before is intact. */
  save(id: string, version: number, content: DraftContent): Promise<{ version: number; savedAt: number }> {
    return this.#write(async () => {
      const saved = await this.#ports.host.drafts.save({ id, version, content, now: this.#ports.clock.now() });
      this.changed.emit([id]);
      return saved;
    });
  }

  /** @throws AppFailure draft.locked while a command carries it. */
  discard(id: string): Promise<void> {
    return this.#write(async () => {
      await this.#ports.host.drafts.discard(id, this.#ports.clock.now());
      this.changed.emit([id]);
    });
  }

  /**
   * Brings a discarded draft back. If its number was given to another one meanwhile, it gets a provisional one.
   * @throws AppFailure draft.missing when it was discarded too long ago; draft.exists when its document has another draft.
   */
  restore(id: string): Promise<Draft> {
    return this.#write(async () => {
      const { host, numbers, clock, random } = this.#ports;
      let draft = await host.drafts.restore(id);
      const { base, content: { type, number, numberProvisional } } = draft;
      if (base === null && !numberProvisional && number !== '' && (await numbers.isTaken({ id, type, number }))) {
        const now = clock.now();
        const content = { ...draft.content, number: provisionalNumber(type, now, random), numberProvisional: true };
        draft = { ...draft, content, ...(await host.drafts.save({ id, version: draft.version, content, now })) };
      }
      this.changed.emit([id]);
      return draft;
    });
  }

  /**
   * Puts a draft into the outbox and waits a while for what becomes of it. Safe from the moment of the first answer on,
   * whatever happens to the network, the server or this program.
   * @throws AppFailure draft.missing, draft.locked, input.invalid, database.*: nothing is queued then.
   */
  async send(id: string, submit: boolean): Promise<SendOutcome> {
    const { host, outbox, clock, random, uuid, numbers } = this.#ports;
    const draft = await host.drafts.get(id);
    if (draft === null) throw failure('draft.missing');
    const now = clock.now();
    const entries = await this.#write(() => host.outbox.enqueue({
      draftId: id, submit, ids: [uuid(), uuid()], keys: [uuid(), uuid()], number: provisionalNumber(draft.content.type, now, random), now,
    }));
    if (draft.base === null && !draft.content.numberProvisional) void numbers.sent(draft.content.type, draft.content.number);
    const outcome = this.#follow(entries);
    outbox.added(entries, { urgent: true });
    this.changed.emit([id]);
    return outcome;
  }

  /** Waits for the next attempt at a command that a person has just decided about. */
  follow(id: string, decide: () => Promise<void>): Promise<SendOutcome> {
    const entry = this.#ports.outbox.entry(id);
    if (entry === null) throw failure('draft.missing');
    const outcome = this.#follow([entry]);
    return decide().then(() => outcome);
  }

  /** Resolves when what is being stored is stored. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing);
  }

  /** @param entries a command and, with a submit, the one that follows it */
  #follow(entries: readonly CommandEntry[]): Promise<SendOutcome> {
    const { outbox, clock, isOnline } = this.#ports;
    const [first] = entries;
    if (first === undefined) throw failure('app.internal');
    return new Promise((resolve) => {
      let stored: SendOutcome & { status: 'stored' } | null = null;
      let left = entries.map(({ id }) => id);
      const end = (): void => {
        stopListening();
        stopClock();
        const waiting = left.map((id) => outbox.entry(id)).find((entry) => entry !== null) ?? entries.find(({ id }) => id === left[0]) ?? first;
        resolve(stored !== null && left.length === 0 ? stored : { status: 'queued', command: commandOf(waiting) });
      };
      const heard = (attempt: AttemptEnd): void => {
        if (!left.includes(attempt.id)) return;
        if (attempt.result === 'again') return;
        if (attempt.result === 'stays') {
          end();
          return;
        }
        left = left.filter((id) => id !== attempt.id);
        const record = attempt.record ?? stored?.record ?? null;
        if (record !== null) stored = { status: 'stored', record, workflowState: attempt.workflow?.state ?? record.workflow?.state ?? null };
        if (left.length === 0) end();
      };
      const stopListening = outbox.attempted.on(heard);
      const stopClock = clock.after(isOnline() ? sendPatience : 0, end);
    });
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
    const writing = work();
    this.#writing.add(writing);
    try {
      return await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }
}

/** A command as the window knows it. */
export const commandOf = ({ id, kind, state, key, draftId, partnerName, queuedAt, attempts, nextAttemptAt, error, after }: CommandEntry): OutboxCommand =>
  ({ id, kind, state, key, draftId, partnerName, queuedAt, attempts, nextAttemptAt, error, after });

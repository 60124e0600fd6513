import { documentTypeInfo } from '../../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../../shared/domain/document.ts';
import { AppFailure, appError, failure, type AppError } from '../../../shared/ipc/errors.ts';
import { Emitter } from '../../emitter.ts';
import { withCorrelation } from '../../log/correlation.ts';
import type { CommandBody, CommandEntry, OutboxChange, StoredCommand } from '../../host/outbox.ts';
import { attemptCreate, numberTaken } from './create.ts';
import { afterConflict, afterDone } from './ends.ts';
import { GroupCommit } from './group-commit.ts';
import { backoff, isKeyExpired, signInWait, verdictOf } from './outcome.ts';
import { isWaiting, nextWake, runnable } from './plan.ts';
import type { Attempt, AttemptEnd, Outcome, OutboxPorts, ServerTraits } from './ports.ts';
import { attemptSubmit } from './submit.ts';
import { attemptUpdate } from './update.ts';

/** Commands on their way at once, each of another document; the rate limiter decides how fast they really go. */
const parallel = 6;
/** How long a stop lets what is on its way come to its end before it is cut off. Milliseconds. */
const stopGrace = 1_500;
const loadStep = 500;

const attempts: Readonly<Record<CommandEntry['kind'], (attempt: Attempt) => Promise<Outcome>>> = { create: attemptCreate, update: attemptUpdate, submit: attemptSubmit };

/**
 * Sends what waits: each document's commands in their order, several documents at once, while the server can be reached.
 * All it knows is in the store before anything is sent, so it may be killed at any moment. It alone writes the outbox
 * while it runs; what people decide about commands comes through {@link Outbox.decide} as well.
 */
export class Outbox {
  /** Something waits that did not, or no longer. Told after it is stored. */
  readonly changed = new Emitter<void>();
  readonly draftsChanged = new Emitter<string[]>();
  readonly documentsChanged = new Emitter<DocumentKey[]>();
  readonly attempted = new Emitter<AttemptEnd>();
  readonly #ports: OutboxPorts;
  readonly #writes: GroupCommit;
  readonly #server: ServerTraits = { versions: false };
  /** In the order of queueing. */
  readonly #entries = new Map<string, CommandEntry>();
  readonly #running = new Map<string, { controller: AbortController; done: Promise<void> }>();
  /** Somebody waits for these: they go before the background's share of the rate limit. */
  readonly #urgent = new Set<string>();
  /** What a person has decided about these is being stored. */
  readonly #held = new Set<string>();
  #isStarted = false;
  #isUnread = false;
  #signInAt = 0;
  /** Counts {@link kick}: what was on its way then has its answer from before it. */
  #kicks = 0;
  #stopTimer: () => void = () => undefined;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#writes = new GroupCommit(ports.store.outbox);
  }

  entries(): CommandEntry[] {
    return [...this.#entries.values()];
  }

  /** True once after the last of what waited was sent, if the server's view of something sent was not read. */
  hasSentUnread(): boolean {
    if (!this.#isUnread || this.#entries.size > 0) return false;
    this.#isUnread = false;
    return true;
  }

  entry(id: string): CommandEntry | null {
    return this.#entries.get(id) ?? null;
  }

  /** Takes up what the last run left. What was on its way then may have arrived: it is looked up where keys do not settle it. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#entries.clear();
    for (let after: number | null = 0; after !== null;) {
      const page: { entries: CommandEntry[]; next: number | null } = await this.#ports.store.outbox.list(after, loadStep);
      for (const entry of page.entries) this.#entries.set(entry.id, this.#atRest(entry));
      after = page.next;
    }
    this.#isStarted = true;
    this.#signInAt = 0;
    this.changed.emit();
    this.pump();
  }

  /** Nothing is sent any more when it resolves; what was cut off is looked up by the next start. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#stopTimer();
    const running = [...this.#running.values()];
    if (running.length > 0) {
      const cancel = this.#ports.clock.after(stopGrace, () => { for (const { controller } of running) controller.abort(failure('call.cancelled')); });
      await Promise.all(running.map(({ done }) => done));
      cancel();
    }
    this.#entries.clear();
  }

  /** Somebody signed in, the server is back, or a person wants it: everything that waits for its time may go now. */
  kick(ids: readonly string[] | null = null): void {
    this.#signInAt = 0;
    this.#kicks += 1;
    for (const id of ids ?? this.#entries.keys()) {
      const entry = this.#entries.get(id);
      if (entry !== undefined && isWaiting(entry) && entry.nextAttemptAt !== null) this.#entries.set(id, { ...entry, nextAttemptAt: null });
    }
    this.pump();
  }

  /**
   * A person wants it tried again, with nothing about it changed: one command, also a rejected one, or everything that waits.
   * @throws AppFailure outbox.sending, database.*
   */
  async again(id: string | null): Promise<void> {
    if (id === null) return this.kick();
    const entry = this.#entries.get(id);
    if (entry === undefined) throw failure('draft.missing');
    if (entry.state !== 'rejected') return this.kick([id]);
    await this.decide(id, ['rejected'], (now) => [
      { do: 'put', entry: this.#atRest({ ...now, state: 'waiting', error: null }) },
      ...(now.draftId === null ? [] : [{ do: 'draft', id: now.draftId, state: 'queued' } as const]),
    ]);
  }

  /** Commands that were just stored. @param urgent somebody waits for them */
  added(entries: readonly CommandEntry[], { urgent }: { urgent: boolean }): void {
    for (const entry of entries) {
      this.#entries.set(entry.id, entry);
      if (!this.#ports.isOnline()) this.#note(entry, 'offline', null);
      if (urgent) this.#urgent.add(entry.id);
    }
    this.changed.emit();
    this.pump();
  }

  /**
   * Stores what a person decided about a command, as it is at this moment, and follows it. Until that is stored, none of the
   * commands concerned is sent or decided about again.
   * @param decide makes the changes of the command's present entry
   * @throws AppFailure database.*: nothing is changed then; `outbox.sending` when one of the commands is on its way;
   * draft.missing when this one is done, or has another state than the person saw.
   */
  async decide(id: string, states: readonly CommandEntry['state'][], decide: (entry: CommandEntry) => OutboxChange[], records: readonly DocumentRecord[] = []): Promise<void> {
    if (this.#running.has(id)) throw failure('outbox.sending');
    const entry = this.#entries.get(id);
    if (entry === undefined || !states.includes(entry.state)) throw failure('draft.missing');
    const changes = decide(entry);
    const ids = [id, ...changes.flatMap((change) => (change.do === 'put' ? [change.entry.id] : change.do === 'remove' ? [change.id] : []))];
    if (ids.some((each) => this.#running.has(each) || this.#held.has(each))) throw failure('outbox.sending');
    for (const each of ids) this.#held.add(each);
    try {
      await this.#commit(changes, records);
    } finally {
      for (const each of ids) this.#held.delete(each);
      this.pump();
    }
  }

  /** Starts what may go. Called whenever that may have changed. */
  pump(): void {
    this.#stopTimer();
    const { clock, isOnline } = this.#ports;
    const now = clock.now();
    if (!this.#isStarted || !isOnline() || now < this.#signInAt) {
      if (this.#isStarted && now < this.#signInAt) this.#wakeAt(this.#signInAt, now);
      return;
    }
    const free = parallel - this.#running.size;
    if (free > 0) for (const entry of runnable(this.#entries.values(), { now, free, has: (id) => this.#entries.has(id), isHeld: (id) => this.#held.has(id) })) this.#run(entry);
    const next = nextWake(this.#entries.values(), now);
    if (next !== null) this.#wakeAt(next, now);
  }

  #wakeAt(at: number, now: number): void {
    this.#stopTimer = this.#ports.clock.after(at - now, () => this.pump());
  }

  #run(waiting: CommandEntry): void {
    const controller = new AbortController();
    const entry: CommandEntry = { ...waiting, state: 'sending' };
    this.#entries.set(entry.id, entry);
    // All attempts of a command under its own id: the server keeps the entry of the first that arrived.
    const done = withCorrelation(() => this.#attempt(entry, controller.signal), entry.id).then((end) => {
      this.#running.delete(entry.id);
      if (end.result === 'done') {
        this.#urgent.delete(entry.id);
        this.#isUnread ||= end.record !== null && end.record.changedAt === null;
      }
      this.attempted.emit(end);
      this.pump();
    });
    this.#running.set(entry.id, { controller, done });
    this.changed.emit();
  }

  /** One attempt, whatever comes of it. Never throws. */
  async #attempt(entry: CommandEntry, signal: AbortSignal): Promise<AttemptEnd> {
    let latest: StoredCommand = { entry, body: emptyBody };
    const kicks = this.#kicks;
    try {
      const command = await this.#ports.store.outbox.get(entry.id);
      if (command === null) {
        this.#entries.delete(entry.id);
        this.changed.emit();
        return { id: entry.id, result: 'stays', error: null };
      }
      latest = { entry, body: command.body };
      const outcome = await attempts[entry.kind](this.#work(latest, signal, (next) => { latest = next; }));
      if (outcome.kind === 'conflict') {
        this.#note(latest.entry, 'refused', 'conflict');
        const end = await afterConflict(this.#ports, latest, outcome);
        await this.#commit(end.changes, end.records);
        if (end.next === 'done') return { id: entry.id, result: 'done', record: outcome.theirs, workflow: null, taken: end.taken };
        return end.next === 'again' ? { id: entry.id, result: 'again', taken: end.taken } : { id: entry.id, result: 'stays', error: null };
      }
      const { changes, records } = afterDone(latest, outcome, this.entries());
      await this.#commit(changes, records);
      this.#note(latest.entry, 'sent', 'outbox');
      if (outcome.workflow !== null) await this.#told(entry.key, outcome.workflow);
      return { id: entry.id, result: 'done', record: outcome.record, workflow: outcome.workflow, taken: [] };
    } catch (error) {
      return this.#failed(latest.entry, error instanceof AppFailure ? error.error : appError('app.internal'), error, kicks !== this.#kicks);
    }
  }

  /** A command as it lies there while nothing of it is on its way. */
  #atRest(entry: CommandEntry): CommandEntry {
    if (entry.state !== 'sending' && !isWaiting(entry)) return entry;
    return { ...entry, state: entry.sentAt !== null && isKeyExpired(entry.sentAt, this.#ports.clock.now()) ? 'reconcile' : 'waiting' };
  }

  #note = ({ id, kind, key }: CommandEntry, outcome: 'sent' | 'refused' | 'offline', detail: string | null): void => this.#ports.journal.note({ action: kind, resource: `${documentTypeInfo[key.type].domain}/${key.number}`, outcome, correlationId: id, detail });

  #work(command: StoredCommand, signal: AbortSignal, keep: (command: StoredCommand) => void): Attempt {
    const { entry, body } = command;
    return {
      ports: this.#ports, entry, body, server: this.#server,
      call: { signal, priority: this.#urgent.has(entry.id) ? 'interactive' : 'background' },
      remember: async ({ entry: change = {}, body: bodyChange, also = [] }) => {
        const next = { entry: { ...entry, ...change }, body: { ...body, ...bodyChange } };
        const renamed = next.entry.key.number === entry.key.number ? [] : this.entries().filter(({ after }) => after === entry.id);
        const followers = renamed.map((follower): OutboxChange => ({ do: 'put', entry: { ...follower, key: next.entry.key, numberProvisional: next.entry.numberProvisional } }));
        await this.#commit([{ do: 'put', entry: next.entry, ...(bodyChange === undefined ? {} : { body: next.body }) }, ...followers, ...also]);
        keep(next);
        return this.#work(next, signal, keep);
      },
    };
  }

  /** The workflow of a document in the cache. What is not stored now comes with the next event or pull. */
  async #told(key: DocumentKey, workflow: Parameters<OutboxPorts['store']['documents']['setWorkflow']>[1]): Promise<void> {
    const { changed } = await this.#ports.store.documents.setWorkflow(key, workflow).catch(() => ({ changed: [] as DocumentKey[] }));
    if (changed.length > 0) this.documentsChanged.emit(changed);
  }

  /** @param wasKicked somebody signed in, or the server came back, while this was on its way */
  async #failed(entry: CommandEntry, error: AppError, cause: unknown, wasKicked: boolean): Promise<AttemptEnd> {
    const { clock, random, log } = this.#ports;
    const verdict = verdictOf(error);
    const now = clock.now();
    log.info('a command is not done yet', { kind: entry.kind, verdict, code: error.code, attempts: entry.attempts + 1, correlationId: error.correlationId, ...(error.code === 'app.internal' ? { err: cause } : {}) });
    let next: CommandEntry = { ...this.#atRest({ ...entry, state: 'waiting' }), error };
    if (verdict === 'cancelled') next = { ...next, error: entry.error, nextAttemptAt: null };
    else if (verdict === 'signIn') {
      if (!wasKicked) this.#signInAt = now + signInWait;
      next = { ...next, nextAttemptAt: wasKicked ? null : this.#signInAt };
    } else if (verdict === 'retry') next = { ...next, attempts: entry.attempts + 1, nextAttemptAt: now + backoff(entry.attempts + 1, error.retryAfter, random) };
    // Somebody else's document has the number: nothing of this command can be on the server.
    else next = { ...next, state: 'rejected', attempts: entry.attempts + 1, nextAttemptAt: null, sentAt: error.messageKey === numberTaken ? null : next.sentAt };
    if (next.state === 'rejected') this.#note(entry, 'refused', error.code);
    const changes: OutboxChange[] = [{ do: 'put', entry: next }];
    if (next.state === 'rejected' && entry.draftId !== null) changes.push({ do: 'draft', id: entry.draftId, state: 'rejected' });
    try {
      if (verdict !== 'cancelled') await this.#commit(changes, []);
      else this.#entries.set(next.id, next);
    } catch (failed) {
      // A full disk: the store still says that it may have been sent, which is all that must not be forgotten.
      log.warn('the state of a command was not stored', { err: failed });
      this.#entries.set(next.id, next.state === 'rejected' ? { ...this.#atRest({ ...next, state: 'waiting' }), nextAttemptAt: now + backoff(next.attempts, null, random) } : next);
      this.changed.emit();
    }
    return { id: entry.id, result: 'stays', error };
  }

  async #commit(changes: readonly OutboxChange[], records: readonly DocumentRecord[] = []): Promise<void> {
    const changed = await this.#writes.commit(changes, records);
    const drafts = new Set<string>();
    for (const change of changes) {
      if (change.do === 'put') this.#entries.set(change.entry.id, change.entry);
      else if (change.do === 'remove') this.#entries.delete(change.id);
      else drafts.add(change.do === 'insertDraft' ? change.draft.id : change.id);
    }
    this.changed.emit();
    if (drafts.size > 0) this.draftsChanged.emit([...drafts]);
    if (changed.length > 0) this.documentsChanged.emit(changed);
  }
}

const emptyBody: CommandBody = { document: null, lineIds: [], base: null, earlier: null, theirs: null, theirsBy: null };

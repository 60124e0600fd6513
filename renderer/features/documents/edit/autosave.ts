import type { DraftContent } from '../../../../shared/domain/draft.ts';
import { appError, type AppError, type ErrorCode } from '../../../../shared/ipc/errors.ts';
import { CallError, errorOf } from '../../../bridge/call.ts';

/** Where a draft stands. `saved` is said only after the store has answered; `failed` keeps everything in this window. */
export type SaveState =
  | { status: 'untouched' }
  | { status: 'waiting' | 'saving'; savedAt: number | null }
  | { status: 'saved'; savedAt: number }
  | { status: 'failed'; savedAt: number | null; error: AppError };

/** How the draft is in the store: its version, and when that was written (epoch milliseconds). */
export type Stored = { version: number; savedAt: number };

export type AutosavePorts = {
  /** Runs later; the returned function calls it off. */
  after: (ms: number, run: () => void) => () => void;
  now: () => number;
  /** Writes, on top of `version`; null makes the draft. @throws anything that kept it from being stored */
  save: (content: DraftContent, version: number | null) => Promise<Stored>;
  changed: (state: SaveState, stored: Stored | null) => void;
};

/** Pause in typing, in milliseconds, after which it is stored; and how long it is put off at most while typing goes on. */
const pauseMs = 250;
const longestMs = 2_000;
/** Failed: tried again by itself, so that a disk that has room again is noticed. */
const againMs = 5_000;

/**
 * Stores what is typed: a short while after the last key, at once when asked, one write at a time, and always the newest
 * content. What could not be stored stays here and is tried again.
 */
export class Autosave {
  readonly #ports: AutosavePorts;
  #stored: Stored | null;
  /** Not stored yet. */
  #content: DraftContent | null = null;
  #since = 0;
  #cancel: () => void = () => undefined;
  #running: Promise<void> | null = null;
  #error: AppError | null = null;
  /** Why nothing may be written now; null while it may. */
  #paused: ErrorCode | null = null;

  constructor(ports: AutosavePorts, stored: Stored | null) {
    this.#ports = ports;
    this.#stored = stored;
  }

  get stored(): Stored | null {
    return this.#stored;
  }

  /** Everything is stored, and nothing is on its way. */
  get isIdle(): boolean {
    return this.#content === null && this.#running === null;
  }

  /** There is more than what is stored, and it cannot be written until {@link resume}. */
  get isHeld(): boolean {
    return this.#paused !== null && this.#content !== null;
  }

  /** Takes over what is to be stored. */
  change(content: DraftContent): void {
    if (this.#content === null) this.#since = this.#ports.now();
    this.#content = content;
    if (this.#paused !== null) return;
    this.#tell(this.#running === null ? 'waiting' : 'saving');
    this.#schedule(Math.max(0, Math.min(pauseMs, this.#since + longestMs - this.#ports.now())));
  }

  /** Stores now what is not stored yet. @throws CallError when it cannot be stored, or not before {@link resume} */
  async flush(): Promise<void> {
    this.#cancel();
    while (this.#content !== null || this.#running !== null) {
      // Only somebody else ends a pause: waiting for that here would leave the window no moment to do it.
      if (this.#paused !== null && this.#running === null) throw new CallError(this.#error ?? appError(this.#paused));
      await (this.#running ?? this.#write());
      if (this.#error !== null) throw new CallError(this.#error);
    }
  }

  /** While the draft is on its way to the server it cannot be written; what is typed meanwhile waits. @param why what a flush says */
  pause(why: ErrorCode = 'draft.locked'): void {
    this.#cancel();
    this.#paused = why;
  }

  /** Goes on, on top of what the store has now. */
  resume(stored: Stored | null): void {
    this.#paused = null;
    this.#stored = stored;
    this.#error = null;
    if (this.#content === null) this.#tell(stored === null ? 'untouched' : 'saved');
    else this.change(this.#content);
  }

  /** Nothing more is written: the draft is sent, or thrown away. */
  end(): void {
    this.#cancel();
    this.#paused = 'draft.missing';
    this.#content = null;
  }

  #schedule(ms: number): void {
    this.#cancel();
    this.#cancel = this.#ports.after(ms, () => { void (this.#running ?? this.#write()); });
  }

  /** Never rejects: how it went is in `#error`. */
  #write(): Promise<void> {
    const content = this.#content;
    if (content === null || this.#paused !== null) return Promise.resolve();
    this.#tell('saving');
    this.#running = this.#ports.save(content, this.#stored?.version ?? null).then((stored) => {
      this.#running = null;
      this.#stored = stored;
      this.#error = null;
      if (this.#content === content) {
        this.#content = null;
        this.#tell('saved');
      } else if (this.#content !== null) {
        this.#since = this.#ports.now();
        this.change(this.#content);
      }
    }, (thrown: unknown) => {
      this.#running = null;
      this.#error = errorOf(thrown);
      this.#tell('failed');
      if (this.#content !== null && this.#error.code !== 'draft.changedElsewhere') this.#schedule(againMs);
    });
    return this.#running;
  }

  #tell(status: SaveState['status']): void {
    const savedAt = this.#stored?.savedAt ?? null;
    const state: SaveState = status === 'failed' && this.#error !== null ? { status, savedAt, error: this.#error }
      : status === 'saved' && savedAt !== null ? { status, savedAt }
        : status === 'waiting' || status === 'saving' ? { status, savedAt } : { status: 'untouched' };
    this.#ports.changed(state, this.#stored);
  }
}

import { z } from 'zod';
import { graceMarkSchema, graceChangesIn, judgeGrace, type GraceMark, type GraceState } from '../../shared/domain/grace.ts';
import { Emitter } from '../emitter.ts';
import type { Clock } from '../erp/ports.ts';
import type { Log } from '../log/log.ts';
import type { SecretStore } from '../secrets/store.ts';

export type OfflineGraceOptions = {
  store: SecretStore;
  /** Whose marks these are, of possibly several profiles. */
  profileId: string;
  /** How long the cache opens after the last contact, in milliseconds. */
  graceMs: () => number;
  clock: Clock;
  /** Milliseconds that only ever grow; `performance.now` unless given. */
  monotonic?: () => number;
  log: Log;
};

/** Timers stand still in sleep and clocks are set: so it is looked at often. */
const lookEveryMs = 60_000;
/** How far the stored mark may lag behind: as much time as a killed process can gain. */
const storeEveryMs = 5 * 60_000;

const storedSchema = graceMarkSchema.extend({ version: z.literal(1), accountId: z.string() });

/**
 * How long the cache may be opened without a server. The mark is stored beside the session, in the keychain, and holds
 * only times: what is over is over until the next contact, and nothing is ever removed because of it.
 */
export class OfflineGrace {
  readonly changed = new Emitter<GraceState>();
  readonly #options: OfflineGraceOptions;
  #accountId: string | null = null;
  #mark: GraceMark = { contactAt: 0, seenAt: 0 };
  #stored: GraceMark = { contactAt: 0, seenAt: 0 };
  #confirmedAt: number | null = null;
  /** When the mark last moved, on the clock that nobody can set. */
  #movedAt = 0;
  #told: GraceState = { status: 'fine' };
  #stop: () => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: OfflineGraceOptions) {
    this.#options = options;
  }

  /** Takes up the account's mark, or a newer confirmation of its session. @param confirmedAt when that was last, as the session remembers it. */
  async begin(accountId: string, confirmedAt: number | null): Promise<GraceState> {
    if (this.#accountId !== accountId) {
      const stored = await this.#read(accountId);
      const contactAt = Math.max(stored?.contactAt ?? 0, confirmedAt ?? 0);
      this.#accountId = accountId;
      this.#confirmedAt = confirmedAt;
      this.#stored = stored ?? { contactAt: 0, seenAt: 0 };
      this.#mark = { contactAt, seenAt: Math.max(stored?.seenAt ?? 0, contactAt) };
      this.#movedAt = this.#monotonic();
      this.#look();
    } else if (confirmedAt !== null && confirmedAt !== this.#confirmedAt) {
      this.#confirmedAt = confirmedAt;
      this.contact();
    }
    return this.state();
  }

  /** A server has confirmed the account just now: time counts from here, whatever the clock showed before. */
  contact(): void {
    if (this.#accountId === null) return;
    const now = this.#options.clock.now();
    this.#mark = { contactAt: now, seenAt: now };
    this.#movedAt = this.#monotonic();
    this.#look();
  }

  state(): GraceState {
    if (this.#accountId === null) return { status: 'fine' };
    this.#move();
    return judgeGrace(this.#mark, this.#options.clock.now(), this.#options.graceMs());
  }

  /** Looks again: after sleep, or when the policy has changed. */
  look(): void {
    if (this.#accountId !== null) this.#look();
  }

  /** Resolves when the mark is stored as it is now. */
  async flush(): Promise<void> {
    if (this.#accountId === null) return;
    this.#move();
    await this.#write();
  }

  /** The account has signed out here: its mark goes with its session. */
  async forget(): Promise<void> {
    this.#end();
    await this.#writing;
    await this.#options.store.delete(this.#name()).catch((error: unknown) => this.#options.log.warn('the offline mark was not removed', { error }));
  }

  async dispose(): Promise<void> {
    await this.flush();
    this.#end();
  }

  #end(): void {
    this.#stop();
    this.#accountId = null;
    this.#told = { status: 'fine' };
  }

  #monotonic(): number {
    return (this.#options.monotonic ?? (() => performance.now()))();
  }

  /** The mark only ever rises: with the clock, and with the time that passes while the clock says otherwise. */
  #move(): void {
    const monotonic = this.#monotonic();
    const seenAt = Math.max(this.#mark.seenAt + (monotonic - this.#movedAt), this.#options.clock.now());
    this.#mark = { ...this.#mark, seenAt };
    this.#movedAt = monotonic;
  }

  #look(): void {
    this.#stop();
    const state = this.state();
    if (this.#mark.seenAt - this.#stored.seenAt >= storeEveryMs || this.#mark.contactAt - this.#stored.contactAt >= storeEveryMs || this.#mark.seenAt < this.#stored.seenAt) void this.#write();
    const left = graceChangesIn(this.#mark, this.#options.clock.now(), this.#options.graceMs());
    this.#stop = this.#options.clock.after(Math.max(1, Math.min(lookEveryMs, left ?? lookEveryMs)), () => this.#look());
    if (JSON.stringify(state) === JSON.stringify(this.#told)) return;
    this.#told = state;
    this.#options.log.info('offline time', { state });
    this.changed.emit(state);
  }

  async #read(accountId: string): Promise<GraceMark | null> {
    try {
      const text = await this.#options.store.get(this.#name());
      const stored = text === null ? null : storedSchema.safeParse(JSON.parse(text));
      return stored?.success === true && stored.data.accountId === accountId ? { contactAt: stored.data.contactAt, seenAt: stored.data.seenAt } : null;
    } catch (error) {
      // The session's own memory of its last confirmation stands in.
      this.#options.log.warn('the offline mark could not be read', { error });
      return null;
    }
  }

  #write(): Promise<void> {
    const [accountId, mark] = [this.#accountId, this.#mark];
    this.#stored = mark;
    this.#writing = this.#writing.then(async () => {
      if (accountId !== this.#accountId) return;
      await this.#options.store.set(this.#name(), JSON.stringify({ version: 1, accountId, ...mark })).catch((error: unknown) => this.#options.log.warn('the offline mark was not stored', { error }));
    });
    return this.#writing;
  }

  #name(): string {
    return `grace.${this.#options.profileId}`;
  }
}

import { z } from 'zod';
import { clockKinds, runningClocks, stages } from '../../../shared/security/incidents/clocks.ts';
import { isPending, openCount, remindersOf, type Reminder } from '../../../shared/security/incidents/list.ts';
import type { Background, SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import type { IncidentBook } from './book.ts';
import type { IncidentSync } from './sync.ts';

const reminderSchema = z.object({
  id: z.string(), incident: z.string(), title: z.string(), isExercise: z.boolean(), clock: z.enum(clockKinds), stage: z.enum(stages), dueAt: z.number(),
  /** Null until the window has shown it. */
  toldAt: z.number().nullable(),
});
type Kept = z.infer<typeof reminderSchema>;

export type IncidentWatch = { open: number; overdue: number; next: { incident: string; title: string; clock: Reminder['clock']; dueAt: number } | null; reminders: Reminder[] };

/** Looks at the clocks twice a minute. It asks the time anew on every look, so after a sleep the first look is right. */
const lookMs = 30_000;
/** With nothing to send, the server is asked this often whether a colleague has done something. */
const syncMs = 2 * 60_000;

/** Reminds before a clock ends and when it has ended, each stage once, also across restarts; keeps the incidents joined with the server. */
export class IncidentReminders implements Background {
  readonly #ports: SecurityPorts;
  readonly #book: IncidentBook;
  readonly #sync: IncidentSync;
  readonly #kept: Records<Kept>;
  #cancel: (() => void) | null = null;
  #looking: Promise<void> = Promise.resolve();
  #syncedAt = 0;

  constructor(ports: SecurityPorts, book: IncidentBook, sync: IncidentSync) {
    this.#ports = ports;
    this.#book = book;
    this.#sync = sync;
    this.#kept = new Records({ host: ports.host, kind: 'incident.reminder', schema: reminderSchema, idOf: ({ id }) => id, now: ports.clock.now });
  }

  readonly start = (): void => {
    this.#cancel?.();
    const again = (): void => {
      this.#looking = this.look().catch((error: unknown) => this.#ports.log.warn('the clocks of incidents could not be looked at', { err: error })).then(() => {
        if (this.#cancel !== null) this.#cancel = this.#ports.clock.after(lookMs, again);
      });
    };
    this.#cancel = () => undefined;
    again();
  };

  readonly stop = async (): Promise<void> => {
    this.#cancel?.();
    this.#cancel = null;
    await Promise.all([this.#sync.stop(), this.#looking]);
  };

  /** The server is back: what waits for it goes at once, not with the next look. */
  readonly reconnected = (): void => {
    if (this.#cancel !== null) void this.#sync.sync();
  };

  /** One look: what has come to a new stage is kept for the window, what is over is forgotten. */
  async look(): Promise<void> {
    if (!this.#book.mayRead()) return;
    const { clock } = this.#ports;
    const [stored, kept] = await Promise.all([this.#book.list(), this.#kept.list()]);
    const now = clock.now();
    const due = remindersOf(stored.map(({ incident }) => incident), now);
    const known = new Set(kept.map(({ id }) => id));
    const fresh = due.filter(({ id }) => !known.has(id)).map((reminder): Kept => ({ ...reminder, toldAt: null }));
    // A clock that was set back must not make a stage new: only what is no longer about a running clock is forgotten.
    const running = new Set(stored.flatMap(({ incident }) => runningClocks(incident, now).map(({ kind, dueAt }) => `${incident.id}.${kind}.${dueAt ?? ''}`)));
    const gone = kept.filter(({ incident, clock: kind, dueAt }) => !running.has(`${incident}.${kind}.${dueAt}`)).map(({ id }) => id);
    if (fresh.length > 0) await this.#kept.put(...fresh);
    if (gone.length > 0) await this.#kept.remove(...gone);
    if (fresh.length + gone.length > 0) this.#ports.changed('incidents');
    if (now - this.#syncedAt >= syncMs || now < this.#syncedAt || stored.some(isPending)) {
      this.#syncedAt = now;
      await this.#sync.sync();
    }
  }

  /** What the frame shows: how many real incidents are open, the next clock, and what was not told yet. */
  async watch(): Promise<IncidentWatch> {
    if (!this.#book.mayRead()) return { open: 0, overdue: 0, next: null, reminders: [] };
    const now = this.#ports.clock.now();
    const [stored, kept] = await Promise.all([this.#book.list(), this.#kept.list()]);
    const incidents = stored.map(({ incident }) => incident);
    const clocks = incidents.filter(({ isExercise }) => !isExercise).flatMap((incident) => runningClocks(incident, now).flatMap(({ kind, dueAt, isPreliminary }) => (dueAt === null || isPreliminary ? [] : [{ incident: incident.id, title: incident.title, clock: kind, dueAt }])));
    return {
      open: openCount(incidents, now), overdue: clocks.filter(({ dueAt }) => dueAt < now).length, next: clocks.toSorted((a, b) => a.dueAt - b.dueAt)[0] ?? null,
      reminders: kept.filter(({ toldAt }) => toldAt === null).map(({ toldAt: _toldAt, ...reminder }) => reminder).toSorted((a, b) => a.dueAt - b.dueAt),
    };
  }

  /** The window has shown them. */
  async told(ids: readonly string[]): Promise<void> {
    const now = this.#ports.clock.now();
    for (const id of ids) await this.#kept.change(id, (reminder) => ({ ...reminder, toldAt: now }));
    this.#ports.changed('incidents');
  }
}

import { randomUUID } from 'node:crypto';
import { AppFailure, type AppError } from '../../../shared/ipc/errors.ts';
import { withEntry } from '../../../shared/security/incidents/commands.ts';
import { incidentSchema, type Conflict, type StoredIncident } from '../../../shared/security/incidents/incident.ts';
import { isPending } from '../../../shared/security/incidents/list.ts';
import { isSame, mergeTrees, patchBetween, putAt, valueAt } from '../../../shared/security/incidents/merge.ts';
import { journaled } from '../../audit/journal.ts';
import { Emitter } from '../../emitter.ts';
import type { VersionedIncident } from '../../erp/api/incidents.ts';
import type { SecurityPorts } from '../ports.ts';
import type { IncidentBook } from './book.ts';

export type SyncStatus = { server: 'unknown' | 'supported' | 'unsupported'; syncedAt: number | null; unreadable: number; error: AppError | null };

/** Rounds of pulling and sending before the rest waits for the next time. */
const mostRounds = 5;

/**
 * Joins the server's version of an incident with what was done here. A place where the server has what this client sent
 * itself, although the answer got lost, is no conflict.
 */
export function joined(stored: StoredIncident, theirs: VersionedIncident, doer: { by: string; now: number; newId: () => string }): StoredIncident {
  const { merged, conflicts } = mergeTrees(stored.base, stored.incident, theirs.incident, doer.now);
  let tree = merged;
  const real: Conflict[] = [];
  for (const conflict of conflicts) {
    if (stored.sent !== null && isSame(valueAt(stored.sent, conflict.path), conflict.theirs)) tree = putAt(tree, conflict.path, conflict.mine);
    else real.push(conflict);
  }
  const known = new Map([...stored.conflicts, ...real].map((conflict) => [conflict.path, conflict]));
  const incident = real.reduce((changed, { path, mine, theirs: their }) => withEntry(changed, doer, { kind: 'conflict', params: { path, mine: worded(mine), theirs: worded(their) } }), incidentSchema.parse(tree));
  return { incident, base: theirs.incident, sent: null, version: theirs.version, conflicts: [...known.values()] };
}

/** A value as the time line keeps it, so that neither version is ever lost. */
const worded = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value) ?? '').slice(0, 2000);

/** Keeps the incidents here and on the server the same, one run at a time. */
export class IncidentSync {
  /** Told when the server had something that was not known here. */
  readonly pulled = new Emitter<null>();
  readonly #ports: SecurityPorts;
  readonly #book: IncidentBook;
  #status: SyncStatus = { server: 'unknown', syncedAt: null, unreadable: 0, error: null };
  #running: Promise<void> | null = null;
  #again = false;
  #pulls = false;
  #stopping = new AbortController();

  constructor(ports: SecurityPorts, book: IncidentBook) {
    this.#ports = ports;
    this.#book = book;
  }

  status(): SyncStatus {
    return this.#status;
  }

  /** Reads what the server has and sends what waits. Never rejects: what went wrong is in the status. */
  sync(): Promise<void> {
    this.#pulls = true;
    return this.send();
  }

  /**
   * Sends what waits, and reads only where the server has something newer: a person who works on an incident makes many
   * changes a minute, and reading everything before each would use up what the server allows. Never rejects.
   */
  send(): Promise<void> {
    if (this.#running === null) this.#running = this.#run();
    else this.#again = true;
    return this.#running;
  }

  /** Ends what is under way, wherever it is: a lock waits for no server. What was not sent stays to be sent. */
  async stop(): Promise<void> {
    this.#again = false;
    this.#stopping.abort();
    await this.#running;
    this.#stopping = new AbortController();
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      await this.#once();
    } while (this.#again);
    // In the same step as the look at `again`: a call in between would be lost.
    this.#running = null;
  }

  async #once(): Promise<void> {
    const { isOnline, erp, clock, log } = this.#ports;
    const before = this.#status;
    const pulls = this.#pulls || before.server !== 'supported';
    this.#pulls = false;
    try {
      if (!isOnline() || !this.#book.mayRead()) return;
      if (!(await erp.capabilities({ priority: 'background', signal: this.#stopping.signal })).has('incidents')) {
        this.#status = { ...before, server: 'unsupported', error: null };
      } else {
        let { unreadable } = pulls ? await this.#pull() : before;
        for (let round = 0; round < mostRounds && !(await this.#push()); round++) ({ unreadable } = await this.#pull());
        this.#status = { server: 'supported', syncedAt: pulls ? clock.now() : before.syncedAt, unreadable, error: null };
      }
    } catch (error) {
      const failed = error instanceof AppFailure ? error.error : null;
      if (failed?.code === 'call.cancelled') return;
      if (failed === null) log.error('incidents could not be joined with the server', { err: error });
      this.#status = { ...before, error: failed };
    }
    this.#ports.changed('incidents');
  }

  async #pull(): Promise<{ unreadable: number }> {
    const { items, unreadable } = await this.#ports.erp.incidents.list({ priority: 'background', signal: this.#stopping.signal });
    let isNew = false;
    for (const theirs of items) {
      const joinedOne = await this.#book.records.change(theirs.incident.id, (stored) => {
        if (stored.version === theirs.version) return stored;
        isNew = true;
        return joined(stored, theirs, this.#book.doer());
      });
      if (joinedOne !== null) continue;
      isNew = true;
      await this.#book.records.put({ incident: theirs.incident, base: theirs.incident, sent: null, version: theirs.version, conflicts: [] });
    }
    if (isNew) this.pulled.emit(null);
    return { unreadable };
  }

  /** @returns false when the server had something newer: pull and come again */
  async #push(): Promise<boolean> {
    if (!this.#book.mayAct()) return true;
    let refusal: unknown = null;
    for (const stored of await this.#book.list()) {
      if (!isPending(stored)) continue;
      try {
        if (!(await this.#send(stored))) return false;
      } catch (error) {
        // One that the server will not take must not keep the others from it.
        if (!(error instanceof AppFailure && /^server\.(?:badRequest|invalid|refused)$/.test(error.error.code))) throw error;
        refusal ??= error;
      }
    }
    if (refusal !== null) throw refusal;
    return true;
  }

  async #send({ incident, base, version }: StoredIncident): Promise<boolean> {
    const { erp, audit } = this.#ports;
    const patch = base === null || version === null ? null : patchBetween(base, incident);
    await this.#book.records.change(incident.id, (stored) => ({ ...stored, sent: incident }));
    const options = { priority: 'background' as const, signal: this.#stopping.signal, idempotencyKey: randomUUID() };
    try {
      const answer = await journaled(audit.notes, { action: version === null ? 'incident.create' : 'incident.change', resource: `incident/${incident.id}` }, () =>
        (version === null ? erp.incidents.create(incident, options) : erp.incidents.change(incident.id, patch ?? {}, { ...options, version })));
      // Somebody may have gone on here while it was on its way.
      await this.#book.records.change(incident.id, (stored) => joined({ ...stored, base: incident }, answer, this.#book.doer()));
      return true;
    } catch (error) {
      if (error instanceof AppFailure && ['server.preconditionFailed', 'server.conflict'].includes(error.error.code)) return false;
      throw error;
    }
  }
}

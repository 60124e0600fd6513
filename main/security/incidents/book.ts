import { randomUUID } from 'node:crypto';
import { everything, type AuditFilter } from '../../../shared/domain/audit.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { createIncident, obey, withEntry, type Command, type Doer, type NewIncident } from '../../../shared/security/incidents/commands.ts';
import { incidentSchema, storedIncidentSchema, type EvidenceEntry, type Incident, type StoredIncident, type TimelineEntry } from '../../../shared/security/incidents/incident.ts';
import { putAt } from '../../../shared/security/incidents/merge.ts';
import { Emitter } from '../../emitter.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { canAct, canRead, mustAct } from '../rights.ts';

/** Entries of the audit log that are attached at once. */
const mostEntries = 200;

const unknown = () => failure('input.invalid', { messageKey: 'errors.incident.unknown' });

/** Incidents in the encrypted cache. Everything works without a network; what the server has is joined by {@link IncidentSync}. */
export class IncidentBook {
  readonly records: Records<StoredIncident>;
  /** Told after a change of this client was stored. */
  readonly changed = new Emitter<Incident>();
  readonly #ports: SecurityPorts;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.records = new Records({ host: ports.host, kind: 'incident', schema: storedIncidentSchema, idOf: ({ incident }) => incident.id, now: ports.clock.now });
  }

  list(): Promise<StoredIncident[]> {
    return this.records.list();
  }

  /** @throws AppFailure input.invalid when there is none */
  async get(id: string): Promise<StoredIncident> {
    const stored = await this.records.get(id);
    if (stored === null) throw unknown();
    return stored;
  }

  doer(): Doer {
    return { by: this.#ports.account().userName, now: this.#ports.clock.now(), newId: randomUUID };
  }

  /** @throws AppFailure access.missingScope, input.invalid */
  async create(given: NewIncident): Promise<StoredIncident> {
    this.requireAct();
    const doer = this.doer();
    if (given.detectedAt > doer.now + 5 * 60_000 || given.awareAt > doer.now + 5 * 60_000) throw failure('input.invalid', { messageKey: 'errors.incident.future' });
    if (given.awareAt < given.detectedAt) throw failure('input.invalid', { messageKey: 'errors.incident.beforeStart' });
    const stored: StoredIncident = { incident: createIncident(given, doer), base: null, sent: null, version: null, conflicts: [] };
    await this.records.put(stored);
    this.#note(given.isExercise ? 'incident.exercise' : 'incident.create', stored.incident);
    this.changed.emit(stored.incident);
    return stored;
  }

  /** @throws AppFailure access.missingScope; input.invalid with the reason when it cannot be done now */
  obey(id: string, command: Command): Promise<StoredIncident> {
    return this.#change(id, `incident.${command.do}`, (incident, doer) => {
      const answer = obey(incident, command, doer);
      if ('refused' in answer) throw failure('input.invalid', { messageKey: `errors.incident.${answer.refused}` });
      return answer.incident;
    });
  }

  /** Writes down what an action of this app has done. */
  append(id: string, entry: Pick<TimelineEntry, 'kind'> & Partial<Pick<TimelineEntry, 'params' | 'text'>>): Promise<StoredIncident> {
    return this.#change(id, `incident.${entry.kind}`, (incident, doer) => withEntry(incident, doer, entry));
  }

  /** Attaches entries of the audit log: some by their places, or those that a filter leaves, the newest first and at most 200. */
  async attach(id: string, target: { indexes: number[] } | { filter: AuditFilter }): Promise<StoredIncident> {
    this.requireAct();
    const { host } = this.#ports;
    const indexes = 'indexes' in target ? target.indexes : (await host.audit('audit.list', { filter: { ...everything, ...target.filter }, offset: 0, limit: mostEntries })).rows.map(({ index }) => index);
    const details = await Promise.all(indexes.slice(0, mostEntries).map((index) => host.audit('audit.entry', { index })));
    return this.#change(id, 'incident.evidence', (incident, doer) => {
      const known = new Set(Object.values(incident.evidence).map(({ index }) => index));
      const added = details.flatMap((detail): EvidenceEntry[] => {
        if (detail === null || known.has(detail.row.index)) return [];
        const { index, at, actor, action, resource, outcome } = detail.row;
        // The log sets no bounds to its texts; the whole entry is one press away.
        return [{ index, at, actor: actor.slice(0, 200), action: action.slice(0, 300), resource: resource.slice(0, 300), outcome, leafHash: detail.leafHash, provenBy: detail.proof?.size ?? null, attachedAt: doer.now, attachedBy: doer.by }];
      });
      if (added.length === 0) throw failure('input.invalid', { messageKey: 'errors.incident.noEntries' });
      const evidence = { ...incident.evidence, ...Object.fromEntries(added.map((entry) => [`log-${entry.index}`, entry])) };
      return withEntry({ ...incident, evidence }, doer, { kind: 'evidence', params: { count: String(added.length), first: String((added[0]?.index ?? 0) + 1) } });
    });
  }

  /** Settles a place that two people have changed. */
  async resolve(id: string, path: string, take: 'mine' | 'theirs'): Promise<StoredIncident> {
    const { conflicts } = await this.get(id);
    const conflict = conflicts.find((one) => one.path === path);
    if (conflict === undefined) throw unknown();
    return this.#change(id, 'incident.resolve', (incident, doer) => {
      const settled = incidentSchema.parse(take === 'mine' ? putAt(incident, path, conflict.mine) : incident);
      return withEntry(settled, doer, { kind: 'resolved', params: { path, take } });
    }, path);
  }

  /** Somebody has taken the report of an incident out of the app. */
  async exported(id: string, what: string): Promise<void> {
    const { incident } = await this.get(id);
    this.#note(`incident.export.${what}`, incident);
  }

  /** @throws AppFailure access.missingScope */
  requireAct(): void {
    mustAct(this.#ports.account());
  }

  mayAct(): boolean {
    return canAct(this.#ports.account());
  }

  mayRead(): boolean {
    return canRead(this.#ports.account());
  }

  async #change(id: string, action: string, change: (incident: Incident, doer: Doer) => Incident, settled?: string): Promise<StoredIncident> {
    this.requireAct();
    const doer = this.doer();
    const stored = await this.records.change(id, (before) => ({ ...before, incident: change(before.incident, doer), conflicts: before.conflicts.filter(({ path }) => path !== settled) }));
    if (stored === null) throw unknown();
    this.#note(action, stored.incident);
    this.changed.emit(stored.incident);
    return stored;
  }

  #note(action: string, incident: Incident): void {
    this.#ports.audit.notes.note({ action, resource: `incident/${incident.id}`, outcome: 'local', correlationId: null, detail: incident.isExercise ? 'exercise' : null });
  }
}

import type { Evidence } from '../../../shared/security/evidence.ts';
import type { Command } from '../../../shared/security/incidents/commands.ts';
import type { Incident, StoredIncident } from '../../../shared/security/incidents/incident.ts';
import { rowOf, sortRows, type IncidentRow } from '../../../shared/security/incidents/list.ts';
import type { SecurityPorts } from '../ports.ts';
import type { SecretsService } from '../secrets/index.ts';
import { IncidentBook } from './book.ts';
import { Containment } from './containment.ts';
import { Leavers } from './leavers.ts';
import { IncidentReminders } from './reminders.ts';
import { IncidentSync, type SyncStatus } from './sync.ts';

const year = 365 * 24 * 3_600_000;
const origin = 'incident.exercise';

/** Incidents, their clocks and what is done about them, and the people who leave. */
export class Incidents {
  readonly book: IncidentBook;
  readonly joining: IncidentSync;
  readonly reminders: IncidentReminders;
  readonly containment: Containment;
  readonly leavers: Leavers;
  /** Whose reports these are. */
  readonly sender: string;
  readonly #ports: SecurityPorts;

  constructor(ports: SecurityPorts, secrets: Pick<SecretsService, 'rotate'>) {
    this.#ports = ports;
    this.sender = ports.profile.name;
    this.book = new IncidentBook(ports);
    this.joining = new IncidentSync(ports, this.book);
    this.reminders = new IncidentReminders(ports, this.book, this.joining);
    this.containment = new Containment(ports, this.book, this.joining, secrets);
    this.leavers = new Leavers(ports, this.book);
    // An exercise of a colleague counts as much.
    this.joining.pulled.on(() => void this.#attest());
    this.book.changed.on((incident) => {
      ports.changed('incidents');
      if (incident.isExercise) void this.#attest();
      void this.joining.send();
    });
  }

  async list(): Promise<{ rows: IncidentRow[]; sync: SyncStatus }> {
    const now = this.#ports.clock.now();
    return { rows: sortRows((await this.book.list()).map((stored) => rowOf(stored, now))), sync: this.joining.status() };
  }

  obey(id: string, command: Command): Promise<StoredIncident> {
    return this.book.obey(id, command);
  }

  /** The last exercise that was looked back at counts for the score; a real incident says nothing about exercises. */
  async #attest(): Promise<void> {
    const { evidence, log } = this.#ports;
    try {
      const said = exerciseEvidence((await this.book.list()).map(({ incident }) => incident));
      await (said === null ? evidence.settle([], [{ point: 'humanLayer.exercise', origin }]) : evidence.settle([said]));
    } catch (error) {
      log.warn('the exercise could not be kept as evidence', { err: error });
    }
  }
}

/**
 * What exercises say about the point of the score: the one that ended last, dated by its end, because looking back at it a year
 * later makes it no younger. Null when none was looked back at; one that was opened again counts no longer.
 */
export function exerciseEvidence(incidents: readonly Incident[]): Evidence | null {
  const [last] = incidents.flatMap(({ id, title, isExercise, closed, postMortem }) => (isExercise && closed !== null && postMortem !== null ? [{ id, title, at: Math.min(closed.at, postMortem.at), by: postMortem.by }] : [])).toSorted((a, b) => b.at - a.at);
  if (last === undefined) return null;
  return {
    point: 'humanLayer.exercise', origin, outcome: 'met', source: 'attested', at: last.at, expiresAt: last.at + year, messageKey: 'security-incidents.evidence.exercise', params: { title: last.title.slice(0, 300) }, by: last.by,
    link: `/security/incidents/${last.id}`,
  };
}

export const createIncidents = (ports: SecurityPorts, secrets: Pick<SecretsService, 'rotate'>): Incidents => new Incidents(ports, secrets);

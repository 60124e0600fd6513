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
    this.book.changed.on((incident) => {
      ports.changed('incidents');
      void this.#attest(incident);
      void this.joining.sync();
    });
  }

  async list(): Promise<{ rows: IncidentRow[]; sync: SyncStatus }> {
    const now = this.#ports.clock.now();
    return { rows: sortRows((await this.book.list()).map((stored) => rowOf(stored, now))), sync: this.joining.status() };
  }

  obey(id: string, command: Command): Promise<StoredIncident> {
    return this.book.obey(id, command);
  }

  /** An exercise that was looked back at counts for the score; a real incident says nothing about exercises. */
  async #attest(incident: Incident): Promise<void> {
    if (!incident.isExercise || incident.postMortem === null) return;
    const { at, by } = incident.postMortem;
    await this.#ports.evidence.write({
      point: 'humanLayer.exercise', origin: 'incident.exercise', outcome: 'met', source: 'attested', at, expiresAt: at + year, messageKey: 'security-incidents.evidence.exercise', params: { title: incident.title.slice(0, 300) }, by,
      link: `/security/incidents/${incident.id}`,
    }).catch((error: unknown) => this.#ports.log.warn('the exercise could not be kept as evidence', { err: error }));
  }
}

export const createIncidents = (ports: SecurityPorts, secrets: Pick<SecretsService, 'rotate'>): Incidents => new Incidents(ports, secrets);

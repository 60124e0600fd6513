import type { Action, ActionFeatures } from '../../../shared/security/incidents/actions.ts';
import type { StoredIncident } from '../../../shared/security/incidents/incident.ts';
import { AppFailure } from '../../../shared/ipc/errors.ts';
import { journaled } from '../../audit/journal.ts';
import type { SecurityPorts } from '../ports.ts';
import type { SecretsService } from '../secrets/index.ts';
import type { IncidentBook } from './book.ts';
import type { IncidentSync } from './sync.ts';

/** Ends every sign-in of somebody and looks whether none is left. */
export async function endSessionsOf({ erp, audit }: Pick<SecurityPorts, 'erp' | 'audit'>, user: string): Promise<{ ended: number; left: number }> {
  return journaled(audit.notes, { action: 'session.end', resource: `session/${user}` }, async () => {
    const before = await erp.sessions.listOf(user);
    for (const { id, current } of before) {
      // Ending the own sign-in would cut this off before the rest; it stays and is counted.
      if (current) continue;
      await erp.sessions.end(id).catch((error: unknown) => {
        // It has ended by itself meanwhile: what was wanted is so.
        if (!(error instanceof AppFailure && error.error.code === 'server.notFound')) throw error;
      });
    }
    const left = (await erp.sessions.listOf(user)).length;
    return { ended: before.length - left, left };
  });
}

/** What the app can do itself to contain an incident. Each attempt stands in the time line, with its result. */
export class Containment {
  readonly #ports: SecurityPorts;
  readonly #book: IncidentBook;
  readonly #sync: IncidentSync;
  readonly #secrets: Pick<SecretsService, 'rotate'>;

  constructor(ports: SecurityPorts, book: IncidentBook, sync: IncidentSync, secrets: Pick<SecretsService, 'rotate'>) {
    this.#secrets = secrets;
    this.#ports = ports;
    this.#book = book;
    this.#sync = sync;
  }

  async features(): Promise<ActionFeatures> {
    const [can, policy] = await Promise.all([this.#ports.erp.capabilities(), this.#ports.policy.features()]);
    return { endSessions: can.has('sessions'), rotateSecret: can.has('secrets.rotate'), restorePolicies: policy.backups };
  }

  /**
   * Does it, or in an exercise only writes down that it would have been done.
   * @throws AppFailure of what failed; the failure stands in the time line by then
   */
  async run(id: string, action: Action): Promise<StoredIncident> {
    this.#book.requireAct();
    const { incident } = await this.#book.get(id);
    const params = { action: action.kind, target: targetOf(action), ...(action.kind === 'rotateSecret' && { phase: action.phase }) };
    if (incident.isExercise) return this.#book.append(id, { kind: 'played', params });
    const result = await this.#do(action, incident.title).catch(async (error: unknown) => {
      await this.#book.append(id, { kind: 'action', params: { ...params, outcome: 'failed', code: error instanceof AppFailure ? error.error.code : 'app.internal' } });
      throw error;
    });
    const stored = await this.#book.append(id, { kind: 'action', params: { ...params, outcome: 'done', ...result } });
    // A device that is wiped in a moment tells the others first.
    if (action.kind === 'wipeDevice') await this.#sync.sync();
    return stored;
  }

  /** @param reason stands in the server's audit log */
  async #do(action: Action, reason: string): Promise<Record<string, string>> {
    switch (action.kind) {
      case 'rotateSecret': {
        const { sessionHolds } = await this.#secrets.rotate(action.name, action.phase, reason);
        return { sessionHolds: String(sessionHolds) };
      }
      case 'endSessions': {
        const { ended, left } = await endSessionsOf(this.#ports, action.user);
        return { ended: String(ended), left: String(left) };
      }
      case 'restorePolicies': {
        const { rules, safetyBackup } = await this.#ports.policy.restore({ file: action.file }, reason);
        return { rules: String(rules.length), safetyBackup: safetyBackup ?? '' };
      }
      // The window does these itself, through their own calls, once this stands in the time line.
      case 'lockDevice': case 'wipeDevice': return {};
    }
  }
}

const targetOf = (action: Action): string => {
  switch (action.kind) {
    case 'endSessions': return action.user;
    case 'rotateSecret': return action.name;
    case 'restorePolicies': return action.file;
    case 'lockDevice': case 'wipeDevice': return '';
  }
};

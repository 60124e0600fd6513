import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { everything } from '../../../shared/domain/audit.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import { hadSessions, isLate, isProvenStep, leaverSchema, newLeaver, obeyLeaver, offboardingMs, openSecrets, provable, type Leaver, type LeaverCommand, type newLeaverSchema, type StepState } from '../../../shared/security/incidents/offboarding.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import type { IncidentBook } from './book.ts';
import { endSessionsOf } from './containment.ts';

const year = 365 * 24 * 3_600_000;
const point = 'humanLayer.offboarding' as const;
const origin = 'offboarding';

const unknown = () => failure('input.invalid', { messageKey: 'errors.incident.unknownLeaver' });

/** The desk for people who leave. It is kept on this device; what it proves, it reads from the server. */
export class Leavers {
  readonly #ports: SecurityPorts;
  readonly #book: IncidentBook;
  readonly #records: Records<Leaver>;

  constructor(ports: SecurityPorts, book: IncidentBook) {
    this.#ports = ports;
    this.#book = book;
    this.#records = new Records({ host: ports.host, kind: 'leaver', schema: leaverSchema, idOf: ({ id }) => id, now: ports.clock.now });
  }

  list(): Promise<Leaver[]> {
    return this.#records.list();
  }

  async create(given: z.infer<typeof newLeaverSchema>): Promise<Leaver> {
    this.#book.requireAct();
    const leaver = newLeaver(given, { by: this.#by(), now: this.#now(), newId: randomUUID });
    await this.#records.put(leaver);
    return this.#told(leaver, 'create');
  }

  /**
   * @throws AppFailure input.invalid with the reason when it cannot be done now
   * @throws AppFailure of the server when the last look before closing could not be taken
   */
  async obey(id: string, command: LeaverCommand): Promise<Leaver> {
    // What was true some days ago may not be true any more: the end is only good with a look of this moment.
    if (command.do === 'close') await this.check(id);
    return this.#change(id, command.do, (leaver) => {
      const answer = obeyLeaver(leaver, command, { by: this.#by(), now: this.#now() });
      if ('refused' in answer) throw failure('input.invalid', { messageKey: `errors.incident.${answer.refused}` });
      return answer.leaver;
    });
  }

  /** Ends every sign-in of the person at the server, and looks whether one is left. */
  async endSessions(id: string): Promise<Leaver> {
    this.#book.requireAct();
    const { account } = await this.#open(id);
    const { ended, left } = await endSessionsOf(this.#ports, account);
    const isKnown = await this.#isKnown(account);
    return this.#change(id, 'endSessions', (leaver) => this.#withSessions(leaver, { left, ended, isKnown }));
  }

  /** Looks again at what can be proven: sign-ins on the server now, and rotations in the verified audit log since the last day. */
  async check(id: string): Promise<Leaver> {
    this.#book.requireAct();
    const leaver = await this.#open(id);
    const can = await this.#ports.erp.capabilities();
    const left = can.has('sessions') ? (await this.#ports.erp.sessions.listOf(leaver.account)).length : null;
    const [rotated, isKnown] = [await this.#rotations(leaver, can.has('secrets')), await this.#isKnown(leaver.account)];
    return this.#change(id, 'check', (before) => {
      const looked = left === null ? before : this.#withSessions(before, { left, ended: null, isKnown });
      const secrets = Object.fromEntries(Object.entries(looked.secrets).map(([name, known]) => [name, rotated.has(name) ? { rotatedAt: rotated.get(name) ?? 0, source: 'proven' as const, by: '' } : known]));
      const next = { ...looked, secrets };
      const names = Object.keys(secrets);
      if (names.length === 0 || openSecrets(next).length > 0) return next;
      const isProven = Object.values(secrets).every(({ source }) => source === 'proven');
      return { ...next, steps: { ...next.steps, secrets: this.#state(isProven ? 'proven' : 'attested', { count: String(names.length) }) } };
    });
  }

  /** Secrets whose old value was ended since the last day, and when: by the server's inventory, or by the cached audit log. */
  async #rotations({ secrets, leavesAt }: Leaver, hasInventory: boolean): Promise<Map<string, number>> {
    const listed = hasInventory ? await this.#ports.erp.secrets.list() : [];
    const found = new Map(listed.flatMap(({ name, rotatedAt, isOverlapping }) => (rotatedAt !== null && rotatedAt >= leavesAt && !isOverlapping ? [[name, rotatedAt] as const] : [])));
    for (const name of Object.keys(secrets)) {
      const { rows } = await this.#ports.host.audit('audit.list', { filter: { ...everything, action: 'secret.confirm', resource: `secret/${name}`, outcome: 'accepted', from: leavesAt }, offset: 0, limit: 1 });
      const [row] = rows;
      if (row !== undefined && row.resource === `secret/${name}`) found.set(name, row.at);
    }
    return found;
  }

  /** Whether the audit log names the account, letter by letter. */
  async #isKnown(account: string): Promise<boolean> {
    const { rows } = await this.#ports.host.audit('audit.list', { filter: { ...everything, actor: account }, offset: 0, limit: 1 });
    return rows[0]?.actor === account;
  }

  #withSessions(leaver: Leaver, { left, ended, isKnown }: { left: number; ended: number | null; isKnown: boolean }): Leaver {
    const before = leaver.steps.sessions;
    const log = (key: string, params: Record<string, string>): Leaver['log'] => [...leaver.log, { at: this.#now(), by: this.#by(), key, params }];
    if (left > 0) return { ...leaver, steps: { ...leaver.steps, sessions: null }, log: log('sessionsLeft', { left: String(left) }) };
    const had = (ended ?? 0) > 0 || hadSessions(leaver);
    // A mistyped account has no sign-ins either. What a person vouches for stays, as just that.
    if (!had && !isKnown) return { ...leaver, steps: { ...leaver.steps, sessions: before?.state === 'proven' ? null : before ?? null }, log: log('accountUnseen', { account: leaver.account.slice(0, 500) }) };
    const total = String((ended ?? 0) + Number(before?.params['ended'] ?? 0));
    return { ...leaver, steps: { ...leaver.steps, sessions: this.#state('proven', { ended: total, seen: had ? 'sessions' : 'log' }) }, log: log('sessionsNone', { ended: String(ended ?? 0) }) };
  }

  #state(state: StepState['state'], params: Record<string, string>): StepState {
    return { state, at: this.#now(), by: this.#by(), note: '', params };
  }

  async #open(id: string): Promise<Leaver> {
    const leaver = await this.#records.get(id);
    if (leaver === null) throw unknown();
    if (leaver.closed !== null) throw failure('input.invalid', { messageKey: 'errors.incident.leaverClosed' });
    return leaver;
  }

  async #change(id: string, what: string, change: (leaver: Leaver) => Leaver): Promise<Leaver> {
    this.#book.requireAct();
    const leaver = await this.#records.change(id, change);
    if (leaver === null) throw unknown();
    return this.#told(leaver, what);
  }

  async #told(leaver: Leaver, what: string): Promise<Leaver> {
    this.#ports.audit.notes.note({ action: `offboarding.${what}`, resource: `person/${leaver.account}`, outcome: 'local', correlationId: null });
    const evidence = offboardingEvidence(await this.list(), this.#now(), this.#by());
    await (evidence === null ? this.#ports.evidence.settle([], [{ point, origin }]) : this.#ports.evidence.settle([evidence]));
    this.#ports.changed('incidents');
    return leaver;
  }

  #now(): number {
    return this.#ports.clock.now();
  }

  #by(): string {
    return this.#ports.account().userName;
  }
}

/** What the desk says about the point of the score; null when nobody has left. */
export function offboardingEvidence(leavers: readonly Leaver[], now: number, by: string): Evidence | null {
  const last = leavers.filter(({ closed, leavesAt }) => closed === null ? leavesAt <= now : closed.at > now - year);
  if (last.length === 0) return null;
  const late = last.filter((leaver) => isLate(leaver, now)).length;
  const open = last.filter(({ closed }) => closed === null).length;
  const isProven = last.every((leaver) => provable.every((step) => isProvenStep(leaver, step)));
  const outcome = late > 0 ? 'unmet' : open > 0 ? 'partly' : 'met';
  // With everybody gone it was seen when the last of them was done with; the next one who leaves, or is late, ends it.
  const at = open > 0 ? now : Math.max(...last.map(({ closed }) => closed?.at ?? now));
  const next = leavers.filter(({ closed }) => closed === null).map(({ leavesAt }) => (leavesAt > now ? leavesAt : leavesAt + offboardingMs)).filter((ends) => ends > now);
  return {
    point, origin, outcome, source: isProven ? 'measured' : 'attested', at, expiresAt: Math.min(at + year / 2, ...next), messageKey: 'security-incidents.evidence.offboarding',
    params: { people: String(last.length), open: String(open), late: String(late) }, by: isProven ? null : by, link: '/security/incidents/leavers',
  };
}

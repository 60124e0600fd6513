import { z } from 'zod';
import type { secretsCalls } from '../../../shared/ipc/calls/security/secrets.ts';
import { appError, failure, type AppError } from '../../../shared/ipc/errors.ts';
import { inventory, keptSecretSchema, rotationDays, serverSecretSchema, type KeptSecret, type LocalSecret, type RotatePhase } from '../../../shared/security/secrets/secret.ts';
import { journaled } from '../../audit/journal.ts';
import type { CallOptions } from '../../erp/types.ts';
import type { Background, SecurityPorts } from '../ports.ts';
import { createReminder } from '../reminder.ts';
import { Records } from '../records.ts';
import { mustAct } from '../rights.ts';

const readEveryMs = 6 * 3_600_000;
const week = 7 * 86_400_000;

const readSchema = z.object({ readAt: z.number(), secrets: z.array(serverSecretSchema).max(500) });
type View = z.output<(typeof secretsCalls)['secrets.state']['output']>;

const actions: Readonly<Record<RotatePhase, string>> = { begin: 'secret.rotate', confirm: 'secret.confirm', abort: 'secret.abort' };

/** The server's secrets by name and age, their rotation in steps, and what people keep about them here. Never a value. */
export class SecretsService {
  readonly background: Background & { look: () => Promise<void> };
  readonly #ports: SecurityPorts;
  readonly #read: Records<z.infer<typeof readSchema>>;
  readonly #kept: Records<KeptSecret>;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    const common = { host: ports.host, now: ports.clock.now };
    this.#read = new Records({ ...common, kind: 'secrets.list', schema: readSchema, idOf: () => 'list' });
    this.#kept = new Records({ ...common, kind: 'secrets.kept', schema: keptSecretSchema, idOf: ({ name }) => name });
    this.background = createReminder(ports, 'secrets', (signal) => this.#due(signal));
  }

  /** What was last read, with its age, and what is kept here. Needs no server. */
  async state(): Promise<View> {
    const [read, local, features] = await Promise.all([this.#read.get('list'), this.#kept.list(), this.#features()]);
    return { readAt: read?.readAt ?? null, server: read?.secrets ?? [], local, features };
  }

  /** Asks the server. @throws AppFailure server.unsupported where it has no inventory; network.*, server.* */
  async read(call: Pick<CallOptions, 'priority' | 'signal'> = {}): Promise<View> {
    const { erp, clock } = this.#ports;
    if (!(await erp.capabilities(call)).has('secrets')) throw failure('server.unsupported');
    const secrets = await erp.secrets.list(call);
    await this.#read.put({ readAt: clock.now(), secrets });
    return this.#told();
  }

  /**
   * One step of a rotation: `begin` puts a new secret beside the old one, `confirm` ends the old one, `abort` the new one.
   * The own sign-in is tried afterwards: a rotation that throws its own administrator out is seen at once.
   * @throws AppFailure server.conflict when another step is due, access.*, server.*, network.*
   */
  async rotate(name: string, phase: RotatePhase, reason: string): Promise<View & { sessionHolds: boolean }> {
    const { erp, audit, log } = this.#ports;
    await journaled(audit.notes, { action: actions[phase], resource: `secret/${name}` }, () => erp.secrets.rotate(name, phase, reason));
    const sessionHolds = await erp.ping().then(() => true, (error: unknown) => {
      log.warn('the own session did not answer after a rotation', { error });
      return false;
    });
    const view = await this.read();
    if (phase === 'confirm' && view.server.some((secret) => secret.name === name && secret.kind === 'jwt')) await this.#proveKeyRotation(sessionHolds);
    return { ...view, sessionHolds };
  }

  async keep(secret: LocalSecret): Promise<View> {
    const { account, clock, audit } = this.#ports;
    mustAct(account());
    await this.#kept.put({ ...secret, by: account().userName, at: clock.now() });
    audit.notes.note({ action: 'secret.keep', resource: `secret/${secret.name}`, outcome: 'local', correlationId: null, detail: secret.note });
    return this.#told();
  }

  async forget(name: string): Promise<View> {
    mustAct(this.#ports.account());
    await this.#kept.remove(name);
    this.#ports.audit.notes.note({ action: 'secret.forget', resource: `secret/${name}`, outcome: 'local', correlationId: null });
    return this.#told();
  }

  /** The signing key was changed under a running session: seen here, not told. Good until the next one is due. */
  async #proveKeyRotation(sessionHolds: boolean): Promise<void> {
    const now = this.#ports.clock.now();
    await this.#ports.evidence.write({
      point: 'authentication.keyRotation', origin: 'secrets.rotation', outcome: sessionHolds ? 'met' : 'partly', source: 'measured', at: now, expiresAt: now + (rotationDays.jwt + 7) * 86_400_000,
      messageKey: sessionHolds ? 'security-secrets.evidence.keyRotated' : 'security-secrets.evidence.keyRotatedLost', params: {}, by: null, link: '/security/secrets',
    });
  }

  async #features(call: CallOptions = {}): Promise<View['features']> {
    const can = await this.#ports.erp.capabilities(call).catch(() => null);
    return can === null ? null : { list: can.has('secrets'), rotate: can.has('secrets.rotate') };
  }

  /** Writes what the score is to know, then tells the window. */
  async #told(): Promise<View> {
    const { evidence, clock, changed } = this.#ports;
    const view = await this.state();
    const now = clock.now();
    const rows = inventory(view.server, view.local, now);
    const overdue = rows.filter(({ state }) => state === 'overdue').length;
    const forgotten = rows.filter(({ isOverlapLong }) => isOverlapLong).length;
    const unknown = rows.filter(({ dueAt }) => dueAt === null).length;
    const attested = view.readAt === null ? view.local.toSorted((a, b) => b.at - a.at)[0] : undefined;
    const nextDue = Math.min(...rows.map(({ dueAt }) => dueAt ?? Infinity).filter((due) => due > now));
    const common = { point: 'secretRotation.inTime', origin: 'secrets.inventory' } as const;
    // Of secrets without a date nobody knows whether they are in time; of none but such nothing can be said.
    if (rows.length === unknown) await evidence.settle([], [common]);
    else {
      await evidence.settle([{
        ...common, outcome: overdue + forgotten + unknown === 0 ? 'met' : overdue * 2 > rows.length ? 'unmet' : 'partly',
        // The dates are the server's word; a rotation of this client was seen by it, but says nothing about the others.
        source: attested === undefined ? 'claimed' : 'attested', at: view.readAt ?? attested?.at ?? now, expiresAt: Math.min((view.readAt ?? now) + week, nextDue), by: attested?.by ?? null,
        messageKey: 'security-secrets.evidence.inTime', params: { count: String(rows.length), overdue: String(overdue), forgotten: String(forgotten), unknown: String(unknown) }, link: '/security/secrets',
      }]);
    }
    changed('secrets');
    return view;
  }

  async #due(signal: AbortSignal): Promise<AppError | null> {
    const { clock, isOnline } = this.#ports;
    const known = await this.#read.get('list');
    if (isOnline() && (await this.#features({ signal }))?.list === true && (known === null || clock.now() - known.readAt > readEveryMs)) await this.read({ priority: 'background', signal });
    const { server, local } = await this.state();
    const late = inventory(server, local, clock.now()).filter(({ state, isOverlapLong }) => state === 'overdue' || isOverlapLong);
    return late.length === 0 ? null : appError('secret.reminder', { params: { count: String(late.length), names: late.slice(0, 3).map(({ name }) => name).join(', ') } });
  }
}

export type Secrets = SecretsService;

export const createSecrets = (ports: SecurityPorts): Secrets => new SecretsService(ports);

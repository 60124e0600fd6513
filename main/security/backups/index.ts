import type { z } from 'zod';
import { formatKey, parseKey } from '../../../shared/audit/note.ts';
import type { Job } from '../../../shared/domain/job.ts';
import type { backupsCalls } from '../../../shared/ipc/calls/security/backups.ts';
import { appError, failure, type AppError } from '../../../shared/ipc/errors.ts';
import { aheadAtMost, drillId, drillProofSchema, isPassed, judgeBackups, type DrillEvidence, type DrillProof } from '../../../shared/security/backups/backup.ts';
import { backupListSchema, knownKeySchema, type BackupList, type KnownKey } from '../../../shared/security/backups/list.ts';
import { checkDrill, formatProof, openProof } from '../../../shared/security/backups/proof.ts';
import { verifyEd25519 } from '../../ed25519.ts';
import { journaled } from '../../audit/journal.ts';
import type { CallOptions } from '../../erp/types.ts';
import type { Background, SecurityPorts } from '../ports.ts';
import { createReminder } from '../reminder.ts';
import { Records } from '../records.ts';
import { mustAct } from '../rights.ts';
import { backupEvidence } from './evidence.ts';

/** By itself the list is read this often. */
const readEveryMs = 6 * 3_600_000;
/** Drills that are shown; more are kept. */
const shownProofs = 200;

type View = z.output<(typeof backupsCalls)['backups.state']['output']>;

/** Backups of the server as it tells of them, and restore drills with evidence that this client checks and keeps. */
export class BackupsService {
  readonly background: Background & { look: () => Promise<void> };
  readonly #ports: SecurityPorts;
  readonly #list: Records<BackupList>;
  readonly #keys: Records<KnownKey>;
  readonly #proofs: Records<DrillProof>;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    const common = { host: ports.host, now: ports.clock.now };
    this.#list = new Records({ ...common, kind: 'backups.list', schema: backupListSchema, idOf: () => 'list' });
    this.#keys = new Records({ ...common, kind: 'backups.key', schema: knownKeySchema, idOf: () => 'key' });
    this.#proofs = new Records({ ...common, kind: 'backups.drill', schema: drillProofSchema, idOf: drillId });
    this.background = createReminder(ports, 'backups', (signal) => this.#due(signal));
  }

  /** What was last read, with its age, and every drill. Needs no server. */
  async state(): Promise<View> {
    const [list, key, proofs, features] = await Promise.all([this.#list.get('list'), this.#keys.get('key'), this.#proofs.list({ limit: shownProofs }), this.#features()]);
    return { readAt: list?.readAt ?? null, backups: list?.backups ?? [], unreadable: list?.unreadable ?? 0, knownKey: key, offeredKey: list?.key ?? null, proofs, features };
  }

  /** Asks the server. @throws AppFailure server.unsupported where it has no backups; network.*, server.* */
  async read(call: Pick<CallOptions, 'priority' | 'signal'> = {}): Promise<View> {
    const { erp, clock } = this.#ports;
    if (!(await erp.capabilities(call)).has('backups')) throw failure('server.unsupported');
    const { backups, unreadable, key } = await erp.backups.list(call);
    const readAt = clock.now();
    const believed = backups.filter(({ createdAt }) => createdAt <= readAt + aheadAtMost);
    await this.#list.put({ readAt, backups: believed, unreadable: unreadable + backups.length - believed.length, key });
    // The key of the first visit is the one to be held against later: whoever swaps it has to explain that.
    if (key !== null && parseKey(key) !== null && (await this.#keys.get('key')) === null) await this.#keys.put({ key, seenAt: clock.now() });
    await this.#told();
    return this.state();
  }

  /** A backup of now, as a job. The request cannot be taken back once it is out: cancelling it would leave nobody knowing. */
  create(): Job {
    const { jobs, audit, erp } = this.#ports;
    return jobs.start('backups.create', async () => {
      await journaled(audit.notes, { action: 'backup.create', resource: 'backup' }, () => erp.backups.create());
      await this.read();
    });
  }

  /**
   * A restore drill, as a job. It changes nothing on the server, so its wait may be cancelled.
   * Fails with backup.notRestorable when the drill found something wrong, with backup.proofRefused when its evidence is not believed; both are kept.
   */
  drill(id: string): Job {
    const { jobs, audit, erp, clock, account } = this.#ports;
    return jobs.start('backups.drill', async (progress, signal) => {
      progress(0, 3);
      const { backups, knownKey, offeredKey } = await this.read();
      const sha256 = backups.find((backup) => backup.id === id)?.sha256 ?? null;
      progress(1, 3);
      const asked = { backup: id, sha256, askedAt: clock.now() };
      const evidence = await journaled(audit.notes, { action: 'backup.drill', resource: `backup/${id}` }, () => erp.backups.drill(id, { signal }));
      progress(2, 3);
      const key = offeredKey ?? '';
      const proof: DrillProof = {
        evidence, key, checkedAt: clock.now(), by: account().userName, tookMs: clock.now() - asked.askedAt, file: null,
        fault: checkDrill(evidence, key, knownKey?.key ?? '', asked, verifyEd25519),
      };
      await this.#proofs.put(proof);
      await this.#told();
      progress(3, 3);
      this.#refuseUnlessPassed(proof);
    });
  }

  /** A proof as a file. @throws AppFailure input.invalid for one that is not believed: a forgery is not passed on */
  async exportProof(id: string): Promise<string> {
    const proof = await this.#proofs.get(id);
    const key = proof === null ? null : parseKey(proof.key);
    if (proof === null || key === null || proof.fault !== null) throw failure('input.invalid', { messageKey: 'errors.backup.noProof' });
    return formatProof(proof.evidence, key, proof.checkedAt, await this.#ports.audit.deviceKey());
  }

  /** Checks the file of a colleague and keeps it. @throws AppFailure backup.proofRefused with the reason */
  async importProof(text: string, file: string): Promise<DrillProof> {
    const { clock, account, audit } = this.#ports;
    mustAct(account());
    const known = (await this.#keys.get('key'))?.key ?? '';
    const opened = openProof(text, known, verifyEd25519);
    audit.notes.note({ action: 'backup.importProof', resource: `file/${file}`, outcome: 'local', correlationId: null, detail: opened.fault });
    if (opened.evidence === null) throw failure('backup.proofRefused', { messageKey: `errors.backup.refused.${opened.fault}` });
    const id = drillId(opened);
    // What this client has seen itself says more than the file about it.
    const before = await this.#proofs.get(id);
    if (before?.file === null && before.fault === null) return before;
    const proof: DrillProof = { evidence: opened.evidence, key: known, checkedAt: clock.now(), by: account().userName, tookMs: null, file: file.slice(0, 300), fault: null };
    await this.#proofs.put(proof);
    await this.#told();
    return proof;
  }

  /** The server signs with another key from now on, and somebody has found out why. @throws AppFailure input.invalid when it is not the key on offer */
  async trustKey(id: string, reason: string): Promise<View> {
    const { audit, clock, account } = this.#ports;
    mustAct(account());
    const offered = parseKey((await this.#list.get('list'))?.key ?? '');
    if (offered?.id !== id) throw failure('input.invalid', { messageKey: 'errors.backup.otherKey' });
    await this.#keys.put({ key: formatKey(offered), seenAt: clock.now() });
    audit.notes.note({ action: 'backup.trustKey', resource: `key/${id}`, outcome: 'local', correlationId: null, detail: reason });
    this.#ports.changed('backups');
    return this.state();
  }

  async #features(call: CallOptions = {}): Promise<View['features']> {
    const can = await this.#ports.erp.capabilities(call).catch(() => null);
    return can === null ? null : { list: can.has('backups'), create: can.has('backups.create'), drill: can.has('backups.drill') };
  }

  #refuseUnlessPassed(proof: DrillProof): void {
    if (proof.fault !== null) throw failure('backup.proofRefused', { messageKey: `errors.backup.refused.${proof.fault}` });
    if (!isPassed(proof)) throw failure('backup.notRestorable', { params: described(proof.evidence) });
  }

  async #told(): Promise<void> {
    const list = await this.#list.get('list');
    const { evidence, clock } = this.#ports;
    if (list !== null) {
      const { said, silent } = backupEvidence(list.backups, await this.#proofs.list(), list.readAt, clock.now());
      await evidence.settle(said, silent);
    }
    this.#ports.changed('backups');
  }

  /** What there is to remind of. Reads the list before when it has become old. */
  async #due(signal: AbortSignal): Promise<AppError | null> {
    const { clock, isOnline } = this.#ports;
    const list = await this.#list.get('list');
    if (isOnline() && (await this.#features({ signal }))?.list === true && (list === null || clock.now() - list.readAt > readEveryMs)) await this.read({ priority: 'background', signal });
    const { backups, proofs, readAt } = await this.state();
    if (readAt === null) return null;
    const { isRecent, isDrillDue, offsite } = judgeBackups(backups, proofs, clock.now());
    if (isRecent && !isDrillDue && offsite.state !== 'missing') return null;
    return appError('backup.reminder', { messageKey: `errors.backup.reminder${!isRecent ? 'Old' : offsite.state === 'missing' ? 'Offsite' : ''}` });
  }
}

const described = ({ backup, mismatches }: DrillEvidence): Record<string, string> => ({ backup, mismatches: String(mismatches) });

export type Backups = BackupsService;

export const createBackups = (ports: SecurityPorts): Backups => new BackupsService(ports);

import { diagnose, type DoctorReport, type DoctorStep, type EntryFinding, type KeychainDiagnosis, type KeychainObservation, type KeychainRepair } from '../../shared/domain/keychain.ts';
import type { RecoveryStatus } from '../../shared/domain/key-slots.ts';
import type { Persistence } from '../../shared/domain/session.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { storeSlot } from './database-key.ts';
import { keyIdOf, type KeySlots } from './key-slots.ts';
import type { KeychainMark } from './keychain-mark.ts';
import type { Examination, OpenSecrets } from './open.ts';
import type { SecretStore } from './store.ts';

/** The cache, as far as the doctor needs it. */
export type DoctorCache = {
  /** The account whose key is asked for: signed in, or waiting for its recovery key. */
  accountId(): string | null;
  hasDatabase(accountId: string): boolean;
  /** Runs with the key of the open lasting database; null while there is none. The buffer is wiped by its owner. */
  withKey<T>(run: (key: Buffer) => Promise<T>): Promise<T> | null;
  openWithRecoveryKey(text: string): Promise<void>;
};

export type DoctorPorts = {
  secrets: Pick<OpenSecrets, 'persistence' | 'reprobe' | 'examine'>;
  slots: KeySlots;
  mark: KeychainMark;
  cache: DoctorCache;
  /** Told after a repair has moved secrets. */
  persistenceChanged: (persistence: Persistence) => void;
};

/** What can be repaired here; the rest of {@link KeychainRepair} leads to other screens. */
export type DoctorRepair = Exclude<KeychainRepair, 'createRecoveryKey' | 'signInAgain'>;

/** Looks at the keychain step by step, names the cause, and repairs what a program can repair, when asked. */
export class KeychainDoctor {
  readonly #ports: DoctorPorts;

  constructor(ports: DoctorPorts) {
    this.#ports = ports;
  }

  /** Never throws; takes as long as the keychain takes to answer. */
  async run(): Promise<DoctorReport> {
    const { secrets, slots, mark, cache } = this.#ports;
    const { keychain, ...tried } = await secrets.examine();
    const accountId = cache.accountId();
    const reachable = canBeRead(tried.probe) ? keychain : null;
    const observation: KeychainObservation = { ...tried, entry: await this.#entry(reachable, accountId, tried.probe.works), since: await mark.compare(reachable) };
    const diagnosis = diagnose(observation);
    // All is well: whatever has changed harmlessly since, later visits compare with this.
    if (diagnosis.state === 'ok' && diagnosis.givesKey && keychain !== null && !isUnchanged(observation.since)) await mark.renew(keychain).catch(() => undefined);
    const recovery: RecoveryStatus = accountId === null ? { status: 'none' } : await slots.status(accountId);
    const hasKeyHere = cache.withKey(() => Promise.resolve()) !== null;
    return { ...diagnosis, steps: stepsOf({ observation, diagnosis, persistence: secrets.persistence, recovery: accountId === null ? null : recovery, hasKeyHere }) };
  }

  /**
   * @param text the recovery key, for `unlockWithRecoveryKey`. @returns what it looks like afterwards.
   * @throws AppFailure keychain.*, input.invalid
   */
  async repair(id: DoctorRepair, text = ''): Promise<DoctorReport> {
    const { secrets, cache, persistenceChanged } = this.#ports;
    switch (id) {
      case 'probeAgain':
      case 'moveToKeychain':
        persistenceChanged(await secrets.reprobe());
        break;
      case 'rewriteEntry':
        await this.#rewriteEntry();
        break;
      case 'unlockWithRecoveryKey':
        await cache.openWithRecoveryKey(text);
        break;
    }
    return this.run();
  }

  /** The key that has the database open is the right one, whatever the keychain holds. */
  async #rewriteEntry(): Promise<void> {
    const { secrets, cache, mark } = this.#ports;
    const accountId = cache.accountId();
    const { keychain, probe } = await secrets.examine();
    if (!probe.works || keychain === null) throw failure(probe.works || probe.reason === 'absent' ? 'keychain.absent' : 'keychain.locked');
    const written = accountId === null ? null : cache.withKey((key) => storeSlot(keychain).write(accountId, key));
    if (written === null) throw failure('keychain.failed');
    await written;
    await mark.renew(keychain);
  }

  async #entry(keychain: SecretStore | null, accountId: string | null, works: boolean): Promise<EntryFinding> {
    const { slots, cache } = this.#ports;
    if (keychain === null || accountId === null) return 'unread';
    let key: Buffer | null;
    try {
      key = await storeSlot(keychain).read(accountId);
    } catch (error) {
      const cause = error instanceof AppFailure ? error.error.params['cause'] : undefined;
      return cause === 'foreign' || cause === 'damaged' ? cause : 'unread';
    }
    // A keychain that cannot be written may hide what it has; and without a database there is nothing to miss.
    if (key === null) return works && cache.hasDatabase(accountId) ? 'missing' : 'unread';
    try {
      const found = keyIdOf(key);
      const expected = await slots.keyId(accountId);
      if (expected === null || expected === found) return 'right';
      return (await slots.accountOfKey(found)) === null ? 'otherKey' : 'otherAccount';
    } finally {
      key.fill(0);
    }
  }
}

const isUnchanged = (since: KeychainObservation['since']): boolean => since !== null && since.mark === 'same' && since.sameBackend !== false && since.sameSignature !== false;

/** Reading from a keychain that waits for a prompt would open another one. */
const canBeRead = (probe: Examination['probe']): boolean => probe.works || ['failed', 'tooLarge'].includes(probe.reason);

type Findings = {
  observation: KeychainObservation;
  diagnosis: KeychainDiagnosis;
  persistence: Persistence;
  /** Null without an account. */
  recovery: RecoveryStatus | null;
  /** The database is open, so its key is in memory. */
  hasKeyHere: boolean;
};

function stepsOf({ observation: { probe, keepsLongEntries, entry }, diagnosis: { state }, persistence, recovery, hasKeyHere }: Findings): DoctorStep[] {
  const fine = (id: DoctorStep['id']): DoctorStep => ({ id, status: 'ok', cause: null, repair: null });
  const skipped = (id: DoctorStep['id']): DoctorStep => ({ id, status: 'skipped', cause: null, repair: null });
  const canUnlock = recovery?.status === 'present';

  const service = (): DoctorStep => {
    if (!probe.works) return { id: 'service', status: 'failed', cause: state, repair: 'probeAgain' };
    return state === 'slow' ? { id: 'service', status: 'warning', cause: 'slow', repair: 'probeAgain' } : fine('service');
  };
  const longEntries = (): DoctorStep => {
    if (keepsLongEntries === null) return skipped('longEntries');
    return keepsLongEntries ? fine('longEntries') : { id: 'longEntries', status: 'warning', cause: 'tooLarge', repair: null };
  };
  const keyEntry = (): DoctorStep => {
    if (entry === 'right') return state === 'clonedProfile' ? { id: 'entry', status: 'warning', cause: state, repair: hasKeyHere ? 'rewriteEntry' : 'signInAgain' } : fine('entry');
    if (entry === 'unread') return hasKeyHere || probe.works || !canUnlock ? skipped('entry') : { id: 'entry', status: 'failed', cause: state, repair: 'unlockWithRecoveryKey' };
    return { id: 'entry', status: 'failed', cause: state, repair: hasKeyHere ? 'rewriteEntry' : canUnlock ? 'unlockWithRecoveryKey' : null };
  };
  const place = (): DoctorStep => {
    if (persistence.kind === 'keychain') return fine('place');
    return { id: 'place', status: 'warning', cause: 'inMemory', repair: probe.works ? 'moveToKeychain' : 'probeAgain' };
  };
  const recoveryKey = (): DoctorStep => {
    if (recovery === null) return skipped('recoveryKey');
    if (recovery.status === 'present') return fine('recoveryKey');
    const cause = { none: 'noRecoveryKey', damaged: 'recoveryDamaged', newer: 'recoveryNewer' }[recovery.status];
    return { id: 'recoveryKey', status: recovery.status === 'damaged' ? 'failed' : 'warning', cause, repair: hasKeyHere && recovery.status !== 'newer' ? 'createRecoveryKey' : null };
  };
  return [service(), longEntries(), keyEntry(), place(), recoveryKey()];
}

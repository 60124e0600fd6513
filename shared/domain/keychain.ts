import { z } from 'zod';

/** Everything a keychain can be, as far as it matters to people. `ok` is the only one in which nothing is to be done. */
export const keychainStates = [
  'ok', 'absent', 'locked', 'dismissed', 'wrongItem', 'changedBackend', 'tooLarge', 'slow', 'failedMidWrite', 'otherAccount', 'clonedProfile', 'restoredBackup', 'changedSignature',
] as const;
export type KeychainState = (typeof keychainStates)[number];

/** Why writing, reading back and deleting a trial entry did not work. `timeout`: no answer, maybe a prompt nobody sees. */
export const probeReasons = ['absent', 'locked', 'dismissed', 'denied', 'timeout', 'tooLarge', 'failed'] as const;
export type ProbeReason = (typeof probeReasons)[number];

/** What was found where the account's database key should be. */
export const entryFindings = ['right', 'missing', 'damaged', 'foreign', 'otherKey', 'otherAccount', 'unread'] as const;
export type EntryFinding = (typeof entryFindings)[number];

/** What was observed, in plain data: everything {@link diagnose} knows. Null: cannot be told on this system. */
export type KeychainObservation = {
  probe: { works: true; ms: number } | { works: false; reason: ProbeReason };
  /** Whether an entry of the longest size that is ever written could be kept; null when not tried. */
  keepsLongEntries: boolean | null;
  entry: EntryFinding;
  /** Against what was noted when the key was last stored; null when nothing was noted. */
  since: {
    sameMachine: boolean | null;
    /** Whether this is still the folder that the entries were made for. */
    sameHome: boolean;
    sameBackend: boolean | null;
    sameSignature: boolean | null;
    /** `missing`: this keychain has never seen us; `older`/`newer`: it is from before or after the files. */
    mark: 'same' | 'missing' | 'older' | 'newer' | 'other' | 'unread';
  } | null;
};

export type KeychainDiagnosis = {
  state: KeychainState;
  /** Whether secrets can be kept in it now. */
  isUsable: boolean;
  /** Whether it gives the key of the account's database. */
  givesKey: boolean;
};

/** Above this a keychain is called slow: people notice every start. */
export const slowMs = 3_000;

function stateOfFailure(reason: ProbeReason, observation: KeychainObservation): KeychainState {
  switch (reason) {
    case 'absent': return 'absent';
    case 'dismissed': return 'dismissed';
    case 'timeout': return 'slow';
    case 'tooLarge': return 'tooLarge';
    case 'failed': return 'failedMidWrite';
    // Denied without a prompt: macOS does so to a program that is signed differently from the one that made the entry.
    case 'denied': return observation.since?.sameSignature === false ? 'changedSignature' : 'locked';
    case 'locked': return 'locked';
  }
}

/** Why a keychain that works does not give the right key: the cause that explains most comes first. */
function stateOfLoss(entry: Exclude<EntryFinding, 'right' | 'unread'>, since: KeychainObservation['since']): KeychainState {
  if (entry === 'damaged') return 'failedMidWrite';
  if (entry === 'otherAccount') return 'otherAccount';
  if (since !== null) {
    if (since.sameMachine === false || !since.sameHome) return 'clonedProfile';
    if (since.sameSignature === false && entry === 'missing') return 'changedSignature';
    if (since.sameBackend === false || since.mark === 'missing' || since.mark === 'other') return 'changedBackend';
    if (entry !== 'foreign' && (since.mark === 'older' || since.mark === 'newer')) return 'restoredBackup';
  }
  return 'wrongItem';
}

/** Names the one state that explains what was observed. Pure. */
export function diagnose(observation: KeychainObservation): KeychainDiagnosis {
  const { probe, keepsLongEntries, entry, since } = observation;
  if (!probe.works) return { state: stateOfFailure(probe.reason, observation), isUsable: false, givesKey: entry === 'right' };
  if (entry !== 'right' && entry !== 'unread') return { state: stateOfLoss(entry, since), isUsable: true, givesKey: false };
  const givesKey = entry === 'right';
  if (keepsLongEntries === false) return { state: 'tooLarge', isUsable: true, givesKey };
  // A copy that works is the most dangerous one: two computers would use up each other's sign-in.
  if (since?.sameMachine === false) return { state: 'clonedProfile', isUsable: true, givesKey };
  if (probe.ms > slowMs) return { state: 'slow', isUsable: true, givesKey };
  return { state: 'ok', isUsable: true, givesKey };
}

/** What the doctor can do; `unlockWithRecoveryKey` needs the key as text. */
export const keychainRepairs = ['probeAgain', 'moveToKeychain', 'rewriteEntry', 'unlockWithRecoveryKey', 'createRecoveryKey', 'signInAgain'] as const;
export const keychainRepairSchema = z.enum(keychainRepairs);
export type KeychainRepair = z.infer<typeof keychainRepairSchema>;

export const doctorStepIds = ['service', 'longEntries', 'entry', 'place', 'recoveryKey'] as const;

/** One thing the doctor looked at. The text to it is `keychain.cause.<cause>`. */
export const doctorStepSchema = z.object({
  id: z.enum(doctorStepIds),
  status: z.enum(['ok', 'warning', 'failed', 'skipped']),
  cause: z.string().nullable(),
  repair: keychainRepairSchema.nullable(),
});
export type DoctorStep = z.infer<typeof doctorStepSchema>;

export const doctorReportSchema = z.object({ state: z.enum(keychainStates), isUsable: z.boolean(), givesKey: z.boolean(), steps: z.array(doctorStepSchema) });
export type DoctorReport = z.infer<typeof doctorReportSchema>;

import { z } from 'zod';
import { openCall, unlockedCall } from '../call.ts';
import { doctorReportSchema } from '../../domain/keychain.ts';
import { recoveryStatusSchema } from '../../domain/key-slots.ts';
import { persistenceSchema } from '../../domain/session.ts';
import { lockStateSchema } from '../../domain/lock.ts';

const nothing = z.undefined();

/** As typed by a person: longer than a key with every group on a line of its own, shorter than a pasted file. */
const recoveryKeyText = z.string().trim().min(1).max(300);

/** Ways to open a cache; `fresh` keeps what was there aside and begins with an empty one. */
const unlockBy = z.discriminatedUnion('kind', [z.object({ kind: z.literal('keychain') }), z.object({ kind: z.literal('recoveryKey'), text: recoveryKeyText })]);
const openBy = z.discriminatedUnion('kind', [...unlockBy.options, z.object({ kind: z.literal('fresh') })]);

/** Keychain, recovery key, lock and wipe. They work signed out too, except where the open cache itself is needed. */
export const securityCalls = {
  /** Tries the keychain out; takes as long as that takes to answer. */
  'security.keychain': openCall(nothing, doctorReportSchema),
  /** Repairs and looks again. `recoveryKey` is for `unlockWithRecoveryKey` only. */
  'security.repairKeychain': openCall(
    z.object({ repair: z.enum(['probeAgain', 'moveToKeychain', 'rewriteEntry', 'unlockWithRecoveryKey']), recoveryKey: recoveryKeyText.optional() }),
    doctorReportSchema,
  ),
  /** `needed` is set while the cache waits for its recovery key, with why the keychain does not open it. */
  'security.recovery': openCall(nothing, z.object({ recovery: recoveryStatusSchema, needed: z.enum(['missing', 'wrong', 'unreadable']).nullable() })),
  /**
   * Makes a recovery key and shows it this once. The one answer of the contract with a secret in it: whoever is to write
   * it down has to see it. An earlier one opens nothing any more once `checkRecoveryKey` has seen the new one.
   */
  'security.createRecoveryKey': unlockedCall(nothing, z.object({ recoveryKey: z.string() })),
  /** Whether the paper in the drawer still fits. */
  'security.checkRecoveryKey': unlockedCall(z.object({ recoveryKey: recoveryKeyText }), z.object({ fits: z.boolean() })),
  'security.removeRecoveryKey': unlockedCall(nothing, z.null()),
  /** The keychain may be back: tries it, and with it the last session and the cache. */
  'security.askKeychain': openCall(nothing, z.object({ persistence: persistenceSchema })),
  /** Goes on after `keychain.recoveryNeeded`. */
  'security.openCache': openCall(openBy, z.null()),
  /** Removes the cache and its keys from this computer and signs out. `complete` is false while something is left to do at the next start. */
  'security.wipe': openCall(z.object({ secure: z.boolean() }), z.object({ complete: z.boolean() })),
  'lock.state': openCall(nothing, lockStateSchema),
  'lock.lock': openCall(nothing, z.null()),
  'lock.unlock': openCall(unlockBy, z.null()),
  /** The window's answer to `lock.changed` with `locking`: what it had still to store is stored, and nobody need wait for it any longer. */
  'lock.drained': openCall(nothing, z.null()),
  /** Keyboard or pointer were used; sent a few times a minute at most. */
  'lock.activity': openCall(nothing, z.null()),
};

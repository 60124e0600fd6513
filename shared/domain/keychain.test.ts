import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose, entryFindings, keychainStates, probeReasons, type KeychainObservation } from './keychain.ts';

const works = { works: true, ms: 20 } as const;
const unchanged = { sameMachine: true, sameHome: true, sameBackend: true, sameSignature: true, mark: 'same' } as const;
const healthy: KeychainObservation = { probe: works, keepsLongEntries: true, entry: 'right', since: unchanged };
type Change = Partial<Omit<KeychainObservation, 'since'>> & { since?: Partial<NonNullable<KeychainObservation['since']>> | null };
const observe = ({ since, ...change }: Change): KeychainObservation => ({ ...healthy, ...change, since: since === null ? null : { ...unchanged, ...since } });

describe('the state of a keychain', () => {
  it.each<[string, Change, string]>([
    ['nothing is wrong', {}, 'ok'],
    ['it is used for the first time', { entry: 'unread', since: null }, 'ok'],
    ['there is no service', { probe: { works: false, reason: 'absent' }, entry: 'unread' }, 'absent'],
    ['nobody unlocked it', { probe: { works: false, reason: 'locked' }, entry: 'unread' }, 'locked'],
    ['the prompt was dismissed', { probe: { works: false, reason: 'dismissed' }, entry: 'unread' }, 'dismissed'],
    ['it does not answer', { probe: { works: false, reason: 'timeout' }, entry: 'unread' }, 'slow'],
    ['it takes four seconds', { probe: { works: true, ms: 4000 } }, 'slow'],
    ['a write does not come through', { probe: { works: false, reason: 'failed' }, entry: 'unread' }, 'failedMidWrite'],
    ['a part of the entry is missing', { entry: 'damaged' }, 'failedMidWrite'],
    ['no short entry fits', { probe: { works: false, reason: 'tooLarge' }, entry: 'unread' }, 'tooLarge'],
    ['no long entry fits', { keepsLongEntries: false }, 'tooLarge'],
    ['the entry is not ours', { entry: 'foreign' }, 'wrongItem'],
    ['the entry was deleted', { entry: 'missing' }, 'wrongItem'],
    ['the entry has a key of unknown origin', { entry: 'otherKey' }, 'wrongItem'],
    ['the entry has the key of another account', { entry: 'otherAccount' }, 'otherAccount'],
    ['another keychain answers', { entry: 'missing', since: { sameBackend: false } }, 'changedBackend'],
    ['the keychain was set up anew', { entry: 'missing', since: { mark: 'missing' } }, 'changedBackend'],
    ['the folder was copied to another computer', { entry: 'missing', since: { sameMachine: false, mark: 'missing' } }, 'clonedProfile'],
    ['the folder was copied to another place', { entry: 'missing', since: { sameHome: false, mark: 'missing' } }, 'clonedProfile'],
    ['computer and keychain were copied together', { since: { sameMachine: false } }, 'clonedProfile'],
    ['the keychain is from a backup', { entry: 'otherKey', since: { mark: 'older' } }, 'restoredBackup'],
    ['the keychain is from before the key', { entry: 'missing', since: { mark: 'older' } }, 'restoredBackup'],
    ['the files are from a backup', { entry: 'otherKey', since: { mark: 'newer' } }, 'restoredBackup'],
    ['a differently signed program is refused', { probe: { works: false, reason: 'denied' }, entry: 'unread', since: { sameSignature: false } }, 'changedSignature'],
    ['a differently signed program sees nothing', { entry: 'missing', since: { sameSignature: false, mark: 'missing' } }, 'changedSignature'],
    ['the same program is refused', { probe: { works: false, reason: 'denied' }, entry: 'unread' }, 'locked'],
    ['the program is signed anew and all works', { since: { sameSignature: false } }, 'ok'],
    ['a backup of the keychain still has the key', { since: { mark: 'older' } }, 'ok'],
  ])('%s', (_, change, state) => {
    expect(diagnose(observe(change)).state).toBe(state);
  });

  it('is always one of the thirteen, and never "ok" without the key of a database that has one', () => {
    const flag = fc.constantFrom(true, false, null);
    const observation: fc.Arbitrary<KeychainObservation> = fc.record({
      probe: fc.oneof(fc.record({ works: fc.constant(true as const), ms: fc.nat(90_000) }), fc.record({ works: fc.constant(false as const), reason: fc.constantFrom(...probeReasons) })),
      keepsLongEntries: flag, entry: fc.constantFrom(...entryFindings),
      since: fc.option(fc.record({ sameMachine: flag, sameHome: fc.boolean(), sameBackend: flag, sameSignature: flag, mark: fc.constantFrom('same', 'missing', 'older', 'newer', 'other', 'unread') })),
    });
    const seen = new Set<string>();
    fc.assert(fc.property(observation, (observed) => {
      const { state, isUsable, givesKey } = diagnose(observed);
      seen.add(state);
      expect(keychainStates).toContain(state);
      expect(isUsable).toBe(observed.probe.works);
      expect(givesKey).toBe(observed.entry === 'right');
      if (state === 'ok') expect(observed.probe.works && ['right', 'unread'].includes(observed.entry)).toBe(true);
    }), { numRuns: 5000 });
    expect([...seen].toSorted()).toEqual([...keychainStates].toSorted());
  });
});

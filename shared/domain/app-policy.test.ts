import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appPolicySchema, effectivePolicy, lockPolicyOf, policyNames, readManaged, type AppPolicy, type PolicyChoice } from './app-policy.ts';
import { defaultAppPolicy } from './app-policy-defaults.ts';

const none = { file: { status: 'absent' as const, name: 'm', problems: [] }, values: {}, governed: [] };
const read = (value: unknown) => readManaged(typeof value === 'string' ? value : JSON.stringify(value), 'managed-settings.json');

describe('a managed-settings file', () => {
  it('sets what it names and leaves the rest', () => {
    const { values, sources } = effectivePolicy(read({ $schema: 'x', '// why': 'audit of 2026', 'lock.idleMinutes': 5, 'wipe.allowed': false }), { 'lock.onSuspend': false });
    expect(values).toEqual({ ...defaultAppPolicy, 'lock.idleMinutes': 5, 'wipe.allowed': false, 'lock.onSuspend': false });
    expect(sources).toMatchObject({ 'lock.idleMinutes': 'managed', 'wipe.allowed': 'managed', 'lock.onSuspend': 'user', 'offline.graceHours': 'default' });
  });

  it('with a wrong value spoils that value only, and nobody may loosen it', () => {
    const managed = read({ 'lock.idleMinutes': '5', 'offline.graceHours': 24 });
    expect(managed.file).toEqual({ status: 'read', name: 'managed-settings.json', problems: [{ name: 'lock.idleMinutes', problem: 'value' }] });
    const { values, sources } = effectivePolicy(managed, { 'lock.idleMinutes': null });
    expect([values['lock.idleMinutes'], sources['lock.idleMinutes'], values['offline.graceHours']]).toEqual([15, 'unreadable', 24]);
  });

  it('names what this version does not know and goes on', () => {
    expect(read({ 'lock.idelMinutes': 5, 'lock.onSuspend': false })).toMatchObject({ values: { 'lock.onSuspend': false }, file: { status: 'read', problems: [{ name: 'lock.idelMinutes', problem: 'unknown' }] } });
  });

  it.each(['', '{', '[]', '"x"', 'null', '42', '\u0000'])('that is no object (%j) makes the defaults hold for everybody', (text) => {
    const managed = read(text);
    expect(managed.file.status).toBe('unreadable');
    const { values, sources } = effectivePolicy(managed, { 'lock.idleMinutes': null, 'lock.onSuspend': false, 'lock.onScreenLock': false });
    expect(values).toEqual(defaultAppPolicy);
    expect(new Set(Object.values(sources))).toEqual(new Set(['unreadable']));
  });

  it('may have a byte order mark', () => {
    expect(read('\uFEFF{"lock.idleMinutes": null}').values).toEqual({ 'lock.idleMinutes': null });
  });
});

describe('precedence', () => {
  const minutes = fc.option(fc.integer({ min: 1, max: 1440 }), { nil: null });
  const policy: fc.Arbitrary<AppPolicy> = fc.record({
    'lock.idleMinutes': minutes, 'lock.onSuspend': fc.boolean(), 'lock.onScreenLock': fc.boolean(), 'lock.needsSignIn': fc.boolean(),
    'offline.graceHours': fc.integer({ min: 1, max: 2160 }), 'recoveryKey.allowed': fc.boolean(), 'session.withoutKeychain': fc.boolean(), 'wipe.allowed': fc.boolean(),
  });
  const choice: fc.Arbitrary<PolicyChoice> = fc.record({ 'lock.idleMinutes': minutes, 'lock.onSuspend': fc.boolean(), 'lock.onScreenLock': fc.boolean(), 'lock.needsSignIn': fc.boolean() }, { requiredKeys: [] });

  it('is managed, then the person, then the default, for every name and any garbage in the file', () => {
    fc.assert(fc.property(policy, fc.subarray(policyNames), fc.subarray(policyNames), fc.jsonValue(), choice, (wanted, set, broken, garbage, chosen) => {
      const content: Record<string, unknown> = {};
      for (const name of set) content[name] = wanted[name];
      for (const name of broken) content[name] = { garbage };
      const { values, sources } = effectivePolicy(read(content), chosen);
      expect(appPolicySchema.parse(values)).toEqual(values);
      for (const name of policyNames) {
        const own = (chosen as Partial<AppPolicy>)[name];
        const expected = broken.includes(name) ? ['unreadable', defaultAppPolicy[name]] : set.includes(name) ? ['managed', wanted[name]] : own === undefined ? ['default', defaultAppPolicy[name]] : ['user', own];
        expect([sources[name], values[name]]).toEqual(expected);
      }
    }), { numRuns: 500 });
  });

  it('without a file is the person, then the default', () => {
    expect(effectivePolicy(none, { 'lock.idleMinutes': null }).values).toEqual({ ...defaultAppPolicy, 'lock.idleMinutes': null });
    expect(lockPolicyOf(effectivePolicy(none, { 'lock.idleMinutes': null }).values).idleMs).toBeNull();
    expect(lockPolicyOf(defaultAppPolicy).idleMs).toBe(900_000);
  });
});

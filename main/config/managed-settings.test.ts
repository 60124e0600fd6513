import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appPolicySchema, policyNames, readManaged } from '../../shared/domain/app-policy.ts';
import { defaultAppPolicy } from '../../shared/domain/app-policy-defaults.ts';
import { createManualClock } from '../erp/manual-clock.ts';
import { ManagedSettings, managedSettingsFile } from './managed-settings.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'valeo-managed-'));
  file = path.join(folder, 'managed-settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = (clock = createManualClock()) => new ManagedSettings({ file, choice: () => ({ 'lock.idleMinutes': 60 }), clock });

describe('the managed settings', () => {
  it('are the defaults and the person\'s choice without a file', () => {
    expect(open().state()).toMatchObject({ values: { ...defaultAppPolicy, 'lock.idleMinutes': 60 }, file: { status: 'absent' }, notice: null });
  });

  it('name the values that cannot be read, and the file that cannot', () => {
    writeFileSync(file, '{"lock.idleMinutes": 0, "lock.onSuspend": "no", "offline.graceHours": 8}');
    expect(open().state()).toMatchObject({
      values: { 'lock.idleMinutes': 15, 'lock.onSuspend': true, 'offline.graceHours': 8 },
      notice: { code: 'policy.unreadable', messageKey: 'errors.policy.values', params: { names: 'lock.idleMinutes, lock.onSuspend' } },
    });
    writeFileSync(file, '{"lock.idleMinutes": 5');
    expect(open().state()).toMatchObject({ values: defaultAppPolicy, file: { status: 'unreadable' }, notice: { code: 'policy.unreadable' } });
    rmSync(file);
    mkdirSync(file);
    expect(open().state()).toMatchObject({ values: defaultAppPolicy, file: { status: 'unreadable' } });
  });

  it.runIf(process.platform !== 'win32')('say that everybody may write the file, and follow it all the same', () => {
    writeFileSync(file, '{"lock.idleMinutes": 5}');
    chmodSync(file, 0o666);
    expect(open().state()).toMatchObject({ values: { 'lock.idleMinutes': 5 }, file: { status: 'writable' }, notice: { messageKey: 'errors.policy.writable' } });
  });

  it('follow a change of the file within a minute, and no more after dispose', async () => {
    const clock = createManualClock();
    const settings = open(clock);
    const told: unknown[] = [];
    settings.changed.on(({ values }) => told.push(values['lock.idleMinutes']));
    settings.follow();
    await clock.advance(120_000);
    writeFileSync(file, '{"lock.idleMinutes": 2}');
    await clock.advance(60_000);
    rmSync(file);
    await clock.advance(60_000);
    expect(told).toEqual([2, 60]);
    settings.dispose();
    expect(clock.pending()).toBe(0);
  });

  it('lie where only the administration writes', () => {
    expect(managedSettingsFile('linux')).toBe('/etc/opt/valeo-neuroerp-admin/managed-settings.json');
    expect(managedSettingsFile('darwin')).toBe('/Library/Application Support/VALEO NeuroERP Admin/managed-settings.json');
    expect(managedSettingsFile('win32', { ProgramData: 'D:\\Data' })).toBe('D:\\Data\\VALEO NeuroERP Admin\\managed-settings.json');
  });
});

describe('the templates', () => {
  const templates = path.join(import.meta.dirname, '../../resources/managed-settings');
  it('say nothing that the app does not understand, and one of them names everything', () => {
    const files = readdirSync(templates).filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'));
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) expect(readManaged(readFileSync(path.join(templates, name), 'utf8'), name).file, name).toMatchObject({ status: 'read', problems: [] });
    expect(readManaged(readFileSync(path.join(templates, 'defaults.json'), 'utf8'), 'x').values).toEqual(defaultAppPolicy);
  });

  it('come with a schema of the same names', () => {
    const schema = JSON.parse(readFileSync(path.join(templates, 'managed-settings.schema.json'), 'utf8')) as { properties: Record<string, { description?: string }> };
    expect(Object.keys(schema.properties).filter((name) => !name.startsWith('$')).toSorted()).toEqual(policyNames.toSorted());
    expect(Object.values(schema.properties).every(({ description }) => (description ?? '').length > 20)).toBe(true);
    expect(Object.keys(appPolicySchema.shape)).toHaveLength(policyNames.length);
  });
});

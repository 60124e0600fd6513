import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noMonitoring } from '../../shared/domain/monitoring.ts';
import { connectionProfileSchema, type ConnectionProfile } from '../../shared/domain/profile.ts';
import { ProfileSetup } from './profile-setup.ts';
import { openProfiles } from './profiles.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'valeo-setup-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pin = `sha256/${'A'.repeat(43)}=`;
const nord = connectionProfileSchema.parse({
  id: 'nord', name: 'Nord', environment: 'test', erpUrl: 'https://erp.example.de', issuer: 'https://login.example.de', clientId: 'valeo', extraScopes: ['erp'], serverKeyPins: [pin], lokiUrl: 'https://logs.example.de',
});
const sued = connectionProfileSchema.parse({ ...nord, id: 'sued', name: 'Süd', lokiUrl: undefined });

async function setupOf(profiles: readonly ConnectionProfile[], given: ConnectionProfile | null = null) {
  const store = openProfiles(folder, given);
  for (const profile of profiles) await store.save(profile);
  const activated: ConnectionProfile[] = [];
  const watched: ConnectionProfile[] = [];
  const setup = new ProfileSetup({
    store, check: async () => [], checkMonitoring: async () => [], chooseFile: async () => null, loginTest: { run: () => Promise.reject(new Error('not here')), cancel: () => undefined },
    activated: async (profile) => { activated.push(profile); }, watchersChanged: async (profile) => { watched.push(profile); },
  });
  return { setup, activated, watched, onDisk: () => JSON.parse(readFileSync(path.join(folder, 'profiles.json'), 'utf8')) as { activeId: string; profiles: ConnectionProfile[] } };
}

it('changes the monitoring of the connection in use, keeps all else, and what is open stays open', async () => {
  const { setup, activated, watched, onDisk } = await setupOf([sued, nord]);
  const { profiles } = await setup.setMonitoring('nord', { prometheusUrl: 'prometheus.example.de:9090', alertmanagerUrl: 'https://alerts.example.de/#/alerts', lokiUrl: '' });
  const expected = { ...nord, prometheusUrl: 'https://prometheus.example.de:9090', alertmanagerUrl: 'https://alerts.example.de' };
  delete expected.lokiUrl;
  expect(profiles.find(({ id }) => id === 'nord')).toEqual(expected);
  expect([activated, watched]).toEqual([[], [expected]]);
  expect(onDisk()).toEqual({ activeId: 'nord', profiles: [sued, expected] });
});

it('leaves the connection in use alone when it is another that changes', async () => {
  const { setup, watched, onDisk } = await setupOf([sued, nord]);
  const { activeId } = await setup.setMonitoring('sued', { ...noMonitoring, lokiUrl: 'https://logs.example.de' });
  expect([activeId, watched, onDisk().activeId]).toEqual(['nord', [], 'nord']);
  expect(onDisk().profiles[0]).toMatchObject({ id: 'sued', lokiUrl: 'https://logs.example.de' });
});

it('keeps a profile that was given for this start for this start, unless it is the one that changes', async () => {
  const given = { ...nord, id: 'given' };
  const first = await setupOf([], given);
  await first.setup.setMonitoring('given', noMonitoring);
  expect(first.onDisk()).toMatchObject({ activeId: 'given', profiles: [{ id: 'given' }] });
  rmSync(path.join(folder, 'profiles.json'));
  await openProfiles(folder, null).save(sued);
  const second = await setupOf([], given);
  expect((await second.setup.setMonitoring('sued', { ...noMonitoring, lokiUrl: 'https://logs.example.de' })).activeId).toBe('given');
  expect(second.onDisk()).toMatchObject({ activeId: 'sued', profiles: [{ id: 'sued', lokiUrl: 'https://logs.example.de' }] });
});

it('names the addresses that it refuses, and stores nothing', async () => {
  const { setup, activated, onDisk } = await setupOf([nord]);
  await expect(setup.setMonitoring('nord', { prometheusUrl: 'https://admin:geheim@prometheus.example.de', alertmanagerUrl: 'http://alerts.example.de', lokiUrl: '' })).rejects.toMatchObject({ error: { code: 'profile.invalid', params: { fields: 'prometheusUrl, alertmanagerUrl' } } });
  await expect(setup.setMonitoring('west', noMonitoring)).rejects.toMatchObject({ error: { code: 'profile.missing' } });
  expect([activated, onDisk().profiles]).toEqual([[], [nord]]);
});

it('keeps keys, certificates and monitoring of a connection that is set up a second time', async () => {
  const { setup, onDisk } = await setupOf([nord]);
  const input = { name: 'Nord', environment: 'production', provider: 'keycloak', erpUrl: 'https://erp.example.de/', issuer: nord.issuer, clientId: 'other' } as const;
  await setup.save({ ...input, monitoring: { ...noMonitoring, prometheusUrl: 'https://prometheus.example.de' } });
  expect(onDisk().profiles).toEqual([{ ...nord, environment: 'production', provider: 'keycloak', clientId: 'other', prometheusUrl: 'https://prometheus.example.de' }]);
});

it('takes no passwords of a demo along into anything else', async () => {
  const demo = connectionProfileSchema.parse({ ...nord, environment: 'demo', demoAccounts: [{ name: 'a', password: 'b', roles: [] }] });
  const { setup, onDisk } = await setupOf([demo]);
  await setup.save({ name: 'Nord', environment: 'production', provider: 'generic', erpUrl: nord.erpUrl, issuer: nord.issuer, clientId: 'valeo', monitoring: noMonitoring });
  expect(onDisk().profiles[0]?.demoAccounts).toBeUndefined();
});

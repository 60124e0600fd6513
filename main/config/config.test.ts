import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { parseCommandLine } from './command-line.ts';
import { checkProfile } from './profile-check.ts';
import { openProfiles, parseProfile, profileIdFrom, readProfileFile } from './profiles.ts';
import { openSettings } from './settings.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'valeo-config-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const profile = { id: 'nord', name: 'Nord', environment: 'test' as const, erpUrl: 'https://erp.example.de', issuer: 'https://login.example.de', clientId: 'valeo', provider: 'generic' as const, extraScopes: [] };

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : String(error);
  }
};

describe('settings', () => {
  it('remembers changes and merges the layout entry by entry', async () => {
    const store = openSettings(folder);
    await store.write({ theme: 'dark', layout: { 'list.width': 400 } });
    await store.write({ layout: { 'rail.open': true } });
    await store.write({ policy: { 'lock.idleMinutes': 5 } });
    await store.write({ policy: { 'lock.onSuspend': false } });
    expect(openSettings(folder).read()).toEqual({ language: 'system', theme: 'dark', layout: { 'list.width': 400, 'rail.open': true }, policy: { 'lock.idleMinutes': 5, 'lock.onSuspend': false } });
  });

  it('starts with defaults and keeps a damaged file aside', () => {
    writeFileSync(path.join(folder, 'settings.json'), '{"theme": "dark"');
    const store = openSettings(folder);
    expect(store.wasReset).toBe(true);
    expect(store.read().theme).toBe('system');
    expect(readFileSync(path.join(folder, 'settings.json.damaged'), 'utf8')).toContain('dark');
  });

  it('leaves the old file whole when many writes end at once', async () => {
    const store = openSettings(folder);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.write({ layout: { last: index } })));
    expect(JSON.parse(readFileSync(path.join(folder, 'settings.json'), 'utf8'))).toMatchObject({ layout: { last: 19 } });
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });
});

describe('profiles', () => {
  it('counts a given profile for this start only', async () => {
    const store = openProfiles(folder, profile);
    expect(store.active()?.id).toBe('nord');
    expect(openProfiles(folder, null).active()).toBeNull();
    await store.save({ ...profile, id: 'sued', name: 'Süd' });
    expect(openProfiles(folder, null).active()?.name).toBe('Süd');
  });

  it('names the file that is not there, and the fields that are wrong', () => {
    expect(codeOf(() => readProfileFile(path.join(folder, 'none.json')))).toBe('profile.missing');
    writeFileSync(path.join(folder, 'bad.json'), '{');
    expect(codeOf(() => readProfileFile(path.join(folder, 'bad.json')))).toBe('profile.invalid');
    try {
      parseProfile({ ...profile, erpUrl: 'http://erp.example.de', clientId: '' }, 'x.json');
      expect.unreachable();
    } catch (error) {
      expect((error as AppFailure).error.params['fields']).toBe('erpUrl, clientId');
    }
  });

  it('accepts plain http on this computer only', () => {
    expect(parseProfile({ ...profile, erpUrl: 'http://127.0.0.1:8000/' }, 'x').erpUrl).toBe('http://127.0.0.1:8000');
    expect(codeOf(() => parseProfile({ ...profile, erpUrl: 'http://127.0.0.1.example.de/' }, 'x'))).toBe('profile.invalid');
  });

  it('refuses demo passwords outside of a demo', () => {
    expect(codeOf(() => parseProfile({ ...profile, demoAccounts: [{ name: 'a', password: 'b', roles: [] }] }, 'x'))).toBe('profile.invalid');
  });

  it('makes readable ids', () => {
    expect(profileIdFrom('Genossenschaft Süd-Öst (Test)')).toBe('genossenschaft-sued-oest-test');
    expect(profileIdFrom('!!!')).toBe('server');
  });
});

describe('command line', () => {
  it('reads our switches and leaves the rest alone', () => {
    expect(parseCommandLine(['electron', '--no-sandbox', '--profile=/a/b.json', '--user-data='])).toEqual({ profileFile: '/a/b.json', userData: null });
  });
});

describe('connection check', () => {
  let server: Server;
  let origin = '';
  let discovery: unknown;
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/healthz') return response.end('{"ok":true}');
      if (request.url === '/idp/.well-known/openid-configuration') return response.end(typeof discovery === 'string' ? discovery : JSON.stringify(discovery));
      response.statusCode = 404;
      return response.end();
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    discovery = { issuer: `${origin}/idp`, authorization_endpoint: `${origin}/a`, token_endpoint: `${origin}/t`, code_challenge_methods_supported: ['S256'] };
  });
  afterEach(() => new Promise((resolve) => { server.close(resolve); }));

  const check = async (input: Partial<Parameters<typeof checkProfile>[1]> = {}, now = Date.now()) => {
    const steps = await checkProfile((url, init) => fetch(url, init), { erpUrl: origin, issuer: `${origin}/idp`, clientId: 'valeo', ...input }, () => now);
    return Object.fromEntries(steps.map((step) => [step.id, step.error?.code ?? step.status]));
  };

  it('is green on a good server', async () => {
    expect(await check()).toEqual({ address: 'ok', erp: 'ok', tls: 'skipped', identityProvider: 'ok', issuer: 'ok', clock: 'ok' });
  });
  it('names a wrong address without asking anybody', async () => {
    expect(await check({ erpUrl: 'ftp://x', issuer: 'nonsense' })).toMatchObject({ address: 'profile.invalid', erp: 'skipped', issuer: 'skipped' });
  });
  it('says that nobody answers', async () => {
    expect(await check({ erpUrl: 'http://127.0.0.1:65534' })).toMatchObject({ erp: 'network.unreachable', identityProvider: 'ok' });
  });
  it('says that the provider calls itself something else', async () => {
    discovery = { ...(discovery as object), issuer: 'https://elsewhere.example.de' };
    expect(await check()).toMatchObject({ issuer: 'login.issuerMismatch' });
  });
  it('says that this is no provider', async () => {
    discovery = '<html>Startseite</html>';
    expect(await check()).toMatchObject({ identityProvider: 'login.invalidResponse', issuer: 'skipped' });
    expect(await check({ issuer: origin })).toMatchObject({ identityProvider: 'login.provider' });
  });
  it('warns when the clocks differ', async () => {
    expect(await check({}, Date.now() - 600_000)).toMatchObject({ clock: 'login.clock', erp: 'ok' });
  });
});

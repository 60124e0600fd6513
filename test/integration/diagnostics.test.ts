import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Diagnostics } from '../../main/diagnostics/diagnostics.ts';
import type { DiagnosticPorts } from '../../main/diagnostics/ports.ts';
import { keychainDoctor } from '../../main/diagnostics/keychain.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { silentLog } from '../../main/log/log.ts';
import { KeychainMark } from '../../main/secrets/keychain-mark.ts';
import type { Keytar } from '../../main/secrets/keychain.ts';
import { openSecrets } from '../../main/secrets/open.ts';
import type { DiagnosticReport } from '../../shared/domain/diagnostics.ts';
import { connectionProfileSchema, type ConnectionProfile } from '../../shared/domain/profile.ts';
import { startLoki } from '../backend/loki.ts';
import { startTlsFront } from '../backend/security/tls-front.ts';
import { freePort } from '../fixtures/ports.ts';
import { makeCertificate, type CertificateKind } from './certificates.ts';
import { fetchTrusting } from './posture-world.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let pc: Pc;
let folder: string;
const open: { close(): Promise<unknown> | void }[] = [];

beforeAll(async () => {
  world = await startWorld({ documents: 30 });
  pc = await world.pc();
  await pc.as('sales');
});
afterAll(() => world.end());
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'valeo-diagnose-')); });
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  rmSync(folder, { recursive: true, force: true });
  world.backend.control.setWeaknesses({});
  world.backend.control.clearFaults();
});

/** A keychain as the library sees it, whose entries are in memory; `fails` makes every call fail with that text. */
const keytarOf = (fails: string | null): Keytar => {
  const entries = new Map<string, string>();
  const answer = async <T>(value: () => T): Promise<T> => { if (fails !== null) throw new Error(fails); return value(); };
  return {
    setPassword: (service, account, password) => answer(() => { entries.set(`${service} ${account}`, password); }),
    getPassword: (service, account) => answer(() => entries.get(`${service} ${account}`) ?? null),
    deletePassword: (service, account) => answer(() => entries.delete(`${service} ${account}`)),
  };
};

const profileOf = (more: Partial<ConnectionProfile> = {}): ConnectionProfile =>
  connectionProfileSchema.parse({ id: 'd', name: 'D', environment: 'test', erpUrl: world.backend.erp, issuer: world.backend.issuer, clientId: world.backend.clientId, ...more });

type Setting = Partial<DiagnosticPorts> & { profile?: () => ConnectionProfile | null; keychain?: string | null };

function desk({ keychain = null, ...ports }: Setting = {}): Diagnostics {
  const { workspace, host } = pc;
  return new Diagnostics({
    profile: () => profileOf(), fetchFor: () => (url, init) => fetch(url, init), resolveProxy: async () => 'DIRECT', folder, host, clock: systemClock, log: silentLog,
    work: () => ({ isUnlocked: true, live: workspace.monitor.state().live, pulledAt: workspace.online.pull.state().finishedAt, canPull: true, ping: (signal) => workspace.erp.ping({ signal }) }),
    examineKeychain: async () => keychainDoctor(null, await openSecrets({ loadKeytar: async () => keytarOf(keychain), service: randomUUID(), log: silentLog }), new KeychainMark(folder, async () => ({ machine: 'm', home: 'h', backend: null, signature: null })), folder).run(),
    ...ports,
  });
}

const short = ({ steps }: DiagnosticReport): Record<string, string> => Object.fromEntries(steps.map(({ id, status, cause }) => [id, cause === null ? status : `${status} ${cause}`]));
const diagnose = async (setting?: Setting): Promise<Record<string, string>> => short(await desk(setting).run());

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  open.push({ close: () => new Promise((closed) => { server.close(closed); }) });
  return (server.address() as AddressInfo).port;
}

/** A proxy that answers every request for a tunnel with this line. */
const proxyAnswering = (line: string): Promise<number> => listen(createTcp((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(`${line}\r\n\r\n`));
}));

describe('diagnosis', () => {
  it('finds nothing when all is well, and tells each step as it goes', async () => {
    await pc.pulled();
    await expect.poll(() => pc.workspace.monitor.state().live, { timeout: 20_000 }).toBe(true);
    const one = desk();
    const told: string[] = [];
    one.changed.on(({ steps }) => told.push(steps.map(({ status }) => status).join(' ')));
    const report = await one.run();
    expect(short(report)).toEqual({
      network: 'ok', proxy: 'ok', tls: 'skipped loopbackOnly', erp: 'ok', identityProvider: 'ok', clock: 'ok', events: 'ok', monitoring: 'skipped noMonitoring', keychain: 'ok', database: 'ok', disk: expect.stringMatching(/^(ok|warning diskLow)$/) as string,
    });
    expect(told.length).toBeGreaterThan(15);
    expect(told[0]).toBe(Array.from({ length: 11 }, () => 'waiting').join(' '));
    const facts = report.steps.find(({ id }) => id === 'database')?.facts;
    expect(facts).toMatchObject({ documents: '30', integrity: expect.stringMatching(/^(\d+)\/\1$/) as string });
    expect(JSON.stringify(report)).not.toMatch(/eyJ|Bearer/);
  });

  it('works before there is a profile and while nobody is signed in', async () => {
    const nobody = { isUnlocked: false, live: null, pulledAt: null, canPull: true, ping: null };
    expect(await diagnose({ profile: () => null, work: () => nobody })).toMatchObject({ network: 'skipped noProfile', events: 'skipped noProfile', keychain: 'ok', database: 'skipped cacheClosed' });
    expect(await diagnose({ work: () => nobody })).toMatchObject({ erp: 'ok', identityProvider: 'ok', events: 'skipped notSignedIn', database: 'skipped cacheClosed' });
  });

  it('joins a run that is under way, and can be stopped', async () => {
    world.backend.control.fail({ path: /healthz/, fault: { kind: 'hang' } });
    const one = desk();
    const first = one.run();
    expect(one.run()).toBe(first);
    await expect.poll(() => short(one.report())['erp']).toBe('running');
    await one.cancel();
    expect(short(await first)).toMatchObject({ network: 'ok', erp: 'skipped stopped', identityProvider: 'skipped stopped' });
  });
});

describe('causes on the way', () => {
  it('server down', async () => {
    const profile = profileOf({ erpUrl: `http://127.0.0.1:${await freePort()}` });
    expect(await diagnose({ profile: () => profile })).toMatchObject({ network: 'failed serverRefuses', erp: 'skipped notBefore', identityProvider: 'ok', clock: 'ok', disk: expect.any(String) as string });
  });

  it('a name that nobody knows', async () => {
    const profile = profileOf({ erpUrl: 'https://erp.invalid' });
    expect(await diagnose({ profile: () => profile })).toMatchObject({ network: 'failed nameUnknown', tls: 'skipped notBefore', erp: 'skipped notBefore' });
  });

  it('server failing, server silent, something else in its place', async () => {
    world.backend.control.fail({ path: /healthz/, fault: { kind: 'html', status: 502 } });
    expect(await diagnose()).toMatchObject({ network: 'ok', erp: 'failed erpFailing' });
    world.backend.control.fail({ path: /healthz/, fault: { kind: 'answer', status: 302, headers: { location: 'http://wifi.example/login' } } });
    expect(await diagnose()).toMatchObject({ erp: 'failed erpNotErp' });
    world.backend.control.fail({ path: /healthz/, fault: { kind: 'dropBefore' } });
    expect(await diagnose()).toMatchObject({ erp: 'failed erpDown' });
  });

  it('the account is not taken any more', async () => {
    world.backend.control.fail({ path: /v1\/status/, fault: { kind: 'answer', status: 403, body: { detail: 'Insufficient permissions. Required: x' } } });
    expect(await diagnose()).toMatchObject({ erp: 'warning erpRefusesAccount' });
  });

  it.each<[string, string, string]>([['refuses', 'HTTP/1.1 403 Forbidden', 'failed proxyRefuses'], ['wants a sign-in', 'HTTP/1.1 407 Proxy Authentication Required', 'failed proxySignIn'], ['lets through', 'HTTP/1.1 200 OK', 'ok']])('a proxy that %s', async (_name, line, expected) => {
    const port = await proxyAnswering(line);
    const profile = profileOf({ erpUrl: 'https://erp.invalid' });
    expect(await diagnose({ profile: () => profile, resolveProxy: async () => `PROXY 127.0.0.1:${port}; DIRECT` })).toMatchObject({ network: 'ok', proxy: expected });
  });

  it('a proxy that is not there', async () => {
    const port = await freePort();
    const profile = profileOf({ erpUrl: 'https://erp.invalid' });
    expect(await diagnose({ profile: () => profile, resolveProxy: async () => `PROXY 127.0.0.1:${port}` })).toMatchObject({ proxy: 'failed proxyUnreachable', tls: 'skipped notBefore' });
    expect(await diagnose({ profile: () => profile, resolveProxy: async () => `SOCKS5 127.0.0.1:${port}` })).toMatchObject({ proxy: 'failed proxyUnreachable' });
  });

  it.each<[CertificateKind, string, number?]>([['good', 'ok'], ['good', 'warning certificateSoon', 10], ['expired', 'failed certificateExpired'], ['other-name', 'failed certificateOtherName'], ['self-signed', 'failed certificateUntrusted']])('certificate: %s → %s', async (kind, expected, days) => {
    const { ca, ...certificate } = makeCertificate(kind, days);
    const front = await startTlsFront(world.backend.erp, certificate);
    open.push(front);
    const plain = (url: string, init?: RequestInit) => (url.startsWith('https:') ? fetchTrusting(ca)(url, init) : fetch(url, init));
    const found = await diagnose({ profile: () => profileOf({ erpUrl: front.url }), fetchFor: () => plain });
    expect(found).toMatchObject({ network: 'ok', tls: expected, erp: expected.startsWith('failed') ? 'skipped notBefore' : 'ok' });
  });

  it('provider down, failing, or another one', async () => {
    const down = profileOf({ issuer: `http://127.0.0.1:${await freePort()}` });
    expect(await diagnose({ profile: () => down })).toMatchObject({ erp: 'ok', identityProvider: 'failed providerDown' });
    const wrong = profileOf({ issuer: world.backend.erp });
    expect(await diagnose({ profile: () => wrong })).toMatchObject({ identityProvider: 'failed providerFailing' });
    world.backend.control.fail({ path: /openid-configuration/, fault: { kind: 'answer', status: 200, body: { issuer: 'https://elsewhere.example' } } });
    expect(await diagnose()).toMatchObject({ identityProvider: 'failed providerOther' });
  });

  it('a clock that is wrong', async () => {
    world.backend.control.setWeaknesses({ clockAhead: -180 });
    expect(await diagnose()).toMatchObject({ erp: 'ok', clock: 'failed clockOff' });
    const late = { ...systemClock, now: () => Date.now() + 10 * 60_000 };
    world.backend.control.setWeaknesses({});
    expect(await diagnose({ clock: late })).toMatchObject({ clock: 'failed clockOff' });
  });

  it('an event stream that is cut, and a server without one', async () => {
    const work = { isUnlocked: true, pulledAt: Date.now(), canPull: true, ping: async () => undefined };
    expect(await diagnose({ work: () => ({ ...work, live: false }) })).toMatchObject({ events: 'warning eventsClosed' });
    expect(await diagnose({ work: () => ({ ...work, live: null }) })).toMatchObject({ events: 'skipped eventsUnsupported' });
  });

  it('servers beside the ERP that answer, that are silent, that are mixed up', async () => {
    const loki = await startLoki([]);
    open.push(loki);
    const step = async (more: Partial<ConnectionProfile>) => (await desk({ profile: () => profileOf(more) }).run()).steps.find(({ id }) => id === 'monitoring');
    expect(await step({ lokiUrl: loki.url })).toEqual({ id: 'monitoring', status: 'ok', cause: null, facts: { loki: '3.1.1' } });
    expect(await step({ lokiUrl: loki.url, alertmanagerUrl: loki.url })).toEqual({ id: 'monitoring', status: 'warning', cause: 'watcherOther', facts: { alertmanager: 'otherWatcher', loki: '3.1.1' } });
    expect(await step({ alertmanagerUrl: loki.url, prometheusUrl: `http://127.0.0.1:${await freePort()}` })).toEqual({ id: 'monitoring', status: 'warning', cause: 'watcherSilent', facts: { prometheus: 'silent', alertmanager: 'otherWatcher' } });
    // Nothing at all gets through: that is said once, further up.
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    expect(await step({ erpUrl: nowhere, lokiUrl: nowhere })).toMatchObject({ status: 'skipped', cause: 'notBefore', facts: { loki: 'silent' } });
    // Asked with the person's own sign-in once there is one.
    expect(await step({ prometheusUrl: world.backend.erp })).toMatchObject({ status: 'ok', facts: { prometheus: 'signInErp' } });
  });
});

describe('causes on this computer', () => {
  it('keychain locked, absent, broken', async () => {
    expect(await diagnose({ keychain: 'Cannot get secret of a locked object' })).toMatchObject({ keychain: 'failed keychainLocked', disk: expect.any(String) as string });
    expect(await diagnose({ keychain: 'The name org.freedesktop.secrets was not provided by any .service files' })).toMatchObject({ keychain: 'warning keychainAbsent' });
    expect(await diagnose({ keychain: 'something odd' })).toMatchObject({ keychain: 'failed keychainTrouble' });
  });

  it('a database that is damaged, and one that cannot be read', async () => {
    const health = { size: async () => ({ bytes: 1e6, logBytes: 0, documents: 1, tables: ['documents', 'drafts'] }), check: async (table: string) => (table === 'drafts' ? '*** in database main *** Page 3' : null) };
    expect(await diagnose({ host: { health } })).toMatchObject({ database: 'failed databaseDamaged' });
    const closed = await world.pc();
    expect(await diagnose({ host: closed.host })).toMatchObject({ database: 'failed databaseFailing' });
  });

  it('data that were never or long ago read', async () => {
    const work = { isUnlocked: true, live: true, canPull: true, ping: async () => undefined };
    expect(await diagnose({ work: () => ({ ...work, pulledAt: null }) })).toMatchObject({ database: 'warning neverPulled' });
    // Waiting does not help where the server cannot list.
    expect(await diagnose({ work: () => ({ ...work, pulledAt: null, canPull: false }) })).toMatchObject({ database: 'ok pullUnsupported' });
    expect(await diagnose({ work: () => ({ ...work, pulledAt: Date.now() - 2 * 86_400_000 }) })).toMatchObject({ database: 'warning pulledLongAgo' });
  });

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)('a disk that is full', async (context) => {
    const disk = path.join(folder, 'disk');
    await mkdir(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      context.skip('this container may not mount');
    }
    try {
      expect(await diagnose({ folder: disk })).toMatchObject({ disk: 'failed diskFull' });
      await writeFile(path.join(disk, 'ballast'), Buffer.alloc(2_000_000)).catch(() => undefined);
      const report = await desk({ folder: disk }).run();
      expect(report.steps.find(({ id }) => id === 'disk')).toMatchObject({ status: 'failed', cause: 'diskFull', facts: { code: 'ENOSPC' } });
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('a folder that cannot be written to', async () => {
    const inTheWay = path.join(folder, 'file');
    await writeFile(inTheWay, 'x');
    expect(await diagnose({ folder: path.join(inTheWay, 'below') })).toMatchObject({ disk: 'failed diskUnwritable' });
    if (process.getuid?.() === 0) return;
    chmodSync(folder, 0o500);
    expect(await diagnose()).toMatchObject({ disk: 'failed diskUnwritable' });
    chmodSync(folder, 0o700);
  });
});

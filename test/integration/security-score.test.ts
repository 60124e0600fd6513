import { afterEach, describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wholeJournal } from '../../shared/domain/audit.ts';
import type { Attestation } from '../../shared/ipc/calls/security/score.ts';
import type { BackendOptions } from '../backend/index.ts';
import { startTestServer } from './backend-client.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.end();
  world = null;
});
const start = async (options: BackendOptions = {}, as = 'admin'): Promise<{ world: World; pc: Pc }> => {
  world = await startWorld(options);
  const pc = await world.pc();
  await pc.as(as);
  await pc.pulled();
  return { world, pc };
};
const dayAfter = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const attestation = (more: Partial<Attestation> = {}): Attestation => ({ point: 'humanLayer.awareness', outcome: 'met', owner: 'Personalabteilung', expiresOn: dayAfter(90), note: 'Schulung am 3. Februar', ...more });
const standing = async (pc: Pc): Promise<Record<string, string>> => Object.fromEntries((await pc.workspace.security.score.compute()).points.map(({ point, state, evidence, counted }) => [point, `${state} ${evidence.find(({ origin }) => origin === counted)?.source ?? '-'}`]));

describe('the security score', () => {
  it('measures what this client knows without probing, and tells it from what the server claims', async () => {
    const { pc } = await start({ audit: 50 });
    const { score } = pc.workspace.security;
    await expect.poll(async () => (await pc.workspace.audit.status()).verified, { timeout: 15_000 }).not.toBeNull();
    expect(await score.measure(true)).toBe(true);
    expect(await standing(pc)).toMatchObject({
      'authentication.oidcPkce': 'met measured', 'authorisation.scopes': 'met measured', 'logging.redaction': 'partly measured', 'authorisation.segregation': 'unmet measured',
      'audit.signedLog': 'met measured', 'audit.verified': 'met measured', 'audit.noOpenAlarm': 'met measured', 'dataIntegrity.concurrency': 'met measured',
      'dataIntegrity.verify': 'met claimed', 'policy.fourEyes': 'met claimed', 'tls.hsts': 'met claimed', 'gdpr.automation': 'met claimed', 'scans.dynamic': 'unmet claimed', 'aiGovernance.register': 'notApplicable -',
    });
    const { technical, organisational } = await score.compute();
    for (const { score: value } of [technical, organisational]) expect(value).toBeLessThan(1000);
  });

  it('lets go at once when the session ends while a server does not answer', async () => {
    const { world: running, pc } = await start();
    const { score } = pc.workspace.security;
    await score.measure();
    const { control } = running.backend;
    const asked = (): number => control.requests.filter(({ path }) => path.startsWith('/security/summary')).length;
    const before = asked();
    control.fail({ path: /^\/security\/summary/, fault: { kind: 'hang' }, times: 9 });
    const measuring = score.measure(true);
    await expect.poll(asked).toBeGreaterThan(before);
    const began = performance.now();
    await score.stop();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await measuring).toBe(false);
  });

  it('asks the server nothing because the log has changed, however often it does', async () => {
    const { world: running, pc } = await start();
    await pc.workspace.security.score.measure();
    const asked = (): number => running.backend.control.requests.filter(({ path }) => path.startsWith('/security/summary')).length;
    const before = asked();
    const status = await pc.workspace.audit.status();
    for (let count = 0; count < 3; count++) pc.workspace.audit.changed.emit(status);
    await pc.workspace.security.score.stop();
    expect(asked()).toBe(before);
  });

  it('says what the shipped server lacks', async () => {
    const { pc } = await start({ api: 'shipped' });
    await pc.workspace.security.score.measure(true);
    expect(await standing(pc)).toMatchObject({ 'audit.signedLog': 'partly measured', 'policy.fourEyes': 'unmet measured', 'dataIntegrity.concurrency': 'missing -', 'tls.hsts': 'missing -' });
  });

  it('takes up what a person vouches for, with its day, and falls when it is taken back', async () => {
    const { pc } = await start();
    const { score } = pc.workspace.security;
    await score.measure(true);
    await score.note();
    const before = (await score.compute()).total.score ?? 0;
    await expect(score.attest(attestation({ expiresOn: dayAfter(-2) }))).rejects.toMatchObject({ error: { code: 'input.invalid', messageKey: 'errors.score.expiry' } });
    await expect(score.attest(attestation({ expiresOn: dayAfter(900) }))).rejects.toMatchObject({ error: { code: 'input.invalid' } });
    await expect(score.attest(attestation({ point: 'tls.version' }))).rejects.toMatchObject({ error: { messageKey: 'errors.score.notAttestable' } });
    await score.attest(attestation());
    const raised = await score.compute();
    expect(raised.total.score).toBeGreaterThan(before);
    expect(raised.points.find(({ point }) => point === 'humanLayer.awareness')).toMatchObject({ state: 'met', evidence: [{ source: 'attested', by: 'admin', params: { owner: 'Personalabteilung' } }] });
    await score.note();
    expect((await score.history())[0]).toMatchObject({ total: raised.total.score, moved: [{ point: 'humanLayer.awareness', from: 'missing', to: 'met' }] });
    await score.withdraw('humanLayer.awareness');
    await score.note();
    expect((await score.compute()).total.score).toBe(before);
    expect((await score.history()).slice(0, 2).map(({ moved }) => moved.map(({ to }) => to))).toEqual([['missing'], ['met']]);
    await pc.workspace.audit.notes.settled();
    expect((await pc.workspace.audit.journal(wholeJournal, 0, 50)).rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['score.attest', 'score.withdraw']));
  });

  it('falls by itself when evidence expires', async () => {
    let offset = 0;
    world = await startWorld();
    const pc = await world.pc({ clock: { now: () => Date.now() + offset, after: (ms, action) => { const timer = setTimeout(action, ms).unref(); return () => clearTimeout(timer); } } });
    await pc.as('admin');
    const { score } = pc.workspace.security;
    await score.attest(attestation({ expiresOn: dayAfter(10) }));
    const fresh = await score.compute();
    offset = 12 * 86_400_000;
    const later = await score.compute();
    expect(later.points.find(({ point }) => point === 'humanLayer.awareness')).toMatchObject({ state: 'stale', credit: 0 });
    expect(later.organisational.score).toBeLessThan(fresh.organisational.score ?? 0);
  });

  it('counts the register of models from the day they are used', async () => {
    const { pc } = await start();
    const { score } = pc.workspace.security;
    await score.saveSettings({ usesModels: true });
    expect((await standing(pc))['aiGovernance.register']).toBe('missing -');
    expect((await score.read()).settings).toEqual({ usesModels: true });
  });

  it('exports what the script computes again to the same figures', async () => {
    const { pc } = await start();
    await pc.workspace.security.score.measure(true);
    const folder = await mkdtemp(join(tmpdir(), 'valeo-score-'));
    try {
      const file = join(folder, 'export.json');
      await writeFile(file, await pc.workspace.security.score.exportText());
      const root = join(import.meta.dirname, '../..');
      const { status, stdout } = spawnSync(process.execPath, [join(root, 'resources/recompute-score.mjs'), '--weights', join(root, 'resources/security/score-weights.json'), file], { encoding: 'utf8' });
      const { total } = await pc.workspace.security.score.compute();
      expect(stdout).toContain(`total ${((total.score ?? 0) / 10).toFixed(1)} %`);
      expect(status).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has a line for the overview for the score, alerts, the last drill and due rotations', async () => {
    const { pc } = await start();
    await pc.workspace.security.evidence.write({ point: 'backups.drill', origin: 'drill', outcome: 'met', source: 'measured', at: 5, expiresAt: Date.now() - 1, messageKey: 'x.y', params: {}, by: null, link: null });
    expect((await pc.workspace.security.overview()).map(({ id, tone, text }) => `${id} ${tone} ${text}`)).toEqual(expect.arrayContaining(['drill warning security.drill.stale']));
    expect((await pc.workspace.security.overview()).map(({ id }) => id)).toEqual(['score', 'alerts', 'drill', 'secrets']);
  });
});

describe('/security/summary', () => {
  it('is read off the running server, and closed to whoever may not read the centre', async () => {
    const server = await startTestServer();
    try {
      const { status, body } = await (await server.as('admin'))('GET', '/security/summary');
      expect(status).toBe(200);
      expect(body).toMatchObject({ asvs_level: null, zap_scan: { last_run: null }, security_headers: { hsts: true, csp: true }, authentication: { method: 'oidc' }, compliance: { gdpr: { export: true, erase: true }, audit_log: true } });
      const backups = await (await server.as('admin'))('GET', '/security/backups');
      expect(body['backups'].enabled).toBe(backups.body['items'].length > 0);
      expect((await (await server.as('sales'))('GET', '/security/summary')).status).toBe(403);
      expect((await server.anonymous('GET', '/security/summary')).status).toBe(401);
    } finally {
      await server.backend.close();
    }
  });
});

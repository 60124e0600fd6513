import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cookieSecrets, signingKeys } from '../backend/idp/keys.ts';
import { startCentre, type CentreOptions, type Pc, type World } from './security-world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.end();
  world = null;
});

const start = async (options: CentreOptions = {}) => {
  const made = await startCentre(options);
  world = made.world;
  const { control } = made.world.backend;
  return { ...made, control, secrets: made.pc.workspace.security.secrets, server: control.security().secrets };
};
const evidenceOf = async (pc: Pc) => (await pc.workspace.security.evidence.list()).find(({ origin }) => origin === 'secrets.inventory');
const keyIds = (of: World['backend']['control']) => signingKeys(of.db).map(({ kid }) => kid);

describe('secrets', () => {
  it('lists what the server has, without a value of any of them', async () => {
    const { pc, control, secrets } = await start();
    const view = await secrets.read();
    expect(view.server.map(({ name }) => name)).toEqual(['database-password', 'jwt-signing-key', 'oidc-cookie-key']);
    expect(await evidenceOf(pc)).toMatchObject({ source: 'claimed', outcome: 'partly', params: { count: '3', overdue: '1' } });
    const values = [readFileSync(join(dirname(control.db.name), 'secrets', 'database-password'), 'utf8'), ...cookieSecrets(control.db), ...signingKeys(control.db).map(({ d }) => d ?? '')];
    expect(values.every((value) => value.length > 20)).toBe(true);
    const answers = JSON.stringify([view, await secrets.rotate('database-password', 'begin', ''), await secrets.rotate('database-password', 'confirm', ''), await secrets.state(), await pc.host.records.list({ kind: 'secrets.list', limit: 10 })]);
    const fresh = readFileSync(join(dirname(control.db.name), 'secrets', 'database-password'), 'utf8');
    for (const value of [...values, fresh]) expect(answers).not.toContain(value);
  });

  it('reads no value that a careless server sends along', async () => {
    const { pc, control, secrets } = await start();
    control.fail({ method: 'GET', path: /^\/security\/secrets$/, fault: { kind: 'answer', status: 200, body: { items: [{ name: 'smtp', kind: 'api', value: 'hunter2-canary', password: 'hunter2-canary', rotatedAt: '2026-11-01T00:00:00Z', overlap: null }] } } });
    const view = await secrets.read();
    expect(view.server.map(({ name }) => name)).toEqual(['smtp']);
    expect(JSON.stringify([view, await pc.host.records.list({ kind: 'secrets.list', limit: 10 })])).not.toContain('hunter2');
  });

  it('rotates the signing key with an overlap; the own session survives each step', async () => {
    const { pc, control, secrets } = await start();
    const [before] = keyIds(control);
    const token = await pc.workspace.session.accessToken();
    const begun = await secrets.rotate('jwt-signing-key', 'begin', 'Monatswechsel');
    expect(begun).toMatchObject({ sessionHolds: true });
    expect(begun.server.find(({ name }) => name === 'jwt-signing-key')).toMatchObject({ isOverlapping: true });
    expect(keyIds(control)).toEqual([expect.any(String), before]);
    // The token of the old key goes on.
    expect(await pc.workspace.session.accessToken()).toBe(token);
    await expect(secrets.rotate('jwt-signing-key', 'begin', '')).rejects.toMatchObject({ error: { code: 'server.conflict' } });

    const confirmed = await secrets.rotate('jwt-signing-key', 'confirm', '');
    expect(confirmed).toMatchObject({ sessionHolds: true });
    expect(keyIds(control)).toHaveLength(1);
    expect(keyIds(control)).not.toContain(before);
    // The old token is not accepted any more; the session has got itself a new one and nobody was asked to sign in.
    expect(await pc.workspace.session.accessToken()).not.toBe(token);
    expect(pc.workspace.session.state().status).toBe('signedIn');
    const row = confirmed.server.find(({ name }) => name === 'jwt-signing-key');
    expect(row).toMatchObject({ isOverlapping: false });
    expect(Date.now() - (row?.rotatedAt ?? 0)).toBeLessThan(60_000);
    const log = control.db.prepare<[], { canonical: string }>(`SELECT canonical FROM audit_log WHERE resource = 'secret/jwt-signing-key' ORDER BY position`).all().map(({ canonical }) => canonical);
    expect(log).toHaveLength(2);
    expect(log[0]).toContain('Monatswechsel');
    expect((await pc.workspace.security.evidence.list()).find(({ origin }) => origin === 'secrets.rotation')).toMatchObject({ point: 'authentication.keyRotation', source: 'measured', outcome: 'met' });
  });

  it('goes back: the old signing key signs again, and the session follows', async () => {
    const { control, secrets } = await start();
    const [before] = keyIds(control);
    await secrets.rotate('jwt-signing-key', 'begin', '');
    expect(await secrets.rotate('jwt-signing-key', 'abort', 'falscher Zeitpunkt')).toMatchObject({ sessionHolds: true });
    expect(keyIds(control)).toEqual([before]);
  });

  it('rotates the database password: both are accepted until the new one is confirmed', async () => {
    const { control, secrets, server } = await start();
    const password = (): string => readFileSync(join(dirname(control.db.name), 'secrets', 'database-password'), 'utf8');
    const [before, mark] = [password(), server.mark('database-password')];
    await secrets.rotate('database-password', 'begin', '');
    const after = password();
    expect(after).not.toBe(before);
    expect(server.mark('database-password')).not.toBe(mark);
    expect([server.acceptsPassword(before), server.acceptsPassword(after)]).toEqual([true, true]);
    await secrets.rotate('database-password', 'confirm', '');
    expect([server.acceptsPassword(before), server.acceptsPassword(after)]).toEqual([false, true]);
    await secrets.rotate('database-password', 'begin', '');
    await secrets.rotate('database-password', 'abort', '');
    expect([password(), server.acceptsPassword(after)]).toEqual([after, true]);
  });

  it('rotates the key of the provider\'s cookies, and is in time again', async () => {
    const { pc, control, secrets } = await start();
    const [before] = cookieSecrets(control.db);
    await secrets.rotate('oidc-cookie-key', 'begin', '');
    expect(cookieSecrets(control.db)).toEqual([expect.any(String), before]);
    await secrets.rotate('oidc-cookie-key', 'confirm', '');
    expect(cookieSecrets(control.db)).not.toContain(before);
    expect(await evidenceOf(pc)).toMatchObject({ outcome: 'met', params: { overdue: '0' } });
  });

  it('wants a fresh sign-in, and goes on by itself after it', async () => {
    const { pc, control, secrets } = await start();
    control.setGaps({ signedInAgo: 3600 });
    const old = await pc.workspace.session.refreshNow(await pc.workspace.session.accessToken());
    control.setGaps({});
    expect(await secrets.rotate('database-password', 'begin', '')).toMatchObject({ sessionHolds: true });
    expect(await pc.workspace.session.accessToken(), 'somebody has signed in again').not.toBe(old);
    expect(pc.workspace.session.state().status).toBe('signedIn');
  });

  it('refuses a manager, here and on the server', async () => {
    const { world: running } = await start();
    const other = await running.pc();
    await other.as('manager');
    const { secrets } = other.workspace.security;
    await expect(secrets.rotate('database-password', 'begin', '')).rejects.toMatchObject({ error: { code: 'server.forbidden' } });
    await expect(secrets.keep({ name: 'smtp', kind: 'api', provider: '', owner: '', rotatedAt: 1, note: '' })).rejects.toMatchObject({ error: { code: 'access.missingScope' } });
    await expect(secrets.forget('smtp')).rejects.toMatchObject({ error: { code: 'access.missingScope' } });
  });

  it('keeps an inventory by hand where the server as it ships has none, and says who vouches for it', async () => {
    const made = await startCentre({ api: 'shipped' });
    world = made.world;
    const { secrets } = made.pc.workspace.security;
    await expect(secrets.read()).rejects.toMatchObject({ error: { code: 'server.unsupported' } });
    await expect(secrets.rotate('jwt', 'begin', '')).rejects.toMatchObject({ error: { code: 'server.notFound' } });
    const view = await secrets.keep({ name: 'JWT_SECRET', kind: 'jwt', provider: '', owner: 'IT', rotatedAt: Date.now() - 40 * 86_400_000, note: '.env' });
    expect(view).toMatchObject({ readAt: null, features: { list: false, rotate: false }, local: [{ name: 'JWT_SECRET', by: 'admin' }] });
    expect(await evidenceOf(made.pc)).toMatchObject({ source: 'attested', by: 'admin', outcome: 'unmet' });
    await secrets.background.look();
    await secrets.background.look();
    expect(made.pc.notices).toMatchObject([{ code: 'secret.reminder', params: { count: '1', names: 'JWT_SECRET' } }]);
    await secrets.forget('JWT_SECRET');
    expect(await evidenceOf(made.pc)).toBeUndefined();
  });

  it('shows what was last read without a server, and rotates nothing', async () => {
    const { world: running, secrets } = await start();
    await secrets.read();
    await running.backend.close();
    expect((await secrets.state()).server).toHaveLength(3);
    await expect(secrets.rotate('database-password', 'begin', '')).rejects.toMatchObject({ error: { code: 'network.unreachable' } });
  });
});

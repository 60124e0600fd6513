import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { drillId, isProven } from '../../shared/security/backups/backup.ts';
import { startCentre, type CentreOptions, type Pc, type World } from './security-world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.end();
  world = null;
});

const start = async (options: CentreOptions = {}) => {
  const made = await startCentre(options);
  world = made.world;
  return { ...made, backups: made.pc.workspace.security.backups, server: made.world.backend.control.security().backups };
};
const ended = async (pc: Pc, job: { id: string }) => pc.jobs.ended(job.id);
const drill = async (pc: Pc, id: string) => ended(pc, pc.workspace.security.backups.drill(id));
const evidenceOf = async (pc: Pc, point: string) => (await pc.workspace.security.evidence.list()).find((one) => one.point === point && one.origin === 'backups.server');

describe('backups', () => {
  it('makes one, drills it, believes its evidence, and hands it on to a colleague who checks it', async () => {
    const { world: { backend, pc: another }, pc, backups } = await start();
    expect(await backups.state()).toMatchObject({ readAt: null, backups: [], features: { list: true, create: true, drill: true } });
    expect((await ended(pc, backups.create()))?.status).toBe('done');
    const [newest] = (await backups.state()).backups;
    if (newest === undefined) throw new Error('no backup');
    expect(existsSync(join(dirname(backend.control.db.name), 'offsite', `${newest.id}.sqlite`))).toBe(true);
    expect(await evidenceOf(pc, 'backups.recent')).toMatchObject({ source: 'claimed', outcome: 'met' });
    expect(await evidenceOf(pc, 'backups.drill')).toMatchObject({ outcome: 'unmet' });

    expect(await drill(pc, newest.id)).toMatchObject({ status: 'done', error: null });
    const { proofs: [proof] } = await backups.state();
    const rows = backend.control.db.prepare<[], { n: number }>('SELECT count(*) AS n FROM documents').get()?.n ?? 0;
    expect(proof).toMatchObject({ fault: null, evidence: { backup: newest.id, mismatches: 0, problems: [], sha256: newest.sha256 } });
    expect(proof?.evidence.rowsCompared).toBeGreaterThan(rows);
    expect(isProven(newest.id, proof === undefined ? [] : [proof])).toBe(true);
    expect(await evidenceOf(pc, 'backups.drill')).toMatchObject({ source: 'measured', outcome: 'met' });
    expect(await evidenceOf(pc, 'backups.recent')).toMatchObject({ source: 'measured' });
    expect(backend.control.db.prepare(`SELECT count(*) FROM audit_log WHERE action IN ('backup.create', 'backup.drill')`).pluck().get()).toBe(2);
    // The second database of the drill is gone again.
    expect(readdirSync(join(dirname(backend.control.db.name), 'backups')).filter((name) => name.startsWith('drill-'))).toEqual([]);

    const file = await backups.exportProof(proof === undefined ? '' : drillId(proof));
    const colleague = await another();
    await colleague.as('admin');
    const theirs = colleague.workspace.security.backups;
    // Without ever having seen the server there is no key to check by.
    await expect(theirs.importProof(file, 'proof.txt')).rejects.toMatchObject({ error: { code: 'backup.proofRefused', messageKey: 'errors.backup.refused.key' } });
    await theirs.read();
    expect(await theirs.importProof(file, 'proof.txt')).toMatchObject({ file: 'proof.txt', fault: null, evidence: proof?.evidence });
    await expect(theirs.importProof(file.replace(/,(\d+),0,/, ',999999,0,'), 'forged.txt')).rejects.toMatchObject({ error: { messageKey: 'errors.backup.refused.signature' } });
    await expect(theirs.importProof('Alles gut.', 'letter.txt')).rejects.toMatchObject({ error: { messageKey: 'errors.backup.refused.format' } });
    expect((await theirs.state()).proofs).toHaveLength(1);
  });

  it.each([['byte', ['checksum']], ['cut', ['checksum', 'integrity']], ['rows', ['checksum', 'table:documents']]] as const)('fails loudly over a damaged backup (%s), with what is wrong', async (how, problems) => {
    const { pc, backups, server } = await start();
    const [newest] = (await backups.read()).backups;
    const id = newest?.id ?? '';
    server.damage(id, how);
    const job = await drill(pc, id);
    expect(job).toMatchObject({ status: 'failed', error: { code: 'backup.notRestorable', params: { backup: id } } });
    const { proofs: [proof] } = await backups.state();
    expect(proof).toMatchObject({ fault: null });
    expect(proof?.evidence.mismatches).toBeGreaterThan(0);
    expect(proof?.evidence.problems.includes('unreadable') || problems.every((problem) => proof?.evidence.problems.includes(problem))).toBe(true);
    expect(await evidenceOf(pc, 'backups.drill')).toMatchObject({ source: 'measured', outcome: 'unmet' });
    expect(await evidenceOf(pc, 'backups.recent')).toMatchObject({ source: 'claimed' });
  });

  it.each([['rows', 'signature'], ['key', 'signature']] as const)('refuses forged evidence (%s) and says why', async (how, fault) => {
    const { pc, backups, server } = await start();
    const [newest] = (await backups.read()).backups;
    server.forge(how);
    expect(await drill(pc, newest?.id ?? '')).toMatchObject({ status: 'failed', error: { code: 'backup.proofRefused', messageKey: `errors.backup.refused.${fault}` } });
    const { proofs: [proof] } = await backups.state();
    expect(proof?.fault).toBe(fault);
    await expect(backups.exportProof(proof === undefined ? '' : drillId(proof))).rejects.toMatchObject({ error: { messageKey: 'errors.backup.noProof' } });
    expect(await evidenceOf(pc, 'backups.drill')).toMatchObject({ outcome: 'unmet' });
    server.forge(null);
    expect((await drill(pc, newest?.id ?? ''))?.status).toBe('done');
  });

  it('refuses the evidence of an earlier drill, and of another backup', async () => {
    let ahead = 0;
    const { pc, backups, server } = await start({ clock: { now: () => Date.now() + ahead } });
    const [newest] = (await backups.read()).backups;
    expect((await drill(pc, newest?.id ?? ''))?.status).toBe('done');
    server.forge('replay');
    ahead = 3_600_000;
    expect(await drill(pc, newest?.id ?? '')).toMatchObject({ status: 'failed', error: { messageKey: 'errors.backup.refused.replayed' } });
    const other = server.create('monthly');
    ahead = 0;
    expect(await drill(pc, other.id)).toMatchObject({ status: 'failed', error: { messageKey: 'errors.backup.refused.otherBackup' } });
  });

  it('notices that the server signs with another key than at the first visit, until somebody vouches for it', async () => {
    const { world: running, pc, backups, server } = await start();
    const [newest] = (await backups.read()).backups;
    const real = (await backups.state()).offeredKey ?? '';
    running.backend.control.fail({ method: 'GET', path: /^\/security\/backups/, fault: { kind: 'answer', status: 200, body: { items: server.list().map(({ id, kind, created_at: at, sha256 }) => ({ id, kind, sha256, createdAt: at })), key: 'other.example/evidence+00000000+AQ==' } }, times: 1 });
    expect(await drill(pc, newest?.id ?? '')).toMatchObject({ status: 'failed', error: { messageKey: 'errors.backup.refused.key' } });
    expect((await backups.state()).knownKey?.key).toBe(real);
    await expect(backups.trustKey('00000000', 'Umzug')).rejects.toMatchObject({ error: { messageKey: 'errors.backup.otherKey' } });
    await backups.read();
    expect((await backups.trustKey(real.split('+')[1] ?? '', 'Umzug')).knownKey?.key).toBe(real);
  });

  it('does not believe a backup of next year, which would be recent for ever', async () => {
    const { pc, backups, server } = await start();
    server.create('daily', Date.now() + 365 * 86_400_000);
    expect(await backups.read()).toMatchObject({ backups: [], unreadable: 1 });
    expect(await evidenceOf(pc, 'backups.recent')).toMatchObject({ outcome: 'unmet' });
  });

  it('sees lost copies, missing days, and what retention has taken away', async () => {
    const { pc, backups, server } = await start();
    const now = Date.now();
    const day = 86_400_000;
    for (const [kind, days] of [['monthly', 300], ['daily', 29], ['daily', 2]] as const) server.create(kind, now - days * day);
    const gone = [server.create('daily', now - 31 * day), server.create('monthly', now - 366 * day)];
    const { backups: listed } = await backups.read();
    expect(listed).toHaveLength(4);
    expect(listed.filter(({ id }) => gone.some((one) => one.id === id))).toEqual([]);
    expect(await evidenceOf(pc, 'backups.retention')).toMatchObject({ outcome: 'partly', source: 'claimed' });
    expect(await evidenceOf(pc, 'backups.offsite')).toMatchObject({ outcome: 'met', source: 'claimed' });
    for (const { id } of listed) server.loseOffsite(id);
    await backups.read();
    expect(await evidenceOf(pc, 'backups.offsite')).toMatchObject({ outcome: 'unmet' });
  });

  it('says once a day what is due, and nothing to people who may not read it', async () => {
    const { world: running, pc } = await start();
    const { background } = pc.workspace.security.backups;
    await background.look();
    await background.look();
    expect(pc.notices.map(({ code }) => code)).toEqual(['backup.reminder']);
    const clerk = await running.pc();
    await clerk.as('sales');
    await clerk.workspace.security.backups.background.look();
    expect(clerk.notices).toEqual([]);
  });

  it('lets go at once when the session ends while a server does not answer its look', async () => {
    const { world: running, pc } = await start();
    const { background } = pc.workspace.security.backups;
    background.start();
    running.backend.control.fail({ path: /^\/security\/backups/, fault: { kind: 'hang' }, times: 9 });
    const looking = background.look();
    await expect.poll(() => running.backend.control.requests.some(({ path }) => path.startsWith('/security/backups'))).toBe(true);
    const began = performance.now();
    await background.stop();
    await looking;
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(pc.notices).toEqual([]);
  });

  it('shows what was last read without a server, and drills nothing', async () => {
    const { world: running, pc, backups } = await start();
    const { backups: before } = await backups.read();
    await running.backend.close();
    expect(await backups.state()).toMatchObject({ backups: before });
    expect(await drill(pc, before[0]?.id ?? '')).toMatchObject({ status: 'failed', error: { code: 'network.unreachable' } });
    expect((await backups.state()).proofs).toEqual([]);
  });

  it('is refused to a manager by name of the right', async () => {
    const { world: running } = await start();
    const other = await running.pc();
    await other.as('manager');
    await expect(other.workspace.security.backups.read()).rejects.toMatchObject({ error: { code: 'server.forbidden' } });
    await expect(other.workspace.security.backups.trustKey('x', 'y')).rejects.toMatchObject({ error: { code: 'access.missingScope' } });
  });

  it('says on the server as it ships that there are none', async () => {
    const made = await startCentre({ api: 'shipped' });
    world = made.world;
    const { backups } = made.pc.workspace.security;
    expect((await backups.state()).features).toEqual({ list: false, create: false, drill: false });
    await expect(backups.read()).rejects.toMatchObject({ error: { code: 'server.unsupported' } });
  });
});

import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { noAnswer, resultId, type Answer, type Result } from '../../shared/security/checklists/list.ts';
import type { BackendOptions } from '../backend/index.ts';
import { startTestServer } from './backend-client.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.end();
  world = null;
});
const start = async (options: BackendOptions = {}): Promise<{ world: World; pc: Pc }> => {
  world = await startWorld({ documents: 20, ...options });
  const pc = await world.pc();
  await pc.as('admin');
  return { world, pc };
};
const done: Answer = { ...noAnswer, state: 'done', owner: 'Betrieb', evidence: 'Bericht 12' };
const known = async (pc: Pc, list: string, item: string): Promise<Result | undefined> => (await pc.workspace.security.checklists.read()).results.find((one) => resultId(one) === resultId({ list, item }));
const evidenceOf = async (pc: Pc, point: string): Promise<string[]> => (await pc.workspace.security.evidence.list()).filter((one) => one.point === point && one.origin.startsWith('checklist.')).map(({ outcome, source, by }) => `${outcome} ${source} ${by}`);

describe('checklists', () => {
  it('keeps answers on the server, in its log, and where colleagues read them', async () => {
    const { world: { backend, pc: another }, pc } = await start();
    const { checklists } = pc.workspace.security;
    expect(await checklists.answer('nis2', 'art.-20(1)', done)).toMatchObject({ version: '1', isPending: false, updatedBy: 'admin' });
    const entries = backend.control.db.prepare(`SELECT canonical FROM audit_log WHERE action = 'checklist.update'`).pluck().all() as string[];
    expect(entries).toHaveLength(1);
    expect(entries[0]).toContain('checklist/nis2/art.-20(1)');
    const colleague = await another();
    await colleague.as('admin');
    expect(await colleague.workspace.security.checklists.sync()).toBe(true);
    expect(await known(colleague, 'nis2', 'art.-20(1)')).toMatchObject({ state: 'done', owner: 'Betrieb', evidence: 'Bericht 12', version: '1' });
    expect((await checklists.read()).place).toBe('server');
  });

  it('keeps what was answered without the server and sends it later', async () => {
    const { world: { backend }, pc } = await start();
    const { checklists } = pc.workspace.security;
    await checklists.sync();
    backend.control.fail({ method: 'PATCH', path: /\/security\/checklists/, fault: { kind: 'dropBefore' }, times: 20 });
    expect(await checklists.answer('asvs', 'v2.2.1', done)).toMatchObject({ version: null, isPending: true });
    backend.control.clearFaults();
    expect(backend.control.db.prepare('SELECT count(*) FROM checklist_items').pluck().get()).toBe(0);
    await expect.poll(() => checklists.sync(), { timeout: 20_000 }).toBe(true);
    expect(await known(pc, 'asvs', 'v2.2.1')).toMatchObject({ version: '1', isPending: false });
    expect(backend.control.db.prepare('SELECT state FROM checklist_items').pluck().all()).toEqual(['done']);
  });

  it('takes an answer that arrived though the reply was lost for what it is, not for a conflict', async () => {
    const { world: { backend }, pc } = await start();
    const { checklists } = pc.workspace.security;
    await checklists.sync();
    backend.control.fail({ method: 'PATCH', path: /\/security\/checklists/, fault: { kind: 'dropAfter' }, times: 20 });
    await checklists.answer('asvs', 'v2.2.1', done);
    backend.control.clearFaults();
    await expect.poll(async () => { await checklists.sync(); return known(pc, 'asvs', 'v2.2.1'); }, { timeout: 20_000 }).toMatchObject({ state: 'done', isPending: false, mine: null, version: '1' });
  });

  it('shows a conflict instead of overwriting a colleague, and lets the person decide', async () => {
    const { world: { pc: another }, pc } = await start();
    const colleague = await another();
    await colleague.as('admin');
    const [ours, theirs] = [pc.workspace.security.checklists, colleague.workspace.security.checklists];
    await ours.answer('nis2', 'art.-20(2)', done);
    await theirs.sync();
    await theirs.answer('nis2', 'art.-20(2)', { ...done, owner: 'Leitung' });
    const met = await ours.answer('nis2', 'art.-20(2)', { ...done, state: 'partly' });
    expect(met).toMatchObject({ state: 'done', owner: 'Leitung', version: '2', mine: { state: 'partly', owner: 'Betrieb' } });
    await expect(ours.resolve('nis2', 'art.-20(1)', 'mine')).rejects.toMatchObject({ error: { messageKey: 'errors.checklist.noConflict' } });
    expect(await ours.resolve('nis2', 'art.-20(2)', 'mine')).toMatchObject({ state: 'partly', owner: 'Betrieb', version: '3', mine: null });
    await theirs.sync();
    expect(await known(colleague, 'nis2', 'art.-20(2)')).toMatchObject({ state: 'partly', version: '3' });
  });

  it('stays on this PC where the server has no place for it, and says so', async () => {
    const { pc } = await start({ api: 'shipped' });
    const { checklists } = pc.workspace.security;
    expect(await checklists.sync()).toBe(true);
    expect(await checklists.answer('nis2', 'art.-20(1)', done)).toMatchObject({ version: null, isPending: false });
    expect((await checklists.read()).place).toBe('here');
    await pc.workspace.audit.notes.settled();
  });

  it('knows after the first look that the server has no place, and tells the window', async () => {
    const { pc } = await start({ api: 'shipped' });
    const { checklists } = pc.workspace.security;
    expect((await checklists.read()).place).toBe('unknown');
    let told = 0;
    pc.workspace.security.changed.on((areas) => { if (areas.includes('checklists')) told++; });
    expect(await checklists.sync()).toBe(true);
    expect((await checklists.read()).place).toBe('here');
    await expect.poll(() => told).toBe(1);
    await checklists.sync();
    expect(told).toBe(1);
  });

  it('sends the others when the server will not take one any more, and says which reason it gave', async () => {
    const { world: { backend }, pc } = await start();
    const { checklists } = pc.workspace.security;
    await checklists.sync();
    backend.control.fail({ method: 'PATCH', path: /\/security\/checklists/, fault: { kind: 'dropBefore' }, times: 40 });
    for (const item of ['v2.2.1', 'v2.2.2']) expect(await checklists.answer('asvs', item, done)).toMatchObject({ isPending: true });
    backend.control.clearFaults();
    backend.control.fail({ method: 'PATCH', path: /v2\.2\.2$/, fault: { kind: 'answer', status: 422, body: { detail: 'x' } }, times: 40 });
    await expect.poll(() => checklists.sync().then(() => 'sent', (error: { error: { code: string } }) => error.error.code), { timeout: 20_000 }).toMatch(/^server\./);
    expect(await known(pc, 'asvs', 'v2.2.1')).toMatchObject({ version: '1', isPending: false });
    expect(await known(pc, 'asvs', 'v2.2.2')).toMatchObject({ isPending: true });
    backend.control.clearFaults();
    expect(await checklists.sync()).toBe(true);
    expect(await known(pc, 'asvs', 'v2.2.2')).toMatchObject({ isPending: false });
  });

  it('puts back what was there when the server refuses', async () => {
    const { world: { pc: another } } = await start();
    const pc = await another();
    await pc.as('manager');
    await expect(pc.workspace.security.checklists.answer('nis2', 'art.-20(1)', done)).rejects.toMatchObject({ error: { code: 'server.forbidden' } });
    expect(await known(pc, 'nis2', 'art.-20(1)')).toBeUndefined();
    await expect(pc.workspace.security.checklists.answer('nis2', 'no-such', done)).rejects.toMatchObject({ error: { messageKey: 'errors.checklist.unknown' } });
  });

  it('is evidence for the score, and takes it back with the answers', async () => {
    const { pc } = await start();
    const { checklists, score } = pc.workspace.security;
    const items = ['container-user', 'container-readonly', 'container-limits', 'container-base'];
    const [first = '', ...others] = items;
    await checklists.answer('pre-deployment', first, done);
    expect(await evidenceOf(pc, 'containers.hardening')).toEqual(['partly attested admin']);
    for (const item of others) await checklists.answer('pre-deployment', item, done);
    expect(await evidenceOf(pc, 'containers.hardening')).toEqual(['met attested admin']);
    expect((await score.compute()).points.find(({ point }) => point === 'containers.hardening')).toMatchObject({ state: 'met', credit: 7500 });
    for (const item of items) await checklists.answer('pre-deployment', item, noAnswer);
    expect(await evidenceOf(pc, 'containers.hardening')).toEqual([]);
  });

  it('turns campaigns into evidence by their rates', async () => {
    const { pc } = await start();
    const { checklists } = pc.workspace.security;
    const phishing = { id: randomUUID(), kind: 'phishing' as const, title: 'Paketdienst', heldOn: '2026-11-02', invited: 40, counted: 6, reported: 20, note: '' };
    await expect(checklists.saveCampaign({ ...phishing, counted: 41 })).rejects.toMatchObject({ error: { messageKey: 'errors.checklist.tooMany' } });
    await checklists.saveCampaign(phishing);
    await checklists.saveCampaign({ ...phishing, id: randomUUID(), kind: 'training', counted: 38, reported: 0 });
    expect(await evidenceOf(pc, 'humanLayer.phishing')).toEqual(['partly attested admin']);
    expect(await evidenceOf(pc, 'humanLayer.awareness')).toEqual(['met attested admin']);
    await checklists.removeCampaign(phishing.id);
    expect(await evidenceOf(pc, 'humanLayer.phishing')).toEqual([]);
  });

  it('writes a list as CSV that no spreadsheet takes for formulas', async () => {
    const { pc } = await start();
    const { checklists } = pc.workspace.security;
    await checklists.answer('nis2', 'art.-20(1)', { ...done, note: '=HYPERLINK("http://x")', owner: 'A; "B"' });
    const csv = await checklists.csv('nis2', 'de');
    const [, head = '', first = ''] = csv.split('\r\n');
    expect(head.split(';')).toHaveLength(11);
    expect(first).toContain(`"A; ""B"""`);
    expect(first).toContain(`'=HYPERLINK`);
    expect(csv.trim().split('\r\n')).toHaveLength(19);
  });
});

describe('/security/checklists', () => {
  it('changes an item only on the version that was seen, once for a key, and by an administrator', async () => {
    const server = await startTestServer();
    try {
      const admin = await server.as('admin');
      const path = '/security/checklists/nis2/art.-20(1)';
      const first = await admin('PATCH', path, { state: 'done' }, { 'idempotency-key': 'k1', 'if-none-match': '*' });
      expect(first).toMatchObject({ status: 200, body: { item: { state: 'done', version: 1, updatedBy: 'admin' } } });
      expect(first.headers.get('etag')).toBe('"1"');
      expect((await admin('PATCH', path, { state: 'done' }, { 'idempotency-key': 'k1', 'if-none-match': '*' })).headers.get('idempotency-replayed')).toBe('true');
      expect((await admin('PATCH', path, { state: 'open' }, { 'if-none-match': '*' })).status).toBe(412);
      expect((await admin('PATCH', path, { state: 'open' }, { 'if-match': '"7"' })).status).toBe(412);
      expect((await admin('PATCH', path, { note: 'nur die Notiz' }, { 'if-match': '"1"' })).body).toMatchObject({ item: { state: 'done', note: 'nur die Notiz', version: 2 } });
      expect((await admin('PATCH', path, { state: 'maybe' })).status).toBe(422);
      expect((await admin('PATCH', path, { due: 'tomorrow' })).status).toBe(422);
      expect((await admin('GET', '/security/checklists')).body).toMatchObject({ total: 1 });
      expect((await (await server.as('manager'))('PATCH', path, { state: 'open' })).status).toBe(403);
      expect((await (await server.as('manager'))('GET', '/security/checklists')).status).toBe(403);
      const entries = server.backend.control.db.prepare(`SELECT canonical FROM audit_log WHERE action = 'checklist.update' ORDER BY position`).pluck().all();
      expect(entries).toHaveLength(2);
    } finally {
      await server.backend.close();
    }
  });
});

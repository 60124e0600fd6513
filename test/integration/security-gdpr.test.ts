import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyEd25519 } from '../../main/ed25519.ts';
import { gdprHandlers } from '../../main/ipc/handlers/security/gdpr.ts';
import { openCertificate } from '../../shared/security/gdpr/certificate.ts';
import { wholeJournal } from '../../shared/domain/audit.ts';
import { localDay } from '../../shared/security/gdpr/deadline.ts';
import type { NewRequest } from '../../shared/security/gdpr/request.ts';
import type { BackendOptions } from '../backend/index.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

const place = path.join(tmpdir(), `valeo-auskunft-${process.pid}.json`);
let world: World | null = null;
afterEach(async () => {
  await rm(place, { force: true });
  await world?.end();
  world = null;
});

const start = async (options: BackendOptions = {}): Promise<{ world: World; pc: Pc; partner: string }> => {
  world = await startWorld(options);
  const pc = await world.pc();
  await pc.as('admin');
  await pc.pulled();
  const { partner } = world.backend.control.db.prepare<[], { partner: string }>(`SELECT json_extract(body, '$.customerId') AS partner FROM documents WHERE type = 'sales_order' AND deleted = 0 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`).get() ?? { partner: '' };
  return { world, pc, partner };
};
/** Received last week: a fixed day would be late one day. */
const request = (reference: string, kind: NewRequest['kind'] = 'erasure'): NewRequest => ({ kind, reference, name: 'Petra Muster', contact: 'petra@example.de', channel: 'email', receivedOn: localDay(Date.now() - 7 * 86_400_000) });
const refusal = (why: string) => ({ error: { code: 'input.invalid', messageKey: `errors.gdpr.${why}` } });

describe('the privacy desk', () => {
  it('walks an erasure from its entry to a certificate that verifies', async () => {
    const { world: { backend }, pc, partner } = await start();
    const { gdpr } = pc.workspace.security;
    await expect(gdpr.open({ ...request(partner), receivedOn: '2199-01-01' })).rejects.toMatchObject(refusal('future'));
    const opened = await gdpr.open(request(partner));
    const { found } = await gdpr.find(opened.id);
    expect(found?.here.documents).toBeGreaterThan(0);
    expect(found?.server?.documents).toBe(found?.here.documents);
    expect(found?.kept.map(({ documents }) => documents).reduce((sum, each) => sum + each, 0)).toBe(found?.here.documents);

    await expect(gdpr.exportPackage(opened.id, place)).rejects.toMatchObject(refusal('notIdentified'));
    await expect(gdpr.erase(opened.id, partner, true)).rejects.toMatchObject(refusal('notIdentified'));
    await gdpr.step(opened.id, { what: 'identify', how: 'Rückruf unter bekannter Nummer' });
    const exported = await gdpr.exportPackage(opened.id, place);
    expect(JSON.parse(await readFile(place, 'utf8'))).toMatchObject({ reference: partner, onServer: { user_id: partner } });
    expect(exported.exported).toMatchObject({ documents: found?.server?.documents });

    await expect(gdpr.erase(opened.id, 'somebody else', true)).rejects.toMatchObject(refusal('typed'));
    expect(backend.control.db.prepare('SELECT name FROM partners WHERE id = ?').pluck().get(partner)).not.toMatch(/^geloescht/);
    const erased = await gdpr.erase(opened.id, ` ${partner} `, true);
    expect(erased.erased?.anonymized).toBeGreaterThan(0);
    expect(backend.control.db.prepare('SELECT name FROM partners WHERE id = ?').pluck().get(partner)).toMatch(/^geloescht-/);
    // The books stay, without the person; and so they stand in the cache now.
    const { keys } = await pc.host.documents.keys({ partnerId: partner, sort: { by: 'changed', direction: 'desc' }, limit: 100 });
    expect(keys).toHaveLength(found?.here.documents ?? -1);
    for (const key of keys) expect(JSON.stringify(await pc.host.documents.get(key))).not.toContain('petra');

    const certificate = openCertificate(await gdpr.certificate(opened.id), verifyEd25519);
    expect(certificate?.certificate).toMatchObject({ request: opened.id, reference: partner, anonymized: erased.erased?.anonymized });
    const forged = (await gdpr.certificate(opened.id)).replace(/"anonymized": \d+/, '"anonymized": 999999');
    expect(openCertificate(forged, verifyEd25519)).toBeNull();
    await expect(gdpr.erase(opened.id, partner, true)).rejects.toMatchObject(refusal('alreadyErased'));
    const done = await gdpr.step(opened.id, { what: 'answer', answer: 'partly', note: 'Belege bleiben nach § 147 AO' });
    expect(done.steps.map(({ what }) => what)).toEqual(['opened', 'found', 'identified', 'exported', 'erased', 'answered']);
    await expect(gdpr.step(opened.id, { what: 'identify', how: 'again' })).rejects.toMatchObject(refusal('answered'));
    const actions = backend.control.db.prepare(`SELECT action FROM audit_log WHERE action LIKE 'gdpr.%' ORDER BY position`).pluck().all() as string[];
    expect(actions.slice(-3)).toEqual(['gdpr.export', 'gdpr.export', 'gdpr.erase']);
    expect((await pc.workspace.security.evidence.list()).filter(({ origin }) => origin === 'gdpr.desk').map(({ point, outcome, source }) => `${point} ${outcome} ${source}`).toSorted())
      .toEqual(['gdpr.automation met measured', 'gdpr.requestsInTime met measured']);
  });

  it('finds and exports somebody who works with the ERP', async () => {
    const { pc } = await start({ audit: 300 });
    const { gdpr } = pc.workspace.security;
    const { id } = await gdpr.open(request('sales', 'access'));
    expect((await gdpr.find(id)).found?.server?.auditEntries).toBeGreaterThan(0);
    await expect(gdpr.erase(id, 'sales', false)).rejects.toMatchObject(refusal('notIdentified'));
    await gdpr.step(id, { what: 'identify', how: 'Personalausweis' });
    await expect(gdpr.erase(id, 'sales', false)).rejects.toMatchObject(refusal('notErasure'));
  });

  it('says that the server knows nobody, and keeps the request', async () => {
    const { pc } = await start();
    const { gdpr } = pc.workspace.security;
    const { id } = await gdpr.open(request('NOBODY'));
    expect((await gdpr.find(id)).found?.server).toBeNull();
    await gdpr.step(id, { what: 'identify', how: 'Ausweis' });
    await expect(gdpr.exportPackage(id, place)).rejects.toMatchObject({ error: { code: 'server.notFound', messageKey: 'errors.gdpr.unknownPerson' } });
    await expect(gdpr.erase(id, 'NOBODY', true)).rejects.toMatchObject({ error: { code: 'server.notFound' } });
    expect(await gdpr.list()).toHaveLength(1);
    await gdpr.discard(id);
    expect(await gdpr.list()).toEqual([]);
  });

  it('opens, identifies and looks into the cache without a server, and erases nothing', async () => {
    const { world: running, pc, partner } = await start();
    const { gdpr } = pc.workspace.security;
    const { id } = await gdpr.open(request(partner));
    await running.backend.close();
    const { found } = await gdpr.find(id);
    expect(found?.here.documents).toBeGreaterThan(0);
    expect(found?.server).toBeNull();
    await gdpr.step(id, { what: 'identify', how: 'Ausweis' });
    await expect(gdpr.erase(id, partner, true)).rejects.toMatchObject({ error: { code: 'network.unreachable' } });
    expect((await gdpr.list())[0]).toMatchObject({ erased: null });
  });

  it('does the same on the server as it ships, which writes nothing down: the journal does', async () => {
    const { pc, partner } = await start({ api: 'shipped' });
    const { gdpr } = pc.workspace.security;
    expect(await gdpr.features()).toEqual({ canExport: true, canErase: true, isAudited: false });
    const { id } = await gdpr.open(request(partner));
    await gdpr.step(id, { what: 'identify', how: 'Ausweis' });
    await gdpr.exportPackage(id, place);
    const text = await readFile(place, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ onServer: { user_id: partner } });
    expect((await gdpr.erase(id, partner, true)).erased).toMatchObject({ anonymized: null });
    await pc.workspace.audit.notes.settled();
    const { rows } = await pc.workspace.audit.journal(wholeJournal, 0, 50);
    expect(rows.filter(({ action }) => action === 'gdpr.erase')).toHaveLength(1);
    const unknown = await gdpr.open(request('NOBODY'));
    await gdpr.step(unknown.id, { what: 'identify', how: 'Ausweis' });
    await expect(gdpr.erase(unknown.id, 'NOBODY', true)).rejects.toMatchObject({ error: { code: 'server.notFound' } });
  });

  it('refuses the server\'s erasure to a manager by name of the right', async () => {
    const { world: running, partner } = await start();
    const other = await running.pc();
    await other.as('manager');
    const { gdpr } = other.workspace.security;
    const { id } = await gdpr.open(request(partner));
    await gdpr.step(id, { what: 'identify', how: 'Ausweis' });
    await expect(gdpr.erase(id, partner, true)).rejects.toMatchObject({ error: { code: 'server.forbidden' } });
  });
});

describe('the package of a person', () => {
  it('is asked of the server only when there is a place for it', async () => {
    world = await startWorld();
    const asked: string[] = [];
    const pc = await world.pc({
      fetch: (url, init) => {
        if (url.includes('/gdpr/')) asked.push(new URL(url).pathname);
        return fetch(url, init);
      },
    });
    await pc.as('admin');
    await pc.pulled();
    const { gdpr } = pc.workspace.security;
    const { partner } = world.backend.control.db.prepare<[], { partner: string }>(`SELECT json_extract(body, '$.customerId') AS partner FROM documents WHERE type = 'sales_order' AND deleted = 0 LIMIT 1`).get() ?? { partner: '' };
    const { id } = await gdpr.open(request(partner, 'access'));
    let chosen: string | null = null;
    let dialogs = 0;
    const save = gdprHandlers({
      security: () => Promise.resolve(pc.workspace.security), paper: null as never,
      files: { saveFile: () => { dialogs += 1; return Promise.resolve(chosen); }, openFile: () => Promise.resolve(), showInFolder: () => undefined },
    })['gdpr.export'];
    const journal = async (): Promise<number> => (await pc.workspace.audit.journal(wholeJournal, 0, 1000)).rows.filter(({ action }) => action === 'gdpr.export').length;

    // Nobody is asked for a place for what may not be handed out yet.
    await expect(save({ id, suggestedName: 'auskunft' })).rejects.toMatchObject(refusal('notIdentified'));
    expect(dialogs).toBe(0);
    await gdpr.step(id, { what: 'identify', how: 'Rückruf' });

    expect(await save({ id, suggestedName: 'auskunft' })).toBeNull();
    expect({ asked, noted: await journal(), steps: (await gdpr.list()).find((one) => one.id === id)?.steps.map(({ what }) => what) }).toEqual({ asked: [], noted: 0, steps: ['opened', 'identified'] });

    chosen = place;
    expect(await save({ id, suggestedName: 'auskunft' })).toEqual({ path: place });
    expect(asked).toHaveLength(1);
    expect(await journal()).toBe(1);
    expect(JSON.parse(await readFile(place, 'utf8'))).toMatchObject({ reference: partner });
    expect((await gdpr.list()).find((one) => one.id === id)?.steps.map(({ what }) => what)).toEqual(['opened', 'identified', 'exported']);
  });
});

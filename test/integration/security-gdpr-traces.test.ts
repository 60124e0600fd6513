import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { verifyEd25519 } from '../../main/ed25519.ts';
import { contentOf } from '../../shared/domain/draft-document.ts';
import { openCertificate } from '../../shared/security/gdpr/certificate.ts';
import { localDay } from '../../shared/security/gdpr/deadline.ts';
import { answeredKeptMs, type GdprRequest } from '../../shared/security/gdpr/request.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World | null = null;
afterEach(async () => {
  vi.restoreAllMocks();
  await world?.end();
  world = null;
});

const day = 86_400_000;
/** An administrator, with a partner who has documents, and what opens an identified request about somebody. */
async function start(ahead: () => number = () => 0) {
  const running = await startWorld();
  world = running;
  const pc = await running.pc({ clock: { now: () => Date.now() + ahead(), after: (ms, work) => { const timer = setTimeout(work, ms); return () => clearTimeout(timer); } } });
  await pc.as('admin');
  await pc.pulled();
  const partner = running.backend.control.db.prepare<[], string>(`SELECT json_extract(body, '$.customerId') FROM documents WHERE type = 'sales_order' AND deleted = 0 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`).pluck().get() ?? '';
  const { gdpr } = pc.workspace.security;
  const identified = async (reference: string): Promise<GdprRequest> => {
    const { id } = await gdpr.open({ kind: 'erasure', reference, name: 'Petra Muster', contact: 'petra@example.de', channel: 'email', receivedOn: localDay(Date.now() - 7 * day) });
    return gdpr.step(id, { what: 'identify', how: 'Rückruf' });
  };
  const certificateOf = async (id: string) => openCertificate(await gdpr.certificate(id), verifyEd25519)?.certificate;
  const erasures = (): number => running.backend.control.db.prepare<[], number>(`SELECT count(*) FROM audit_log WHERE action = 'gdpr.erase'`).pluck().get() ?? 0;
  return { running, pc, partner, gdpr, identified, certificateOf, erasures };
}

const draftAbout = async ({ host, workspace }: Pc, partner: string) => {
  const { keys: [key] } = await host.documents.keys({ partnerId: partner, types: ['sales_order'], sort: { by: 'changed', direction: 'desc' }, limit: 1 });
  const record = key === undefined ? null : await host.documents.get(key);
  if (record === null) throw new Error('no document of the partner');
  const content = contentOf(record.document);
  return workspace.offline.drafts.create(randomUUID(), { ...content, number: '', fields: { ...content.fields, contactPerson: 'Petra Muster' } }, null);
};

describe('an erasure', () => {
  it('leaves no draft about the person, not even a discarded one, and says so', async () => {
    const { pc, partner, gdpr, identified, certificateOf } = await start();
    const { drafts } = pc.workspace.offline;
    const [discarded, open] = [await draftAbout(pc, partner), await draftAbout(pc, partner)];
    await drafts.discard(discarded.id);
    const { id } = await identified(partner);
    expect((await gdpr.find(id)).found?.here.drafts).toBe(2);
    expect((await gdpr.erase(id, partner, true)).erased?.draftsDiscarded).toBe(2);
    await expect(drafts.restore(discarded.id)).rejects.toMatchObject({ error: { code: 'draft.missing' } });
    expect(await pc.host.drafts.get(open.id)).toBeNull();
    expect(await pc.host.drafts.versions(open.id)).toEqual([]);
    expect((await certificateOf(id))?.here).toMatchObject({ draftsDiscarded: 2, draftsLeft: 0 });
  });

  it('tells in the certificate which drafts stay when they shall', async () => {
    const { pc, partner, gdpr, identified, certificateOf } = await start();
    await draftAbout(pc, partner);
    const { id } = await identified(partner);
    await gdpr.erase(id, partner, false);
    expect((await certificateOf(id))?.here).toMatchObject({ draftsDiscarded: 0, draftsLeft: 1 });
  });

  it('does not begin while the outbox would bring the person back', async () => {
    const { pc, partner, gdpr, identified, erasures } = await start();
    const draft = await draftAbout(pc, partner);
    await pc.host.outbox.enqueue({ draftId: draft.id, submit: false, ids: [randomUUID(), randomUUID()], keys: [randomUUID(), randomUUID()], number: 'SO-T-1', now: Date.now() });
    const { id } = await identified(partner);
    expect((await gdpr.find(id)).found?.here).toMatchObject({ drafts: 0, waiting: 1 });
    await expect(gdpr.erase(id, partner, true)).rejects.toMatchObject({ error: { messageKey: 'errors.gdpr.waiting', params: { count: '1' } } });
    expect(erasures()).toBe(0);
  });

  it('goes on after an interruption with what the server has done, and certifies that', async () => {
    const { pc, partner, gdpr, identified, certificateOf, erasures } = await start();
    const { id } = await identified(partner);
    vi.spyOn(pc.workspace.documents, 'forget').mockRejectedValueOnce(new Error('the process ended'));
    await expect(gdpr.erase(id, partner, true)).rejects.toThrow('the process ended');
    const [half] = await gdpr.list();
    expect(half).toMatchObject({ erased: null, erasedThere: { by: 'admin' } });
    expect(half?.erasedThere?.anonymized).toBeGreaterThan(0);
    await expect(gdpr.discard(id)).rejects.toMatchObject({ error: { messageKey: 'errors.gdpr.begun' } });
    await gdpr.erase(id, partner, true);
    expect(erasures()).toBe(1);
    expect(await certificateOf(id)).toMatchObject({ anonymized: half?.erasedThere?.anonymized, erasedAt: new Date(half?.erasedThere?.at ?? 0).toISOString() });
  });

  it('drops from the cache what it cannot read again', async () => {
    const { running, pc, partner, gdpr, identified, certificateOf } = await start();
    const { id } = await identified(partner);
    const { documentsTotal } = await pc.host.person.traces(partner, 1000);
    running.backend.control.fail({ method: 'GET', path: /^\/api\/mcp\/documents\//, fault: { kind: 'answer', status: 500 }, times: 1000 });
    await gdpr.erase(id, partner, true);
    expect((await certificateOf(id))?.here).toMatchObject({ documentsReread: 0, documentsDropped: documentsTotal });
    expect((await pc.host.person.traces(partner, 1000)).documents).toEqual([]);
  });

  it('finds documents by who submitted them, for somebody who works with the ERP', async () => {
    const { running, pc } = await start();
    const [key] = (await pc.host.documents.keys({ sort: { by: 'changed', direction: 'desc' }, limit: 1, types: ['sales_order'] })).keys;
    if (key === undefined) throw new Error('no document');
    await pc.host.documents.setWorkflow(key, { state: 'pending', version: null, submittedBy: 'vera', submittedAt: null });
    expect(await pc.host.person.traces('vera', 10)).toMatchObject({ documents: [key], documentsTotal: 1 });
    expect(running.backend.control.db.prepare(`SELECT count(*) FROM documents`).pluck().get()).toBeGreaterThan(1);
  });
});

describe('a request of a person', () => {
  it('loses the contact with its answer, and goes three years later', async () => {
    let ahead = 0;
    const { gdpr, identified } = await start(() => ahead);
    const { id } = await identified('NOBODY');
    await expect(gdpr.step(id, { what: 'answer', answer: 'fulfilled', note: '' })).rejects.toMatchObject({ error: { messageKey: 'errors.gdpr.elsewhereWanted' } });
    await expect(gdpr.step(id, { what: 'answer', answer: 'refused', note: ' ' })).rejects.toMatchObject({ error: { messageKey: 'errors.gdpr.reasonWanted' } });
    expect(await gdpr.step(id, { what: 'answer', answer: 'refused', note: 'Nichts gespeichert' })).toMatchObject({ contact: '', name: 'Petra Muster' });
    ahead = answeredKeptMs - day;
    await gdpr.background.look();
    expect(await gdpr.list()).toHaveLength(1);
    ahead = answeredKeptMs + day;
    await gdpr.background.look();
    expect(await gdpr.list()).toEqual([]);
  });

  it('is reminded of a week before its day and after it, once a day, and keeps its evidence fresh', async () => {
    let ahead = 0;
    const { pc, gdpr, identified } = await start(() => ahead);
    const { id } = await identified('NOBODY');
    await gdpr.background.look();
    expect(pc.notices).toEqual([]);
    const line = async () => (await pc.workspace.security.overview()).find(({ id: one }) => one === 'privacy');
    expect(await line()).toMatchObject({ tone: 'good', text: 'security.privacy.open', params: { count: '1' } });
    ahead = 18 * day;
    await gdpr.background.look();
    await gdpr.background.look();
    expect(pc.notices).toMatchObject([{ code: 'gdpr.reminder', messageKey: 'errors.gdpr.reminder', params: { count: '1' } }]);
    ahead = 40 * day;
    await gdpr.background.look();
    expect(pc.notices[1]).toMatchObject({ code: 'gdpr.reminder', messageKey: 'errors.gdpr.reminderLate' });
    expect(await line()).toMatchObject({ tone: 'bad', text: 'security.privacy.overdue' });
    await gdpr.step(id, { what: 'answer', answer: 'refused', note: 'Nichts gespeichert' });
    expect(await line()).toBeUndefined();
    ahead = 60 * day;
    await gdpr.background.look();
    const [evidence] = (await pc.workspace.security.evidence.list()).filter(({ point }) => point === 'gdpr.requestsInTime');
    expect(evidence?.expiresAt).toBeGreaterThan(Date.now() + ahead);
  });
});

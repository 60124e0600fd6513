import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything, wholeJournal } from '../../shared/domain/audit.ts';
import { startBackend, type Backend, type BackendOptions, type Tampering } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { scratchDatabase, type Scratch } from '../fixtures/database.ts';
import { alarm, client, visited, type Client } from './audit-client.ts';

let scratch: Scratch;
let backend: Backend;
let one: Client;
const start = async (options: BackendOptions = {}): Promise<void> => {
  backend = await startBackend({ documents: 120, audit: 900, rateLimits: false, ...options });
  one = await client(backend, scratch);
};
beforeEach(() => { scratch = scratchDatabase(); });
afterEach(async () => {
  await one.close();
  await backend.close();
  scratch.remove();
});

const restarted = async (): Promise<void> => {
  await one.close();
  one = await client(backend, scratch);
};

describe('a visit at a signed log', () => {
  it('reads everything, checks it, and goes on where it was', async () => {
    await start();
    const first = await visited(one);
    expect(first).toMatchObject({ kind: 'signed', alarms: [] });
    expect(first.size).toBeGreaterThanOrEqual(900);
    expect(first.verified?.size).toBe(first.size);
    await restarted();
    const second = await visited(one);
    expect(second.size).toBe(first.size + 1);
    const requests = backend.control.requests.filter(({ path: asked }) => asked.startsWith('/security/audit-log?'));
    expect(requests.at(-2)?.path, 'only what is new').toContain(`cursor=${first.size}`);
    const page = await one.host.audit('audit.list', { filter: { ...everything, action: 'login' }, offset: 0, limit: 5 });
    expect(page.rows[0]).toMatchObject({ actor: 'admin', action: 'login', resource: 'session' });
    expect((await one.host.audit('audit.entry', { index: 3 }))?.proof?.size).toBe(second.size);
  });

  const rewritings: { what: string; tampering: Tampering; fault: string; firstBad: number }[] = [
    { what: 'an edited entry', tampering: { kind: 'edit', index: 431 }, fault: 'inconsistent', firstBad: 431 },
    { what: 'a deleted entry', tampering: { kind: 'delete', index: 17, renumber: true }, fault: 'inconsistent', firstBad: 17 },
    { what: 'an inserted entry', tampering: { kind: 'insert', index: 600, renumber: true }, fault: 'inconsistent', firstBad: 600 },
    { what: 'two entries in another order', tampering: { kind: 'reorder', index: 256, variant: 3 }, fault: 'inconsistent', firstBad: 256 },
    { what: 'a tail that is cut off', tampering: { kind: 'cutTail', index: 700 }, fault: 'rollback', firstBad: 700 },
    { what: 'a head that is cut off', tampering: { kind: 'cutHead', index: 4 }, fault: 'rollback', firstBad: 0 },
    { what: 'a fork', tampering: { kind: 'fork', index: 255 }, fault: 'inconsistent', firstBad: 255 },
    { what: 'an old checkpoint', tampering: { kind: 'replay', size: 300 }, fault: 'rollback', firstBad: 300 },
    { what: 'shifted times', tampering: { kind: 'timeShift', index: 812 }, fault: 'inconsistent', firstBad: 812 },
    { what: 'a doubled number', tampering: { kind: 'duplicateSequence', index: 5 }, fault: 'inconsistent', firstBad: 6 },
    { what: 'other bytes of the same meaning', tampering: { kind: 'canonicalisation', index: 44 }, fault: 'inconsistent', firstBad: 44 },
    { what: 'a moved boundary', tampering: { kind: 'length', index: 511 }, fault: 'inconsistent', firstBad: 511 },
    { what: 'a log for this person only', tampering: { kind: 'splitView', actor: 'admin', index: 99 }, fault: 'inconsistent', firstBad: 99 },
  ];
  it.each(rewritings)('raises the alarm at the next start about $what', async ({ tampering, fault, firstBad }) => {
    await start();
    const { size } = await visited(one);
    await one.close();
    backend.control.tamperAudit(tampering);
    one = await client(backend, scratch);
    const status = await visited(one);
    expect(alarm(status)).toEqual({ fault, firstBad });
    expect(status.verified?.size, 'what was proven stays').toBe(size);
    expect(status.size).toBe(size);
  });

  it('raises it about another key, and about bytes that a clumsy forger changed behind the tree', async () => {
    await start();
    const { size } = await visited(one);
    backend.control.tamperAudit({ kind: 'edit', index: 450, keepTree: true });
    expect(alarm(await visited(one)), 'seen by the look at old entries').toEqual({ fault: 'entry', firstBad: 450 });
    backend.control.tamperAudit({ kind: 'keySwap' });
    expect(alarm(await visited(one))).toEqual({ fault: 'key', firstBad: size });
    expect(await one.run(one.audit.reread())).toMatchObject({ status: 'done' });
  });

  it('keeps the alarm over restarts until somebody gives a reason, which stands in the journal', async () => {
    await start();
    await visited(one);
    backend.control.tamperAudit({ kind: 'edit', index: 20 });
    await visited(one);
    await restarted();
    const [open] = (await visited(one)).alarms;
    expect(open?.acknowledged).toBeNull();
    await one.audit.acknowledge(open?.id ?? 0, 'Testsystem zurückgesetzt');
    expect((await one.audit.status()).alarms[0]?.acknowledged).toMatchObject({ by: 'admin', reason: 'Testsystem zurückgesetzt' });
    const { rows: entries, firstBad } = await one.audit.journal(wholeJournal, 0, 10);
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([['audit.acknowledge', 'Testsystem zurückgesetzt'], ['audit.alarm', 'inconsistent']]);
    expect(firstBad).toBeNull();
  });

  it('resumes a reading that was cut off, and can be cancelled', async () => {
    await start({ audit: 12_000 });
    backend.control.fail({ path: /audit-log\?/, fault: { kind: 'answer', status: 500 }, times: 1 });
    expect((await one.run(one.audit.visit())).status).toBe('failed');
    const job = one.audit.visit();
    await one.jobs.cancel(job.id);
    expect((await one.run(job)).status).toBe('cancelled');
    backend.control.clearRequests();
    const { size, verified } = await visited(one);
    expect(verified?.size).toBe(size);
    expect(await one.run(one.audit.verify(true))).toMatchObject({ status: 'done', done: size, total: size });
    expect((await one.audit.status()).complete).toMatchObject({ next: size, of: size });
  });

  it('looks for what is new without reading old entries again, for somebody who watches', async () => {
    await start();
    const { size } = await visited(one);
    await loginHeadless(backend, 'sales');
    backend.control.clearRequests();
    expect(await one.run(one.audit.tail())).toMatchObject({ kind: 'audit.tail', status: 'done', error: null });
    expect((await one.audit.status()).size).toBe(size + 1);
    expect(backend.control.requests.filter(({ path: asked }) => asked.startsWith('/security/audit-log?')).map(({ path: asked }) => asked)).toEqual([`/security/audit-log?cursor=${size}&limit=1`]);
    backend.control.clearRequests();
    await one.run(one.audit.tail());
    expect(backend.control.requests.length, 'nothing new costs two requests').toBe(2);
    backend.control.tamperAudit({ kind: 'edit', index: 40 });
    await one.run(one.audit.tail());
    expect((await one.audit.alarms()).map(({ fault, firstBad }) => [fault, firstBad])).toEqual([['inconsistent', 40]]);
  });

  it('believes only the key that the profile names, also at the first visit', async () => {
    await start();
    const { key } = await visited(one);
    await one.close();
    scratch.remove();
    scratch = scratchDatabase();
    one = await client(backend, scratch, 'admin', key);
    expect(await one.audit.features()).toMatchObject({ pinned: true });
    backend.control.clearRequests();
    expect(await visited(one)).toMatchObject({ alarms: [], key });
    expect(backend.control.requests.filter(({ path: asked }) => asked.endsWith('/key')), 'nobody is asked for what is known').toEqual([]);
    await one.close();
    scratch.remove();
    scratch = scratchDatabase();
    backend.control.tamperAudit({ kind: 'keySwap' });
    one = await client(backend, scratch, 'admin', key);
    const status = await visited(one);
    expect(alarm(status), 'a forger who was there first').toEqual({ fault: 'key', firstBad: 0 });
    expect(status).toMatchObject({ size: 0, verified: null, key });
  });

  it('goes on after a visit by a clock that was ahead', async () => {
    await start();
    await one.close();
    one = await client(backend, scratch, 'admin', null, 'erp.test', { now: () => Date.now() + 10 * 60_000 });
    const { size, verified } = await visited(one);
    expect(verified?.at, 'the time on screen is that of this computer').toBeGreaterThan(Date.now());
    await restarted();
    expect(await visited(one)).toMatchObject({ size: size + 1, alarms: [] });
  });

  it('keeps filters under names', async () => {
    await start({ audit: 0 });
    await one.audit.views.save({ name: 'Nachts', filter: { ...everything, hours: 'outside' } });
    await one.audit.views.save({ name: 'Ablehnungen', filter: { ...everything, outcome: 'refused' } });
    expect((await one.audit.views.save({ name: 'nachts', filter: { ...everything, hours: 'outside', role: 'admin' } })).map(({ name, filter }) => [name, filter.role])).toEqual([['Ablehnungen', null], ['nachts', 'admin']]);
    await restarted();
    expect((await one.audit.views.remove('NACHTS')).map(({ name }) => name)).toEqual(['Ablehnungen']);
  });

  it('says nothing to those who may not read it', async () => {
    await start();
    await one.close();
    one = await client(backend, scratch, 'sales');
    const look = one.audit.look();
    expect(look === null ? null : await one.run(look)).toMatchObject({ status: 'done' });
    expect(await one.run(one.audit.visit()), 'unless they ask').toMatchObject({ status: 'failed', error: { code: 'server.forbidden' } });
    expect(await one.audit.status()).toMatchObject({ size: 0, alarms: [] });
  });

  it('raises the alarm when old entries are asked for again and do not come', async () => {
    await start();
    const { size } = await visited(one);
    // The new sign-in below is read from the end of the log; the look at old ones is somewhere in the middle.
    const first = Math.floor((size - 500 + 1) * 0.5);
    backend.control.fail({ path: new RegExp(`audit-log\\?cursor=${first}&`), fault: { kind: 'answer', status: 200, body: { total: size, entries: [] } } });
    expect(alarm(await visited(one))).toEqual({ fault: 'missing', firstBad: first });
  });

  it('raises the alarm when the server does not show its signed log any more', async () => {
    await start();
    const { size } = await visited(one);
    await one.close();
    await backend.close();
    backend = await startBackend({ api: 'shipped', audit: 20, documents: 20 });
    one = await client(backend, scratch);
    expect(alarm(await visited(one))).toEqual({ fault: 'withheld', firstBad: size });
  });
});

describe('a server that signs nothing', () => {
  it('is read as it ships: with what others have written into its table, and empty', async () => {
    await start({ api: 'shipped', audit: 1500, documents: 20 });
    expect(await one.audit.features()).toEqual({ signed: false, unsigned: true, pinned: false });
    const status = await visited(one);
    expect(status).toMatchObject({ kind: 'witness', size: 1500, verified: { size: 1500 }, alarms: [] });
    const page = await one.host.audit('audit.list', { filter: { ...everything, hours: 'outside' }, offset: 0, limit: 10 });
    expect(page.total).toBeGreaterThan(100);
    expect(page.rows[0]).toMatchObject({ role: null, policy: expect.stringMatching(/^id:\d+$/) as string });
    expect(await one.run(one.audit.tail()), 'such a log is read as a whole or not at all').toMatchObject({ status: 'failed', error: { code: 'server.unsupported' } });
    const { text } = await one.audit.evidence({ filter: { ...everything, actor: page.rows[0]?.actor ?? '' } }, ['Bezeugt'], '');
    expect(text).toContain('"entries":"neuroerp/1"');
    await one.close();
    await backend.close();
    scratch.remove();
    scratch = scratchDatabase();
    await start({ api: 'shipped', audit: 0, documents: 20 });
    expect(await visited(one), 'read, and empty').toMatchObject({ kind: 'witness', size: 0, verified: null, origin: expect.stringContaining('erp.test') as string });
  });
});

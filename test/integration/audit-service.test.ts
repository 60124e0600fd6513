import { createServer } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../main/audit/audit.ts';
import { createErp } from '../../main/erp/index.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { Jobs } from '../../main/jobs.ts';
import { createLog } from '../../main/log/create.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { verifyEvidence } from '../../shared/audit/verify-evidence.ts';
import { parseKey, type NoteKey } from '../../shared/audit/note.ts';
import { everything, wholeJournal, type AuditStatus } from '../../shared/domain/audit.ts';
import type { Job } from '../../shared/domain/job.ts';
import { startBackend, type Backend, type BackendOptions, type Tampering } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { scratchDatabase, testKey, type Scratch } from '../fixtures/database.ts';
import { verifySignature } from '../fixtures/audit/random-log.ts';

const { log } = createLog({ level: 'error' });

type Client = { audit: AuditService; host: DataHost; jobs: Jobs; run(job: Job): Promise<Job>; close(): Promise<void> };

/** One computer: a cache in a real host process, and the service on a real server. */
async function client(backend: Backend, scratch: Scratch, name = 'admin', pinnedKey: string | null = null): Promise<Client> {
  const host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log });
  await host.open({ path: scratch.file, key: testKey() });
  const { accessToken } = await loginHeadless(backend, name);
  const jobs = new Jobs({ now: Date.now, after: systemClock.after, log });
  const erp = createErp({ baseUrl: backend.erp, fetch: (url, init) => fetch(url, init), tokens: { accessToken: async () => accessToken, refreshNow: async () => accessToken }, clock: systemClock, log, random: () => 0 });
  const audit = new AuditService({ erp, host, jobs, store: createMemoryStore(), server: 'erp.test', pinnedKey, actor: () => name, mayRead: () => true, now: Date.now, random: () => 0.5, log });
  return {
    audit, host, jobs,
    run: async ({ id }) => {
      const ended = await jobs.ended(id);
      if (ended === null) throw new Error('no such job');
      return ended;
    },
    close: async () => { await jobs.dispose(); await host.dispose(); },
  };
}

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

const visited = async (at: Client = one): Promise<AuditStatus> => {
  expect(await at.run(at.audit.visit())).toMatchObject({ status: 'done', error: null });
  return at.audit.status();
};
const restarted = async (): Promise<void> => {
  await one.close();
  one = await client(backend, scratch);
};
const alarm = (status: AuditStatus): { fault: string; firstBad: number | null } | null => {
  const [first] = status.alarms;
  return first === undefined ? null : { fault: first.fault, firstBad: first.firstBad };
};

describe('a visit at a signed log', () => {
  it('reads everything, checks it, and goes on where it was', async () => {
    await start();
    const first = await visited();
    expect(first).toMatchObject({ kind: 'signed', alarms: [] });
    expect(first.size).toBeGreaterThanOrEqual(900);
    expect(first.verified?.size).toBe(first.size);
    await restarted();
    const second = await visited();
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
    const { size } = await visited();
    await one.close();
    backend.control.tamperAudit(tampering);
    one = await client(backend, scratch);
    const status = await visited();
    expect(alarm(status)).toEqual({ fault, firstBad });
    expect(status.verified?.size, 'what was proven stays').toBe(size);
    expect(status.size).toBe(size);
  });

  it('raises it about another key, and about bytes that a clumsy forger changed behind the tree', async () => {
    await start();
    const { size } = await visited();
    backend.control.tamperAudit({ kind: 'edit', index: 450, keepTree: true });
    expect(alarm(await visited()), 'seen by the look at old entries').toEqual({ fault: 'entry', firstBad: 450 });
    backend.control.tamperAudit({ kind: 'keySwap' });
    expect(alarm(await visited())).toEqual({ fault: 'key', firstBad: size });
    expect(await one.run(one.audit.reread())).toMatchObject({ status: 'done' });
  });

  it('keeps the alarm over restarts until somebody gives a reason, which stands in the journal', async () => {
    await start();
    await visited();
    backend.control.tamperAudit({ kind: 'edit', index: 20 });
    await visited();
    await restarted();
    const [open] = (await visited()).alarms;
    expect(open?.acknowledged).toBeNull();
    await one.audit.acknowledge(open?.id ?? 0, 'Testsystem zurückgesetzt');
    expect((await one.audit.status()).alarms[0]?.acknowledged).toMatchObject({ by: 'admin', reason: 'Testsystem zurückgesetzt' });
    const { rows: entries, firstBad } = await one.audit.journal(wholeJournal, 0, 10);
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([['audit.acknowledge', 'Testsystem zurückgesetzt'], ['audit.alarm', 'inconsistent'], ['audit.alarm', 'inconsistent']]);
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
    const { size, verified } = await visited();
    expect(verified?.size).toBe(size);
    expect(await one.run(one.audit.verify(true))).toMatchObject({ status: 'done', done: size, total: size });
    expect((await one.audit.status()).complete).toMatchObject({ next: size, of: size });
  });

  it('looks for what is new without reading old entries again, for somebody who watches', async () => {
    await start();
    const { size } = await visited();
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
    const { key } = await visited();
    await one.close();
    scratch.remove();
    scratch = scratchDatabase();
    one = await client(backend, scratch, 'admin', key);
    expect(await one.audit.features()).toMatchObject({ pinned: true });
    expect(await visited()).toMatchObject({ alarms: [], key });
    await one.close();
    scratch.remove();
    scratch = scratchDatabase();
    backend.control.tamperAudit({ kind: 'keySwap' });
    one = await client(backend, scratch, 'admin', key);
    const status = await visited();
    expect(alarm(status), 'a forger who was there first').toEqual({ fault: 'key', firstBad: 0 });
    expect(status).toMatchObject({ size: 0, verified: null, key: null });
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
    expect(await visited()).toMatchObject({ size: 0, alarms: [] });
  });
});

describe('evidence and exchange', () => {
  it('gives a file that proves itself, cosigned by this computer', async () => {
    await start();
    const { key } = await visited();
    // Signing in again adds an entry, so that there is a second checkpoint.
    await restarted();
    await visited();
    const { text, entries } = await one.audit.evidence({ filter: { ...everything, action: 'approve' } }, ['Freigaben']);
    const verdict = verifyEvidence([text], [parseKey(key ?? '') as NoteKey], verifySignature);
    expect(verdict).toMatchObject({ ok: true, entries, checkpoints: 2 });
    expect(text).toContain('— device/');
  });

  it('has none before anything is verified', async () => {
    await start();
    await expect(one.audit.evidence({ indexes: [0] }, [])).rejects.toThrow('audit.nothingVerified');
    await expect(one.audit.exportCheckpoint()).rejects.toThrow('audit.nothingVerified');
  });

  /** A second computer with a cache of its own, on the same server. */
  async function withColleague(work: (two: Client) => Promise<void>): Promise<void> {
    const other = scratchDatabase();
    const two = await client(backend, other);
    try {
      await work(two);
    } finally {
      await two.close();
      other.remove();
    }
  }

  it('shows two people who are told different stories', async () => {
    await start();
    await withColleague(async (two) => {
      await visited(two);
      const { text: honest } = await two.audit.exportCheckpoint();
      // This one has read exactly as much as the colleague, of another log.
      backend.control.tamperAudit({ kind: 'edit', index: 200 });
      await visited();
      expect(await one.audit.importCheckpoint((await one.audit.exportCheckpoint()).text, 'ich.txt')).toMatchObject({ verdict: 'agrees' });
      const { verdict, status } = await one.audit.importCheckpoint(honest, 'Carla.txt');
      expect(verdict).toBe('splitView');
      expect(alarm(status)).toEqual({ fault: 'splitView', firstBad: 0 });
      const { rows } = await one.audit.journal(wholeJournal, 0, 10);
      expect(rows.map(({ action, detail }) => [action, detail])).toEqual([['audit.compare', 'splitView'], ['audit.alarm', 'splitView'], ['audit.compare', 'agrees']]);
      await expect(one.audit.importCheckpoint('Einkaufsliste', 'x')).rejects.toThrow('audit.notACheckpoint');
    });
  });

  it('remembers what is newer than its own reading, and compares it when it has read as far', async () => {
    await start();
    await visited();
    await withColleague(async (two) => {
      await loginHeadless(backend, 'sales');
      await visited(two);
      const { text } = await two.audit.exportCheckpoint();
      expect(await one.audit.importCheckpoint(text, 'Carla.txt')).toMatchObject({ verdict: 'later', status: { alarms: [] } });
      expect(await visited(), 'the same story').toMatchObject({ alarms: [] });
      expect(await one.audit.importCheckpoint(text, 'noch einmal.txt')).toMatchObject({ verdict: 'agrees' });

      await loginHeadless(backend, 'sales');
      await visited(two);
      const { text: later } = await two.audit.exportCheckpoint();
      expect(await one.audit.importCheckpoint(later, 'Carla 2.txt')).toMatchObject({ verdict: 'later' });
      // Only an entry that this one has not read yet is another: nothing contradicts its own past.
      const { size } = await one.audit.status();
      backend.control.tamperAudit({ kind: 'edit', index: size });
      expect(alarm(await visited())).toMatchObject({ fault: 'splitView' });
    });
  });
});

describe('a server that signs nothing', () => {
  it('is watched: what it changes, removes or slips in later is found', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ id: `e${at}`, timestamp: new Date(Date.UTC(2026, 2, 1, 8, at)).toISOString(), user_email: 'a@valeo.example', action: 'update', entity_type: 'order', entity_id: `SO-${at}`, changes: { total: [at, at + 1] }, correlation_id: `c${at}` }));
    let served = [...rows];
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://x');
      response.setHeader('content-type', 'application/json');
      if (url.pathname === '/api/v1/openapi.json') response.end(JSON.stringify({ paths: { '/api/v1/audit/logs': { get: {} } } }));
      else response.end(JSON.stringify(served.toReversed().slice(Number(url.searchParams.get('skip')), Number(url.searchParams.get('skip')) + Number(url.searchParams.get('limit')))));
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    await start({ documents: 5, audit: 0 });
    const address = server.address();
    const erp = createErp({ baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, fetch: (url, init) => fetch(url, init), tokens: { accessToken: async () => 't', refreshNow: async () => 't' }, clock: systemClock, log, random: () => 0 });
    const audit = new AuditService({ erp, host: one.host, jobs: one.jobs, store: createMemoryStore(), server: 'shipped', pinnedKey: null, actor: () => 'admin', mayRead: () => true, now: Date.now, random: () => 0, log });
    const look = async (): Promise<AuditStatus> => { expect(await one.run(audit.visit())).toMatchObject({ status: 'done', error: null }); return audit.status(); };
    try {
      expect(await look()).toMatchObject({ kind: 'witness', size: 30, verified: { size: 30 }, alarms: [] });
      served = [...rows, { ...rows[0], id: 'e99', timestamp: new Date(Date.UTC(2026, 2, 2)).toISOString() } as (typeof rows)[number]];
      expect(await look()).toMatchObject({ size: 31, verified: { size: 31 }, alarms: [] });
      const all = served;
      served = all.filter((_, at) => at !== 12);
      expect(alarm(await look())).toEqual({ fault: 'rollback', firstBad: 12 });
      served = all.map((row, at) => (at === 7 ? { ...row, user_email: 'b@valeo.example' } : row));
      expect(alarm(await look())).toEqual({ fault: 'rewritten', firstBad: 7 });
      served = [...all.slice(0, 3), { ...all[3], id: 'e2x' } as (typeof rows)[number], ...all.slice(3)];
      expect(alarm(await look())).toEqual({ fault: 'rewritten', firstBad: 3 });
    } finally {
      server.close();
    }
  });
});

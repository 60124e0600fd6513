import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatKey, parseKey } from '../../shared/audit/note.ts';
import { verifyEvidence } from '../../shared/audit/verify-evidence.ts';
import { everything, standingAlarms, wholeJournal, type AuditStatus } from '../../shared/domain/audit.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { verifySignature } from '../fixtures/audit/random-log.ts';
import { scratchDatabase, type Scratch } from '../fixtures/database.ts';
import { client, visited, type Client } from './audit-client.ts';

let scratch: Scratch;
let backend: Backend;
let one: Client;
let signsIn: boolean;
const open = (): Promise<Client> => client(backend, scratch, 'admin', null, 'erp.test', { confirm: async () => { if (!signsIn) throw failure('login.cancelled'); } });
beforeEach(async () => {
  scratch = scratchDatabase();
  backend = await startBackend({ documents: 60, audit: 600, rateLimits: false });
  signsIn = true;
  one = await open();
});
afterEach(async () => {
  await one.close();
  await backend.close();
  scratch.remove();
});

const journal = async (): Promise<string[]> => (await one.audit.journal(wholeJournal, 0, 50)).rows.map(({ action, detail }) => `${action} ${detail ?? ''}`).toReversed();
/** The one open alarm gets a reason. */
async function explain(reason: string): Promise<AuditStatus> {
  const [open_, ...more] = await one.audit.alarms();
  expect(more).toEqual([]);
  return one.audit.acknowledge(open_?.id ?? 0, reason);
}
/** Goes on after the log was put back. @returns the status when the new section was read */
async function begin(reason: string): Promise<AuditStatus> {
  await one.audit.newSection(reason);
  return visited(one);
}

describe('an alarm', () => {
  it('is written down once, and stays quiet after its reason while the log only goes on', async () => {
    await visited(one);
    backend.control.tamperAudit({ kind: 'edit', index: 40 });
    for (let look = 0; look < 3; look++) await visited(one);
    await explain('Testsystem');
    for (let look = 0; look < 3; look++) {
      // The log grows, so the server shows another checkpoint each time.
      await loginHeadless(backend, 'sales');
      expect(await one.run(one.audit.tail())).toMatchObject({ status: 'done' });
    }
    const status = await one.audit.status();
    expect(await one.audit.alarms()).toEqual([]);
    expect(standingAlarms(status).map(({ fault, firstBad }) => [fault, firstBad])).toEqual([['inconsistent', 40]]);
    expect(await journal()).toEqual(['audit.alarm inconsistent', 'audit.acknowledge Testsystem']);
  });

  it('is another one when the log is falsified again, at another place or at the same', async () => {
    await visited(one);
    backend.control.tamperAudit({ kind: 'edit', index: 40 });
    await visited(one);
    await explain('Testsystem');
    backend.control.tamperAudit({ kind: 'edit', index: 500, variant: 1 });
    await visited(one);
    expect((await one.audit.alarms()).map(({ fault, firstBad }) => [fault, firstBad]), 'entry 41 is still the first, but the log behind it is no longer the one that was explained').toEqual([['inconsistent', 40]]);
    await explain('noch einmal');
    backend.control.tamperAudit({ kind: 'edit', index: 7 });
    await visited(one);
    expect((await one.audit.alarms()).map(({ firstBad }) => firstBad)).toEqual([7]);
  });
});

describe('a new section', () => {
  it('goes on after a backup was put back, and evidence and journal tell of it', async () => {
    const before = await visited(one);
    backend.control.tamperAudit({ kind: 'cutTail', index: 500 });
    await visited(one);
    await explain('Sicherung von gestern zurückgespielt');
    const status = await begin('Sicherung von gestern zurückgespielt');
    expect(status).toMatchObject({ alarms: [{ section: 1, acknowledged: { by: 'admin' } }], key: before.key, sections: [{ number: 1, size: before.size, sealedBy: 'admin', reason: 'Sicherung von gestern zurückgespielt' }] });
    expect(status.verified?.size).toBe(status.size);
    expect(status.size).toBeLessThan(before.size);
    await one.close();
    one = await open();
    expect(await visited(one), 'and it goes on').toMatchObject({ size: status.size + 1, sections: [{ number: 1 }] });
    expect(await one.audit.alarms()).toEqual([]);
    expect((await journal()).at(-1)).toBe(`audit.section ${before.size} ${status.sections[0]?.root ?? ''}: Sicherung von gestern zurückgespielt`);
    const { text } = await one.audit.evidence({ filter: { ...everything, action: 'login' } }, ['Beweis'], '');
    expect(text).toContain(`section 2 of this log`);
    expect(text).toContain(status.sections[0]?.root);
    expect(verifyEvidence([text], [parseKey(status.key ?? '')].filter((key) => key !== null), verifySignature)).toMatchObject({ ok: true });
  });

  it('takes another key of the server when it was the key that changed', async () => {
    const before = await visited(one);
    backend.control.tamperAudit({ kind: 'keySwap' });
    await visited(one);
    await explain('Schlüssel erneuert');
    const status = await begin('Schlüssel erneuert');
    expect(status.key).not.toBe(before.key);
    expect(status).toMatchObject({ verified: { size: status.size }, sections: [{ key: before.key }] });
    expect(formatKey(parseKey(status.key ?? '') ?? (() => { throw new Error('no key'); })())).toBe(status.key);
  });

  it('needs a reason that an alarm gives, and a fresh sign-in', async () => {
    const before = await visited(one);
    await expect(one.audit.newSection('einfach so')).rejects.toMatchObject({ error: { code: 'input.invalid' } });
    backend.control.tamperAudit({ kind: 'cutTail', index: 500 });
    await visited(one);
    signsIn = false;
    await expect(one.audit.newSection('Sicherung')).rejects.toMatchObject({ error: { code: 'login.cancelled' } });
    expect(await one.audit.status()).toMatchObject({ size: before.size, sections: [], alarms: [{ acknowledged: null }] });
  });

  it('accuses the server of nothing that was before it', async () => {
    await visited(one);
    one.audit.notes.note({ action: 'approve', resource: 'sales/SO-1', outcome: 'sent', correlationId: 'lost' });
    await visited(one);
    expect((await one.audit.journal({ ...wholeJournal, status: 'missing' }, 0, 5)).total).toBe(1);
    backend.control.tamperAudit({ kind: 'cutTail', index: 500 });
    await visited(one);
    await explain('Sicherung');
    await begin('Sicherung');
    expect((await one.audit.journal(wholeJournal, 0, 5)).statuses).toMatchObject({ missing: 0, sealed: 1 });
  });
});

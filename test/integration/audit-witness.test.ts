import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watch } from '../../main/audit/witness.ts';
import { createErp } from '../../main/erp/index.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { formatKey, noteKey } from '../../shared/audit/note.ts';
import { everything, type AuditStatus } from '../../shared/domain/audit.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import type { ShippedAuditRow } from '../backend/shipped/audit-logs.ts';
import { scratchDatabase, type Scratch } from '../fixtures/database.ts';
import { alarm, client, log, visited, type Client } from './audit-client.ts';

let scratch: Scratch;
let backend: Backend;
let one: Client;
const start = async (audit: number): Promise<ShippedAuditRow[]> => {
  backend = await startBackend({ documents: 5, rateLimits: false, api: 'shipped', audit });
  one = await client(backend, scratch);
  return backend.control.auditRows();
};
beforeEach(() => { scratch = scratchDatabase(); });
afterEach(async () => {
  await one.close();
  await backend.close();
  scratch.remove();
});

const row = (id: string, at: number, change: Partial<ShippedAuditRow> = {}): ShippedAuditRow => ({
  id, timestamp: new Date(at).toISOString(), user_id: '7', user_email: 'a@valeo.example', tenant_id: 'default', action: 'update', entity_type: 'order', entity_id: `SO-${id}`,
  changes: { total: [1, 2] }, ip_address: '10.0.0.7', user_agent: null, correlation_id: `c${id}`, ...change,
});
const place = async (id: string): Promise<number | undefined> => (await one.host.audit('audit.list', { filter: { ...everything, correlationId: `c${id}` }, offset: 0, limit: 1 })).rows[0]?.index;
/** The same visit with a limit and a look at its progress. */
async function limited(limit: number, progress: (done: number) => void = () => undefined): Promise<AuditStatus> {
  const { accessToken } = await loginHeadless(backend, 'admin');
  const erp = createErp({ baseUrl: backend.erp, fetch: (url, init) => fetch(url, init), tokens: { accessToken: async () => accessToken, refreshNow: async () => accessToken }, clock: systemClock, log, random: () => 0 });
  const found = await watch({ api: erp.audit, host: one.host, pinnedKey: null, now: Date.now, random: () => 0 }, await one.audit.deviceKey(), 'erp.test', progress, {}, limit);
  for (const { finding, note } of found) await one.host.audit('audit.raise', { fault: finding.fault, firstBad: finding.index, note, now: Date.now() });
  return one.audit.status();
}

describe('a server that signs nothing', () => {
  it('is watched: what it changes, removes or slips in later is found', async () => {
    const rows = await start(30);
    expect(await visited(one)).toMatchObject({ kind: 'witness', size: 30, verified: { size: 30 }, alarms: [], oldest: null });
    rows.unshift(row('99', Date.now()));
    expect(await visited(one)).toMatchObject({ size: 31, verified: { size: 31 }, alarms: [] });
    const [gone] = rows.splice(-13, 1);
    expect(alarm(await visited(one))).toEqual({ fault: 'rollback', firstBad: 12 });
    rows.unshift(row('100', Date.now()));
    expect(alarm(await visited(one)), 'also where it is no shorter than before').toEqual({ fault: 'missing', firstBad: 12 });
    rows.splice(-12, 0, gone as ShippedAuditRow);
    const changed = rows.at(-8) as ShippedAuditRow;
    const { user_email: before } = changed;
    changed.user_email = 'b@valeo.example';
    expect(alarm(await visited(one))).toEqual({ fault: 'rewritten', firstBad: 7 });
    changed.user_email = before;
    rows.splice(-3, 0, row('slipped', Date.parse(rows.at(-3)?.timestamp ?? '')));
    const status = await visited(one);
    expect(alarm(status), 'older than what was there before it').toEqual({ fault: 'time', firstBad: await place('slipped') });
    expect(status.verified?.size, 'and taken down all the same').toBe(33);
  });

  it('says everything that the server does: also address, client and user beside an e-mail', async () => {
    const rows = await start(10);
    await visited(one);
    for (const change of [{ ip_address: '10.0.0.8' }, { tenant_id: 'other' }, { user_id: 'somebody' }] satisfies Partial<ShippedAuditRow>[]) {
      const kept = { ...rows[4] as ShippedAuditRow };
      Object.assign(rows[4] as ShippedAuditRow, change);
      expect(alarm(await visited(one)), JSON.stringify(change)).toEqual({ fault: 'rewritten', firstBad: 5 });
      Object.assign(rows[4] as ShippedAuditRow, kept);
    }
  });

  it('accuses nobody of entries of the same second that come one after the other', async () => {
    const rows = await start(3);
    const moment = Date.now();
    rows.unshift(row('9', moment));
    await visited(one);
    // As text, 10 comes before 9.
    rows.unshift(row('10', moment));
    expect(await visited(one)).toMatchObject({ size: 5, alarms: [] });
    expect([await place('9'), await place('10')]).toEqual([3, 4]);
    rows.unshift(row('11', moment - 1500));
    expect(await visited(one), 'nor of one that was written a moment later than it began').toMatchObject({ size: 6, verified: { size: 6 }, alarms: [] });
  });

  it('takes each entry down once, also those that are written while it is read', async () => {
    const rows = await start(2500);
    let pages = 0;
    const during = (): void => {
      pages += 1;
      if (pages < 3) rows.unshift(row(`during-${pages}`, Date.now()));
    };
    expect(await limited(200_000, during)).toMatchObject({ size: 2502, verified: { size: 2502 }, alarms: [] });
    expect(await visited(one)).toMatchObject({ size: 2502, alarms: [] });
  });

  it('accuses nobody of an entry that is only out of sight because another one was removed meanwhile', async () => {
    const rows = await start(2500);
    await visited(one);
    let pages = 0;
    // One of the second page goes, and the first of the third moves into that page, which was read already.
    const during = (): void => {
      pages += 1;
      if (pages === 2) rows.splice(1500, 1);
    };
    expect(alarm(await limited(200_000, during)), 'the one that is really gone').toEqual({ fault: 'rollback', firstBad: 999 });
  });

  it('says how far back it is read where there are more entries than that, and judges none beyond', async () => {
    const rows = await start(2500);
    const first = await limited(2000);
    expect(first).toMatchObject({ size: 2000, verified: { size: 2000 }, alarms: [], oldest: Date.parse(rows[1999]?.timestamp ?? '') });
    rows.unshift(row('new', Date.now()));
    expect(await limited(2000)).toMatchObject({ size: 2001, alarms: [], oldest: Date.parse(rows[1999]?.timestamp ?? '') });
    rows.splice(1000, 1);
    expect(alarm(await limited(2000)), 'within sight').toEqual({ fault: 'missing', firstBad: 1000 });
  });

  it('goes on with what an earlier version took down without address and client', async () => {
    const rows = await start(6);
    const { note } = await one.audit.deviceKey();
    const old = rows.toReversed().map((one_, at) => ({ hash: null, canonical: JSON.stringify([at + 1, one_.timestamp, one_.user_email, null, one_.user_agent, one_.action, [one_.entity_type, one_.entity_id].filter((part) => part !== '').join('/'), null, null, one_.changes === null ? null : JSON.stringify(one_.changes), `id:${one_.id}`, one_.correlation_id, 'accepted']) }));
    const origin = `${note.name}/erp.test`;
    await one.host.audit('audit.begin', { kind: 'witness', origin, key: formatKey(noteKey(origin, note.type, note.publicKey)) });
    expect(await one.host.audit('audit.append', { first: 0, entries: old })).toEqual({ size: 6, finding: null });
    rows.unshift(row('7', Date.now()));
    expect(await visited(one)).toMatchObject({ size: 7, verified: { size: 7 }, alarms: [] });
    expect((await one.host.audit('audit.list', { filter: everything, offset: 0, limit: 2 })).rows.map(({ to }) => to)).toEqual([expect.stringContaining('10.0.0.7'), null]);
    Object.assign(rows[3] as ShippedAuditRow, { action: 'delete' });
    expect(alarm(await visited(one))).toEqual({ fault: 'rewritten', firstBad: 3 });
  });
});

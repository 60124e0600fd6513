import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostInProcess } from '../../test/fixtures/host-in-process.ts';
import { scratchDatabase, testKey, type Scratch } from '../../test/fixtures/database.ts';
import { orderContent } from '../../test/fixtures/drafts.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import { toDocument } from '../../shared/domain/draft-document.ts';
import type { DataHost } from '../host/client.ts';
import { silentLog } from '../log/log.ts';
import { OfferedNumbers } from './offered-numbers.ts';

let scratch: Scratch;
let host: DataHost;
let now = Date.UTC(2026, 4, 4, 12);
beforeEach(async () => {
  scratch = scratchDatabase();
  ({ host } = hostInProcess());
  await host.open({ path: scratch.file, key: testKey() });
  now = Date.UTC(2026, 4, 4, 12);
});
afterEach(async () => {
  await host.close();
  scratch.remove();
});

/** As the program begins with each start. */
const numbers = (): OfferedNumbers => new OfferedNumbers({ host, now: () => now, log: silentLog });
const draft = (number: string) => host.drafts.create({ id: randomUUID(), content: orderContent(number, { numberProvisional: false }), base: null, now });
const day = 86_400_000;

describe('a number that the server gave', () => {
  it('is offered again when its form was left, or the program ended, and never to two forms', async () => {
    const first = numbers();
    await first.given('sales_order', 'SO-1');
    await first.given('sales_order', 'SO-2');
    expect(await first.again('sales_order')).toBeNull();
    first.release('sales_order', 'SO-2');
    expect(await first.again('sales_offer')).toBeNull();
    expect(await Promise.all([first.again('sales_order'), first.again('sales_order')])).toEqual(['SO-2', null]);
    const second = numbers();
    expect([await second.again('sales_order'), await second.again('sales_order'), await second.again('sales_order')]).toEqual(['SO-1', 'SO-2', null]);
  });

  it('is not offered while a draft bears it, and again when that was discarded', async () => {
    const all = numbers();
    await all.given('sales_order', 'SO-1');
    const { id } = await draft('SO-1');
    all.release('sales_order', 'SO-1');
    expect(await all.again('sales_order')).toBeNull();
    await host.drafts.discard(id, now);
    expect(await all.again('sales_order')).toBe('SO-1');
    expect(await all.isTaken({ id, type: 'sales_order', number: 'SO-1' }), 'a form shows it').toBe(true);
    await draft('SO-1');
    all.release('sales_order', 'SO-1');
    expect(await all.isTaken({ id, type: 'sales_order', number: 'SO-1' }), 'another draft bears it').toBe(true);
    expect(await all.isTaken({ id, type: 'sales_order', number: 'SO-2' })).toBe(false);
  });

  it('is not offered when it was sent, or a document bears it, also after the cache was emptied', async () => {
    const all = numbers();
    for (const number of ['SO-1', 'SO-2', 'SO-3']) {
      await all.given('sales_order', number);
      all.release('sales_order', number);
    }
    await all.sent('sales_order', 'SO-1');
    const record: DocumentRecord = { document: toDocument(orderContent('SO-2')), workflow: null, etag: null, changedAt: 1, fetchedAt: 1 };
    await host.documents.put([record]);
    expect(await all.isTaken({ id: randomUUID(), type: 'sales_order', number: 'SO-2' })).toBe(true);
    expect(await all.again('sales_order')).toBe('SO-3');
    await host.clear();
    expect([await numbers().again('sales_order'), await host.documents.count()]).toEqual(['SO-3', 0]);
  });

  it('is not offered when it is old, or of another year', async () => {
    await numbers().given('sales_order', 'SO-1');
    now += 29 * day;
    expect(await numbers().again('sales_order')).toBe('SO-1');
    now += 2 * day;
    expect(await numbers().again('sales_order')).toBeNull();
    now = Date.UTC(2026, 11, 30, 12);
    await numbers().given('sales_order', 'SO-9');
    now += 3 * day;
    expect(await numbers().again('sales_order')).toBeNull();
  });

  it('costs a gap and nothing else when the cache cannot be asked', async () => {
    await host.close();
    const all = numbers();
    await all.given('sales_order', 'SO-1');
    expect([await all.again('sales_order'), await all.isTaken({ id: randomUUID(), type: 'sales_order', number: 'SO-2' })]).toEqual([null, false]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../shared/security/evidence.ts';
import type { DataHost } from '../host/client.ts';
import { EvidenceBook } from './evidence-book.ts';

const day = 86_400_000;
const now = 1000 * day;
const seen = (at: number, more: Partial<Evidence> = {}): Evidence => ({
  point: 'scans.images', origin: 'findings.images', outcome: 'met', source: 'imported', at, expiresAt: at + 35 * day, messageKey: 'x.y', params: {}, by: 'admin', link: null, ...more,
});

/** A book over records in memory. */
function open(clock = { at: now }): EvidenceBook {
  const rows = new Map<string, unknown>();
  const host = { records: {
    list: async () => [...rows].map(([id, body]) => ({ id, body, changedAt: 0 })),
    put: async (put: { id: string; body: unknown }[]) => { for (const { id, body } of put) rows.set(id, body); },
    remove: async (_kind: string, ids: string[]) => { for (const id of ids) rows.delete(id); },
  } } as unknown as Pick<DataHost, 'records'>;
  return new EvidenceBook({ host, now: () => clock.at });
}

describe('the evidence book', () => {
  it('keeps what was seen last, in whichever order it is written', async () => {
    const book = open();
    const told: number[] = [];
    book.changed.on((written) => told.push(written.length));
    await book.write(seen(now - day));
    await book.write(seen(now - 30 * day, { outcome: 'unmet' }));
    expect(await book.list()).toEqual([seen(now - day)]);
    expect(told, 'nothing is told that was not kept').toEqual([1]);
    await book.write(seen(now, { outcome: 'partly' }), seen(now - 2 * day));
    expect(await book.list()).toEqual([seen(now, { outcome: 'partly' })]);
  });

  it('keeps two origins of one point beside each other, and the later of two from one moment', async () => {
    const book = open();
    await book.write(seen(now - day), seen(now - 9 * day, { origin: 'findings.images.server', source: 'claimed' }), seen(now - day, { outcome: 'unmet' }));
    expect((await book.list()).map(({ origin, outcome }) => `${origin} ${outcome}`)).toEqual(['findings.images unmet', 'findings.images.server met']);
  });

  it('takes nothing as seen before it happens, and lets nothing dated ahead stand against what comes', async () => {
    const clock = { at: now + 300 * day };
    const book = open(clock);
    await book.write(seen(now + 300 * day, { outcome: 'unmet' }));
    clock.at = now;
    await book.write(seen(now + 10 * day));
    expect(await book.list()).toEqual([seen(now)]);
  });

  it('says anew what an area has worked out, also about an earlier time, and takes back what it does not say any more', async () => {
    const book = open();
    await book.write(seen(now), seen(now, { point: 'scans.static', origin: 'a' }));
    await book.settle([seen(now - day)], [{ point: 'scans.static', origin: 'a' }, { point: 'scans.dynamic', origin: 'a' }]);
    expect(await book.list()).toEqual([seen(now - day)]);
  });
});

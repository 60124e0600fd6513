import { describe, expect, it } from 'vitest';
import { exact } from './money.ts';
import type { BusinessDocument } from './document.ts';
import { seenOf, seenSchema } from './seen.ts';

const order: BusinessDocument = {
  type: 'sales_order', number: 'SO-1', date: '2026-11-22', partnerId: 'K1', partnerName: 'Hof', status: 'ENTWURF',
  lines: [{ article: 'Raps', qty: exact('10'), price: exact('479.5'), vatRate: exact('7'), cost: null }],
  totals: { net: exact('4795'), tax: exact('335.65'), gross: exact('5130.65') }, fields: { deliveryAddress: 'Hofstraße 1' },
};
const [line] = order.lines;
if (line === undefined) throw new Error('an order has lines');
const seen = (change: Partial<BusinessDocument> = {}): string => seenOf({ document: { ...order, ...change } });

describe('the fingerprint of what was seen', () => {
  it.each<[string, Partial<BusinessDocument>]>([
    ['another partner', { partnerId: 'K2' }], ['another day', { date: '2026-11-23' }], ['another status', { status: 'OFFEN' }], ['another address', { fields: { deliveryAddress: 'Hofstraße 2' } }],
    ['another price', { lines: [{ ...line, price: exact('4795') }] }], ['a line more', { lines: [line, line] }], ['another sum', { totals: { ...order.totals, gross: exact('51306.5') } }],
  ])('differs for %s', (_, change) => expect(seen(change)).not.toBe(seen()));

  it('does not for what a decision does not rest on', () => {
    expect(seenSchema.parse(seen())).toBe(seen());
    expect(seen({ partnerName: null, fields: { notes: '', driver: null, ...order.fields } })).toBe(seen());
  });
});

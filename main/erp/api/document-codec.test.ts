import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentTypes } from '../../../shared/domain/document-types.ts';
import { documentSchema, type BusinessDocument } from '../../../shared/domain/document.ts';
import { exact, totalsOf, type Decimal } from '../../../shared/domain/money.ts';
import { documentFrom, recordFrom, wireChanges, wireDocument, wireDocumentSchema, wireNumber } from './document-codec.ts';

const money = fc.tuple(fc.integer({ min: 0, max: 9_999_999 }), fc.integer({ min: 0, max: 99 })).map(([whole, cents]) => exact(`${whole}.${String(cents).padStart(2, '0')}`));
const line = fc.record({ article: fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== ''), qty: money, price: fc.option(money), vatRate: fc.option(fc.constantFrom(exact('7'), exact('19'))), cost: fc.option(money) });

const roundTrip = (document: BusinessDocument): BusinessDocument =>
  documentFrom(document.type, wireDocumentSchema.parse(JSON.parse(JSON.stringify(wireDocument(document)))));

describe('document codec', () => {
  it('brings every document back as it was', () => {
    fc.assert(fc.property(fc.constantFrom(...documentTypes.filter((type) => type !== 'payment_received')), fc.array(line, { maxLength: 10 }), fc.option(fc.constant('K-1')), (type, lines, partnerId) => {
      const document: BusinessDocument = documentSchema.parse({ type, number: 'X-1', date: '2026-02-28', partnerId, partnerName: null, status: 'ENTWURF', lines, totals: totalsOf(lines), fields: { notes: 'Hof', express: true, rank: 3, empty: null } });
      expect(roundTrip(document)).toEqual(document);
    }));
  });

  it('sends amounts as numbers that mean exactly the decimal', () => {
    expect(wireNumber(exact('1234.5'))).toBe(1234.5);
    expect(wireNumber(exact('0.1'))).toBe(0.1);
    expect(wireNumber(exact('999999999999999.99'))).toBe('999999999999999.99');
    fc.assert(fc.property(money, (value: Decimal) => exact(String(wireNumber(value))) === value));
  });

  it('gives the amount of a payment as an exact decimal and sends it as a number', () => {
    const payment = documentFrom('payment_received', { number: 'PAY-1', customerId: 'K-1', status: 'EINGEGANGEN', amount: 1190.1 });
    expect(payment).toMatchObject({ fields: { amount: '1190.1' }, totals: { net: '1190.1', tax: '0', gross: '1190.1' }, lines: [] });
    expect(wireDocument(payment)).toMatchObject({ amount: 1190.1 });
    expect(wireDocument(payment)).not.toHaveProperty('lines');
  });

  it('leaves out a price that is not there, because the shipped server ends in an error on null', () => {
    const [sent] = wireDocument(documentFrom('sales_order', { number: 'SO-1', lines: [{ article: 'A', qty: 1, price: null }] }))['lines'] as Record<string, unknown>[];
    expect(sent).toEqual({ article: 'A', qty: 1 });
  });

  it('names the partner by its kind and takes the name from wherever it stands', () => {
    expect(documentFrom('purchase_order', { number: 'PO-1', supplierId: 'L-1', supplierName: 'Landhandel' })).toMatchObject({ partnerId: 'L-1', partnerName: 'Landhandel' });
    expect(documentFrom('sales_order', { number: 'SO-1', customerId: 7, customerName: 'Hof' })).toMatchObject({ partnerId: '7', partnerName: 'Hof' });
    expect(wireDocument(documentFrom('purchase_order', { number: 'PO-1', supplierId: 'L-1' }))).toMatchObject({ supplierId: 'L-1' });
  });

  it('keeps what it does not know, and shows an unknown status as it is', () => {
    const document = documentFrom('sales_offer', { number: 'ANG-1', status: 'In Klärung', customField: 'x', nested: { a: 1 }, list: [1], updated_at: 1, version: '3', workflow: {}, ok: true });
    expect(document.status).toBe('In Klärung');
    expect(document.fields).toEqual({ customField: 'x' });
  });

  it('bears with missing and absurd values', () => {
    expect(documentFrom('sales_order', { number: 'SO-1', date: '2026-02-30', lines: 'none', status: null })).toMatchObject({ date: null, lines: [], status: '', partnerId: null });
    expect(documentFrom('sales_order', { number: 'SO-1', lines: [null, 'x', { qty: 'viel', price: Number.MAX_VALUE }] }).lines).toEqual([{ article: '', qty: '0', price: null, vatRate: null, cost: null }]);
    for (const number of ['', 'a/b', 'a b', 'x'.repeat(65)]) expect(() => documentFrom('sales_order', { number })).toThrow();
  });

  it('uses the totals of the server where they are whole, else its own', () => {
    const lines = [{ article: 'A', qty: 2, price: 1.005, vatRate: 19 }];
    expect(documentFrom('sales_offer', { number: 'A', lines, subtotalNet: 2, totalTax: 0.38, totalGross: 2.38 }).totals).toEqual({ net: '2', tax: '0.38', gross: '2.38' });
    expect(documentFrom('sales_offer', { number: 'A', lines, subtotalNet: 2 }).totals).toEqual({ net: '2.01', tax: '0.38', gross: '2.39' });
  });

  it('sends of a change what differs from where it began or from what may have arrived of it, and nothing else', () => {
    const base = documentFrom('sales_offer', { number: 'ANG-1', date: '2026-02-28', status: 'ENTWURF', notes: 'x'.repeat(6_000), lines: [{ article: 'A', qty: 1, price: 2, vatRate: 19 }] });
    const mine = { ...base, date: '2026-03-01' };
    expect(wireChanges([base], mine)).toEqual({ number: 'ANG-1', date: '2026-03-01' });
    expect(wireChanges([base, mine], { ...base, status: 'VERSENDET' })).toEqual({ number: 'ANG-1', date: '2026-02-28', status: 'VERSENDET' });
  });

  it('takes version, workflow and time of a row', () => {
    const row = { number: 'SO-1', updated_at: '2026-11-20T09:00:00.000Z', version: '4', workflow: { state: 'pending', version: '2', submittedBy: 'vera', submittedAt: 1_795_000_000 } };
    expect(recordFrom('sales_order', row, { etag: null, fetchedAt: 9 })).toMatchObject({ etag: '"4"', changedAt: Date.UTC(2026, 10, 20, 9), fetchedAt: 9, workflow: { state: 'pending', version: '2', submittedBy: 'vera', submittedAt: 1_795_000_000_000 } });
    expect(recordFrom('sales_order', { number: 'SO-1', workflow: { state: 'strange' } }, { etag: '"h"', fetchedAt: 9 })).toMatchObject({ etag: '"h"', workflow: null, changedAt: null });
  });
});

import { describe, expect, it } from 'vitest';
import { documentTypes, documentTypeInfo, initialStatus } from './document-types.ts';
import type { BusinessDocument } from './document.ts';
import { toDocument } from './draft-document.ts';
import { copyOf, followTypes, followUpOf, openOf, progressOf, referenceFields, referencesOf } from './flow.ts';
import { exact, totalsOf } from './money.ts';

const today = '2026-11-22';
const lines = [{ article: 'Raps', qty: exact('12.5'), price: exact('479.1'), vatRate: exact('7'), cost: exact('445') }, { article: 'Diesel', qty: exact('3'), price: null, vatRate: null, cost: null }];
const document = (more: Partial<BusinessDocument>): BusinessDocument => ({
  type: 'sales_order', number: 'SO-1', date: '2026-01-05', partnerId: 'K1', partnerName: 'Hof Müller', status: 'BESTAETIGT', lines, totals: totalsOf(lines),
  fields: { salesOfferId: 'ANG-1', contactPerson: 'Frau Groß', deliveryAddress: 'Am Speicher 4', deliveryDate: '2026-12-01', paymentTerms: 'net14', notes: 'Silo 3', internal: 'x' }, ...more,
});

describe('follow-up documents', () => {
  it('take over lines, partner, texts and the reference, and nothing else', () => {
    expect(followUpOf(document({}), 'sales_delivery', today)).toEqual({
      type: 'sales_delivery', number: '', date: today, partnerId: 'K1', partnerName: 'Hof Müller', status: 'ENTWURF', lines, totals: totalsOf(lines),
      fields: { contactPerson: 'Frau Groß', deliveryAddress: 'Am Speicher 4', deliveryDate: '2026-12-01', paymentTerms: 'net14', notes: 'Silo 3', sourceOrder: 'SO-1' },
    });
  });

  it('name what their predecessor came from, and fall due by the terms', () => {
    const delivery = document({ type: 'sales_delivery', number: 'DL-1', fields: { sourceOrder: 'SO-1', paymentTerms: 'net30' } });
    expect(followUpOf(delivery, 'sales_invoice', today).fields).toEqual({ paymentTerms: 'net30', sourceOrder: 'SO-1', sourceDelivery: 'DL-1', dueDate: '2026-12-22' });
    expect(followUpOf(document({ fields: { paymentTerms: 'prepay' } }), 'sales_invoice', today).fields['dueDate'], 'no terms, no date').toBeUndefined();
  });

  it('make a payment of the amount of the invoice', () => {
    const invoice = document({ type: 'sales_invoice', number: 'INV-1', fields: {} });
    expect(followUpOf(invoice, 'payment_received', today)).toMatchObject({ status: 'EINGEGANGEN', lines: [], fields: { salesInvoiceId: 'INV-1', amount: totalsOf(lines).gross } });
  });

  it('refer to their predecessor for every step of the flow, in their first status', () => {
    for (const type of documentTypes) for (const next of followTypes[type]) {
      const made = followUpOf(document({ type, number: 'X-1', fields: {} }), next, today);
      expect(referencesOf({ ...made, number: 'Y-1' }), `${type} > ${next}`).toEqual([{ type, number: 'X-1' }]);
      expect([made.status, made.date]).toEqual([initialStatus(next), today]);
      expect(documentTypeInfo[next].domain).toBe(documentTypeInfo[type].domain);
    }
  });
});

describe('references', () => {
  it('are only what can be a number of another document', () => {
    const fields = Object.fromEntries(Object.keys(referenceFields['sales_invoice']).map((name, at) => [name, ['SO 1', '../x'][at] ?? null]));
    expect(referencesOf(document({ type: 'sales_invoice', fields }))).toEqual([]);
    expect(referencesOf(document({ fields: { salesOfferId: ' ANG-1 ', sourceOrder: 'SO-9' } }))).toEqual([{ type: 'sales_offer', number: 'ANG-1' }]);
    expect(referencesOf(document({ fields: { salesOfferId: 17 } }))).toEqual([]);
  });
});

describe('copies', () => {
  it('are new: today, no number, no references, first status, no days that have passed', () => {
    const source = document({ status: 'ABGESCHLOSSEN', fields: { ...document({}).fields, deliveryDate: '2026-01-09', validUntil: '2027-01-01' } });
    const copy = copyOf(source, today);
    expect(copy).toMatchObject({ type: 'sales_order', number: '', numberProvisional: false, date: today, status: 'ENTWURF', partnerId: 'K1', fields: { notes: 'Silo 3', validUntil: '2027-01-01', internal: 'x' } });
    expect(Object.keys(copy.fields)).not.toContain('salesOfferId');
    expect(Object.keys(copy.fields)).not.toContain('deliveryDate');
    expect(toDocument(copy).lines).toEqual([lines[0], { ...lines[1], price: null }]);
    expect(copyOf(document({ type: 'payment_received', lines: [], fields: { amount: '5', bankReference: 'R 1', salesInvoiceId: 'INV-1' } }), today).fields).toEqual({ amount: '5' });
  });
});

describe('progress', () => {
  it('leaves out what was rejected or cancelled, and is nothing without an order or an invoice', () => {
    const part = [{ ...lines[0], qty: exact('5') } as (typeof lines)[number]];
    const chain = [
      { document: document({}), workflow: null }, { document: document({ number: 'SO-2' }), workflow: 'rejected' as const },
      { document: document({ type: 'sales_delivery', number: 'DL-1', lines: part }), workflow: null },
      { document: document({ type: 'sales_invoice', number: 'INV-1', lines: part, totals: totalsOf(part) }), workflow: null },
      { document: document({ type: 'sales_invoice', number: 'INV-2', status: 'storniert' }), workflow: null },
    ];
    expect(progressOf(chain)).toEqual({
      articles: [{ article: 'Raps', ordered: '12.5', delivered: '5', invoiced: '5' }, { article: 'Diesel', ordered: '3', delivered: '0', invoiced: '0' }],
      ordered: totalsOf(lines).gross.replace(/0$/, ''), invoiced: totalsOf(part).gross, paid: null,
    });
    expect(progressOf([{ document: document({ type: 'sales_offer' }), workflow: null }])).toBeNull();
  });

  it('has never less than nothing open', () => {
    expect([openOf(exact('10'), exact('4')), openOf(exact('10'), exact('14')), openOf(exact('10'), null), openOf(null, exact('1'))]).toEqual(['6', '0', '10', null]);
  });
});

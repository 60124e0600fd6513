import { describe, expect, it } from 'vitest';
import type { BusinessDocument } from './document.ts';
import type { DocumentType } from './document-types.ts';
import { onlyOpen } from './flow-open.ts';
import { followUpOf, type InChain } from './flow.ts';
import { exact, totalsOf } from './money.ts';
import type { WorkflowState } from './workflow.ts';

type Lines = readonly (readonly [article: string, qty: string])[];
function document(type: DocumentType, number: string, lines: Lines, fields: BusinessDocument['fields'] = {}): BusinessDocument {
  const made = lines.map(([article, qty]) => ({ article, qty: exact(qty), price: exact('10'), vatRate: exact('7'), cost: null }));
  return { type, number, date: '2026-01-05', partnerId: 'K1', partnerName: 'Hof', status: 'ENTWURF', lines: made, totals: totalsOf(made), fields };
}
const inChain = (one: BusinessDocument, workflow: WorkflowState = 'approved'): InChain => ({ document: one, workflow });
const order = document('sales_order', 'SO-1', [['Raps', '10'], ['Diesel', '4'], ['Raps', '5']]);
const follow = (from: BusinessDocument, type: DocumentType, ...others: InChain[]): string[] =>
  onlyOpen(from, followUpOf(from, type, '2026-11-22'), [inChain(order), ...(from === order ? [] : [inChain(from)]), ...others]).lines.map(({ article, qty }) => `${article} ${qty}`);
const delivery = (number: string, ...lines: Lines): BusinessDocument => document('sales_delivery', number, lines, { sourceOrder: 'SO-1' });
const invoice = (number: string, fields: BusinessDocument['fields'], ...lines: Lines): BusinessDocument => document('sales_invoice', number, lines, fields);

describe('what a follow-up takes over', () => {
  it('is everything while nothing came before it, and where each stands on its own', () => {
    expect(follow(order, 'sales_delivery')).toEqual(['Raps 10', 'Diesel 4', 'Raps 5']);
    const offer = document('sales_offer', 'ANG-1', [['Raps', '10']]);
    const earlier = document('sales_order', 'SO-7', [['Raps', '10']], { salesOfferId: 'ANG-1' });
    expect(follow(offer, 'sales_order', inChain(earlier))).toEqual(['Raps 10']);
  });

  it('is what was not delivered yet, line by line, and not what was delivered too much', () => {
    expect(follow(order, 'sales_delivery', inChain(delivery('DL-1', ['Raps', '12'], ['Diesel', '9'])))).toEqual(['Raps 3']);
    expect(follow(order, 'sales_delivery', inChain(delivery('DL-1', ['Raps', '12'], ['Diesel', '9']), 'rejected'))).toEqual(['Raps 10', 'Diesel 4', 'Raps 5']);
    expect(follow(order, 'sales_delivery', inChain(delivery('DL-1', ['Raps', '15'], ['Diesel', '4'])))).toEqual([]);
  });

  it('is what was not invoiced yet, by whichever way', () => {
    const first = delivery('DL-1', ['Raps', '8']);
    const ofOrder = invoice('INV-1', { sourceOrder: 'SO-1' }, ['Raps', '10'], ['Diesel', '4']);
    const ofDelivery = invoice('INV-2', { sourceOrder: 'SO-1', sourceDelivery: 'DL-1' }, ['Raps', '3']);
    // The order has 5 left; of the delivery nothing was invoiced by itself.
    expect(follow(first, 'sales_invoice', inChain(ofOrder))).toEqual(['Raps 5']);
    expect(follow(first, 'sales_invoice', inChain(ofDelivery))).toEqual(['Raps 5']);
    expect(follow(order, 'sales_invoice', inChain(first), inChain(ofOrder), inChain(ofDelivery))).toEqual(['Raps 2']);
    expect(follow(delivery('DL-2', ['Raps', '1'], ['Palette', '2']), 'sales_invoice', inChain(ofOrder), inChain(ofDelivery))).toEqual(['Raps 1', 'Palette 2']);
  });

  it('is the amount that was not paid yet', () => {
    const bill = invoice('INV-1', {}, ['Raps', '10']);
    const payment: BusinessDocument = { ...document('payment_received', 'PAY-1', [], { salesInvoiceId: 'INV-1', amount: '40' }), totals: { net: exact('40'), tax: exact('0'), gross: exact('40') } };
    const made = (...paid: InChain[]) => onlyOpen(bill, followUpOf(bill, 'payment_received', '2026-11-22'), [inChain(bill), ...paid]).fields['amount'];
    expect([made(), made(inChain(payment)), made(inChain(payment), inChain({ ...payment, number: 'PAY-2', totals: { ...payment.totals, gross: exact('90') } }))]).toEqual(['107.00', '67', '0']);
  });
});

import { describe, expect, it } from 'vitest';
import type { DocumentType } from '../../../../shared/domain/document-types.ts';
import type { Flow, FlowNode } from '../../../../shared/domain/flow.ts';
import { exact } from '../../../../shared/domain/money.ts';
import { alreadyMade } from './already.ts';

const node = (type: DocumentType, number: string, gross: string | null, more: Partial<FlowNode> = {}): FlowNode =>
  ({ key: { type, number }, cached: true, date: null, partnerName: null, gross: gross === null ? null : exact(gross), status: 'ENTWURF', workflow: 'approved', fetchedAt: 1, ...more });
const flow = (nodes: FlowNode[], ...edges: [from: number, to: number][]): Flow => ({ nodes, edges: edges.map(([from, to]) => ({ from, to })), truncated: false, progress: null });
const order = { type: 'sales_order', number: 'SO-1' } as const;

describe('what was made of a predecessor before', () => {
  it('are its followers of the same type that count, and what they leave of its amount', () => {
    const chain = flow([node('sales_order', 'SO-1', '100'), node('sales_invoice', 'INV-1', '30'), node('sales_invoice', 'INV-2', '50', { workflow: 'rejected' }), node('sales_delivery', 'DL-1', null), node('sales_invoice', 'INV-9', '9')], [0, 1], [0, 2], [0, 3]);
    expect(alreadyMade(chain, [order], 'sales_invoice')).toMatchObject({ from: order, documents: [{ key: { number: 'INV-1' } }], open: '70' });
    expect(alreadyMade(chain, [order], 'sales_delivery')).toMatchObject({ documents: [{ key: { number: 'DL-1' } }], open: null });
    expect(alreadyMade(chain, [order], 'payment_received')).toBeNull();
  });

  it('is looked for from every document that is named, and no amount is made of one that is not known', () => {
    const delivery = { type: 'sales_delivery', number: 'DL-1' } as const;
    const chain = flow([node('sales_order', 'SO-1', '100'), node('sales_delivery', 'DL-1', '0'), node('sales_invoice', 'INV-1', null, { cached: false, workflow: null, status: null })], [0, 1], [1, 2]);
    expect(alreadyMade(chain, [order, delivery], 'sales_invoice')).toMatchObject({ from: delivery, open: null });
    expect(alreadyMade(flow([]), [order], 'sales_invoice')).toBeNull();
  });
});

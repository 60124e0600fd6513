import { describe, expect, it } from 'vitest';
import type { Flow, FlowNode } from '../../../../shared/domain/flow.ts';
import type { DocumentType } from '../../../../shared/domain/document-types.ts';
import { neighbour, nodeHeight, nodeWidth, pictureOf } from './layout.ts';

const node = (type: DocumentType, number: string, date = '2026-01-01'): FlowNode => ({ key: { type, number }, cached: true, date, partnerName: null, gross: null, status: null, workflow: null, fetchedAt: null });

const flow: Pick<Flow, 'nodes' | 'edges'> = {
  nodes: [node('sales_invoice', 'INV-1'), node('sales_order', 'SO-1'), node('sales_delivery', 'DL-2', '2026-02-01'), node('sales_delivery', 'DL-1'), node('payment_received', 'PAY-1')],
  edges: [{ from: 1, to: 2 }, { from: 1, to: 3 }, { from: 1, to: 0 }, { from: 3, to: 0 }, { from: 0, to: 4 }],
};

describe('the picture of a chain', () => {
  it('has a row for each kind, in the order of the flow, and documents in the order of their dates', () => {
    const { stages, width, height } = pictureOf(flow);
    expect(stages.map(({ type, nodes }) => [type, nodes.map(({ index }) => index)])).toEqual([['sales_order', [1]], ['sales_delivery', [3, 2]], ['sales_invoice', [0]], ['payment_received', [4]]]);
    expect(width).toBeGreaterThanOrEqual(2 * nodeWidth);
    expect(height).toBeGreaterThanOrEqual(4 * nodeHeight);
    expect(new Set(stages.map(({ top }) => top)).size).toBe(4);
  });

  it('draws every line, from the lower edge of a document to the upper edge of its successor', () => {
    const { edges, stages } = pictureOf(flow);
    expect(edges).toHaveLength(flow.edges.length);
    expect(edges.find(({ from, to }) => from === 0 && to === 4)?.path).toMatch(new RegExp(`^M${nodeWidth / 2} ${(stages[2]?.top ?? 0) + nodeHeight}C`));
    expect(pictureOf({ nodes: flow.nodes.slice(0, 1), edges: [] })).toMatchObject({ edges: [], height: nodeHeight });
  });

  it('is walked with the arrow keys, along its lines', () => {
    const picture = pictureOf(flow);
    expect([neighbour(picture, 1, 'ArrowDown'), neighbour(picture, 3, 'ArrowDown'), neighbour(picture, 2, 'ArrowDown'), neighbour(picture, 4, 'ArrowDown')]).toEqual([3, 0, 0, null]);
    expect([neighbour(picture, 0, 'ArrowUp'), neighbour(picture, 1, 'ArrowUp'), neighbour(picture, 3, 'ArrowRight'), neighbour(picture, 3, 'ArrowLeft'), neighbour(picture, 0, 'x')]).toEqual([3, null, 2, null, null]);
  });
});

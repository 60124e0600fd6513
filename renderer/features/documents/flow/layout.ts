import { documentTypes, type DocumentType } from '../../../../shared/domain/document-types.ts';
import type { Flow } from '../../../../shared/domain/flow.ts';

/** Pixels. */
export const nodeWidth = 188;
export const nodeHeight = 56;
const gapX = 16;
const gapY = 28;

export type Stage = { type: DocumentType; top: number; nodes: { index: number; left: number }[] };
export type FlowPicture = { stages: Stage[]; edges: { from: number; to: number; path: string }[]; width: number; height: number };

/**
 * Where everything stands: a row for each kind of document that the chain has, in the order of the flow, its documents
 * beside each other. A line that passes a row goes round on the right side of the nodes, so that it is seen to pass.
 */
export function pictureOf({ nodes, edges }: Pick<Flow, 'nodes' | 'edges'>): FlowPicture {
  const stages = documentTypes.filter((type) => nodes.some(({ key }) => key.type === type)).map((type, row): Stage => ({
    type, top: row * (nodeHeight + gapY),
    nodes: inOrder(nodes, type).map((index, place) => ({ index, left: place * (nodeWidth + gapX) })),
  }));
  const places = new Map(stages.flatMap((stage, row) => stage.nodes.map(({ index, left }) => [index, { row, left, top: stage.top }] as const)));
  const widest = Math.max(0, ...stages.map((stage) => stage.nodes.length));
  return {
    stages,
    edges: edges.flatMap(({ from, to }) => {
      const [a, b] = [places.get(from), places.get(to)];
      if (a === undefined || b === undefined) return [];
      const isNext = b.row === a.row + 1;
      const [startX, endX] = isNext ? [a.left + nodeWidth / 2, b.left + nodeWidth / 2] : [a.left + nodeWidth - 14, b.left + nodeWidth - 14];
      const [startY, endY] = [a.top + nodeHeight, b.top];
      const bow = isNext ? 0 : gapX + 18;
      const bend = isNext ? gapY / 2 : gapY;
      return [{ from, to, path: `M${startX} ${startY}C${startX + bow} ${startY + bend} ${endX + bow} ${endY - bend} ${endX} ${endY}` }];
    }),
    width: widest * (nodeWidth + gapX),
    height: stages.length * (nodeHeight + gapY) - gapY,
  };
}

function inOrder(nodes: Flow['nodes'], type: DocumentType): number[] {
  const text = (index: number): string => `${nodes[index]?.date ?? ''} ${nodes[index]?.key.number ?? ''}`;
  return nodes.flatMap(({ key }, index) => (key.type === type ? [index] : [])).toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** The node an arrow key leads to: along a line up and down, beside each other left and right; null where there is none. */
export function neighbour({ stages, edges }: FlowPicture, from: number, key: string): number | null {
  const row = stages.findIndex(({ nodes }) => nodes.some(({ index }) => index === from));
  const stage = stages[row];
  const place = stage?.nodes.findIndex(({ index }) => index === from) ?? -1;
  switch (key) {
    case 'ArrowRight': return stage?.nodes[place + 1]?.index ?? null;
    case 'ArrowLeft': return stage?.nodes[place - 1]?.index ?? null;
    case 'ArrowDown': return nearest(stages, edges.filter((edge) => edge.from === from).map(({ to }) => to), 1) ?? stages[row + 1]?.nodes[0]?.index ?? null;
    case 'ArrowUp': return nearest(stages, edges.filter((edge) => edge.to === from).map((edge) => edge.from), -1) ?? stages[row - 1]?.nodes[0]?.index ?? null;
    default: return null;
  }
}

/** Of the linked nodes the one in the nearest row, seen downwards (1) or upwards (−1). */
function nearest(stages: readonly Stage[], linked: readonly number[], direction: 1 | -1): number | null {
  const order = stages.flatMap(({ nodes }) => nodes.map(({ index }) => index)).filter((index) => linked.includes(index));
  return (direction === 1 ? order[0] : order.at(-1)) ?? null;
}

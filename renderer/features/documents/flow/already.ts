import type { DocumentKey } from '../../../../shared/domain/document.ts';
import type { DocumentType } from '../../../../shared/domain/document-types.ts';
import { counts, openOf, type Flow, type FlowNode } from '../../../../shared/domain/flow.ts';
import { add, zero, type Decimal } from '../../../../shared/domain/money.ts';

/** What was made of a predecessor before: documents of one type, and what of its amount they leave; null where amounts say nothing. */
export type Already = { from: DocumentKey; documents: readonly FlowNode[]; open: Decimal | null };

const withAmounts: ReadonlySet<DocumentType> = new Set(['sales_invoice', 'payment_received']);

/** @param references of the new document, the one that orders it first @returns null while nothing was made of any of them */
export function alreadyMade(flow: Flow, references: readonly DocumentKey[], type: DocumentType): Already | null {
  for (const from of references) {
    const position = flow.nodes.findIndex(({ key }) => key.type === from.type && key.number === from.number);
    const documents = flow.edges.filter((edge) => edge.from === position).map(({ to }) => flow.nodes[to])
      .filter((node): node is FlowNode => node !== undefined && node.key.type === type && counts({ document: node, workflow: node.workflow }));
    if (documents.length === 0) continue;
    const isKnown = withAmounts.has(type) && documents.every(({ gross }) => gross !== null);
    return { from, documents, open: isKnown ? openOf(flow.nodes[position]?.gross ?? null, documents.reduce((sum, { gross }) => add(sum, gross ?? zero), zero)) : null };
  }
  return null;
}

import type { BusinessDocument, DocumentLine } from './document.ts';
import type { DocumentType } from './document-types.ts';
import { counts, referencesOf, type InChain } from './flow.ts';
import { add, compare, subtract, totalsOf, zero, type Decimal } from './money.ts';

type Quantities = Map<string, Decimal>;

function quantities(documents: readonly Pick<BusinessDocument, 'lines'>[]): Quantities {
  const sums: Quantities = new Map();
  for (const { article, qty } of documents.flatMap(({ lines }) => lines)) sums.set(article, add(sums.get(article) ?? zero, qty));
  return sums;
}

const atLeastZero = (value: Decimal): Decimal => (compare(value, zero) < 0 ? zero : value);
const lesser = (a: Decimal, b: Decimal): Decimal => (compare(a, b) < 0 ? a : b);

/** The documents of a type in a chain that come from this one and count. */
export function followersOf(from: Pick<BusinessDocument, 'type' | 'number'>, type: DocumentType, chain: readonly InChain[]): BusinessDocument[] {
  return chain.filter((one) => one.document.type === type && counts(one) && referencesOf(one.document).some((key) => key.type === from.type && key.number === from.number)).map(({ document }) => document);
}

/** By article, what of a document can still be delivered or invoiced; an invoice of a delivery takes from what its order has left too. */
function openQuantities(from: BusinessDocument, toType: DocumentType, chain: readonly InChain[]): Quantities {
  const rest = (whole: BusinessDocument): Quantities => {
    const done = quantities(followersOf(whole, toType, chain));
    return new Map([...quantities([whole])].map(([article, qty]) => [article, atLeastZero(subtract(qty, done.get(article) ?? zero))]));
  };
  const open = rest(from);
  const ordered = from.type === 'sales_delivery' ? referencesOf(from).find(({ type }) => type === 'sales_order') : undefined;
  const order = chain.find(({ document: { type, number } }) => type === ordered?.type && number === ordered.number)?.document;
  if (order === undefined) return open;
  const ofOrder = rest(order);
  // What was delivered beside the order is nobody's to take away.
  return new Map([...open].map(([article, qty]) => [article, lesser(qty, ofOrder.get(article) ?? qty)]));
}

function openLines(lines: readonly DocumentLine[], open: Quantities): DocumentLine[] {
  const left = new Map(open);
  return lines.flatMap((line) => {
    const rest = left.get(line.article);
    if (rest === undefined) return [line];
    const qty = lesser(line.qty, rest);
    left.set(line.article, subtract(rest, qty));
    return compare(qty, zero) > 0 || compare(line.qty, zero) <= 0 ? [{ ...line, qty }] : [];
  });
}

/**
 * A follow-up with what its predecessors have left: the quantities that were not delivered or invoiced yet, the amount that was
 * not paid. As it is where nothing came before it, and for types of which each may stand on its own (offers, orders).
 * @param chain every document of the flow of `from`; with one missing nobody knows what is open
 */
export function onlyOpen(from: BusinessDocument, draft: BusinessDocument, chain: readonly InChain[]): BusinessDocument {
  if (draft.type === 'payment_received') {
    const paid = followersOf(from, draft.type, chain);
    if (paid.length === 0) return draft;
    const amount = atLeastZero(subtract(from.totals.gross, paid.reduce((sum, { totals }) => add(sum, totals.gross), zero)));
    return { ...draft, fields: { ...draft.fields, amount }, totals: { net: amount, tax: zero, gross: amount } };
  }
  if (draft.type !== 'sales_delivery' && draft.type !== 'sales_invoice') return draft;
  const lines = openLines(draft.lines, openQuantities(from, draft.type, chain));
  return { ...draft, lines, totals: totalsOf(lines) };
}

import Big from 'big.js';

export type WireLine = { article?: unknown; qty?: unknown; price?: unknown; vatRate?: unknown; cost?: unknown };

const half = (value: Big): Big => value.round(2, Big.roundHalfUp);

/** A number from the wire (JSON number or decimal text) of at most 15 digits before the point, or null. */
export function amount(value: unknown): Big | null {
  if (typeof value === 'number') return Math.abs(value) < 1e15 ? new Big(value) : null;
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,10})?$/.test(value.trim()) ? new Big(value.trim()) : null;
}

/** Totals of a document's lines, each line rounded half up to the cent. Lines without price or quantity count as 0. */
export function totals(lines: readonly WireLine[]): { net: Big; tax: Big; gross: Big } {
  let net = new Big(0);
  let tax = new Big(0);
  for (const line of lines) {
    const lineNet = half((amount(line.qty) ?? new Big(0)).times(amount(line.price) ?? 0));
    net = net.plus(lineNet);
    tax = tax.plus(half(lineNet.times(amount(line.vatRate) ?? 0).div(100)));
  }
  return { net, tax, gross: net.plus(tax) };
}

/** The three total fields as JSON numbers. */
export function totalFields(lines: readonly WireLine[]): { subtotalNet: number; totalTax: number; totalGross: number } {
  const sum = totals(lines);
  return { subtotalNet: Number(sum.net), totalTax: Number(sum.tax), totalGross: Number(sum.gross) };
}

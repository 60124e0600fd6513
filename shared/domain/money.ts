import Big from 'big.js';

/** An exact decimal in plain notation, for example `"-1234.5"`. Money, quantities and rates cross every border in this form. */
export type Decimal = string & { readonly __decimal: unique symbol };

const plain = /^-?\d{1,15}(\.\d{1,10})?$/;

/**
 * A decimal from a wire value. A JSON number is taken by its shortest decimal text, which is what the sender typed.
 * @returns null when the value is no finite decimal of at most 15 integer and 10 fraction digits.
 */
export function decimal(value: unknown): Decimal | null {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return decimal(new Big(value).toFixed());
  }
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return plain.test(text) ? (new Big(text).toFixed() as Decimal) : null;
}

/** A decimal that is known to be one, for constants in code. @throws RangeError when it is not. */
export function exact(text: string): Decimal {
  const value = decimal(text);
  if (value === null) throw new RangeError(`not a decimal: ${text}`);
  return value;
}

export const zero = '0' as Decimal;

/**
 * Parses what a person typed: `1.234,56`, `1234,56`, `1234.56`, `1 234,56`. A single separator followed by exactly three
 * digits is a group in the given language and a fraction in none: `1.234` is 1234 in German and 1.234 in English.
 */
export function parseTyped(text: string, language: 'de' | 'en'): Decimal | null {
  const compact = text.replace(/[\s\u00a0\u202f'’€]/g, '');
  if (!/^-?[\d.,]+$/.test(compact)) return null;
  const lastComma = compact.lastIndexOf(',');
  const lastDot = compact.lastIndexOf('.');
  const separators = compact.replace(/[^.,]/g, '');
  const kinds = new Set(separators).size;
  let fraction: ',' | '.' | null;
  if (kinds === 2) fraction = lastComma > lastDot ? ',' : '.';
  else if (separators.length === 0 || separators.length > 1) fraction = null;
  else {
    const only = separators as ',' | '.';
    const own = language === 'de' ? ',' : '.';
    const digitsAfter = compact.length - 1 - compact.lastIndexOf(only);
    fraction = only === own || digitsAfter !== 3 ? only : null;
  }
  const groups = fraction === null ? /[.,]/g : fraction === ',' ? /\./g : /,/g;
  return decimal(compact.replace(groups, '').replace(',', '.'));
}

export const compare = (a: Decimal, b: Decimal): -1 | 0 | 1 => new Big(a).cmp(b) as -1 | 0 | 1;
export const add = (a: Decimal, b: Decimal): Decimal => new Big(a).plus(b).toFixed() as Decimal;
export const multiply = (a: Decimal, b: Decimal): Decimal => new Big(a).times(b).toFixed() as Decimal;

/** Rounded half up (away from zero) to whole cents. ERP-API section 3. */
export const toCents = (value: Decimal): Decimal => new Big(value).round(2, Big.roundHalfUp).toFixed(2) as Decimal;

/** Cents as an integer for columns that sort and sum. @throws RangeError beyond what a double holds exactly. */
export function centsAsInteger(value: Decimal): number {
  const cents = Number(new Big(value).times(100).round(0, Big.roundHalfUp).toFixed());
  if (!Number.isSafeInteger(cents)) throw new RangeError('amount out of range');
  return cents;
}

/** The inverse of {@link centsAsInteger}. */
export const fromCents = (cents: number): Decimal => new Big(cents).div(100).toFixed(2) as Decimal;

export type PricedLine = { qty: Decimal; price: Decimal | null; vatRate: Decimal | null };
export type Totals = { net: Decimal; tax: Decimal; gross: Decimal };

/** Net amount of one line, rounded to the cent. A line without a price counts as 0. */
export const lineNet = (line: PricedLine): Decimal => toCents(multiply(line.qty, line.price ?? zero));

/** Tax of one line, from its rounded net, rounded to the cent. */
export const lineTax = (line: PricedLine): Decimal =>
  toCents(new Big(lineNet(line)).times(line.vatRate ?? zero).div(100).toFixed() as Decimal);

/** Totals of a document: the sum of its rounded lines, so that what is printed adds up. */
export function totalsOf(lines: readonly PricedLine[]): Totals {
  let net = new Big(0);
  let tax = new Big(0);
  for (const line of lines) {
    net = net.plus(lineNet(line));
    tax = tax.plus(lineTax(line));
  }
  return { net: net.toFixed(2) as Decimal, tax: tax.toFixed(2) as Decimal, gross: net.plus(tax).toFixed(2) as Decimal };
}

import Big from 'big.js';

/** An exact decimal in plain notation, for example `"-1234.5"`. Money, quantities and rates cross every border in this form. */
export type Decimal = string & { readonly __decimal: unique symbol };

const plain = /^-?\d{1,15}(\.\d{1,10})?$/;

/**
 * A decimal from a wire value. A JSON number is taken by its shortest decimal text, rounded half up to 10 fraction
 * digits: servers that add up in floats send `0.30000000000000004`, and that is an amount, not garbage.
 * @returns null when the value is no finite decimal of at most 15 integer digits, or a text with over 10 fraction digits.
 */
export function decimal(value: unknown): Decimal | null {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return decimal(new Big(value).round(10, Big.roundHalfUp).toFixed());
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

/** Without spaces, apostrophes and the currency, and with a plain minus in front; bookkeeping programs write it behind (`1.234,00-`). */
export function compacted(text: string): string {
  const bare = text.replace(/[\s\u00a0\u202f'’€]/g, '').replace(/^eur|eur$/i, '').replaceAll('\u2212', '-');
  return /^[^-]+-$/.test(bare) ? `-${bare.slice(0, -1)}` : bare;
}
/** A single sign that could group as well as start the fraction. */
const groupOrFraction = /^-?[1-9]\d{0,2}[.,]\d{3}$/;

/**
 * Parses what a person typed: `1.234,56`, `1234,56`, `1234.56`, `1 234,56`, `,5`, `12,50 EUR`, `12,50-`. A single separator that could group
 * (`1.234`) does so when it is the language's own group sign: 1234 in German and 1.234 in English. What cannot be a group
 * (`0.125`, `1234.567`) is a fraction in both.
 * @returns null for anything else, also for misplaced groups (`1.2,3`): an amount is never guessed.
 */
export function parseTyped(text: string, language: 'de' | 'en'): Decimal | null {
  const compact = compacted(text);
  if (!/^-?[\d.,]*\d[.,]?$/.test(compact)) return null;
  const fraction = fractionSign(compact, language);
  const [integer = '', digits = ''] = fraction === null ? [compact] : split(compact, fraction);
  const unsigned = integer.replace(/^-/, '');
  const grouped = /^[1-9]\d{0,2}(\.\d{3})+$/.test(unsigned) || /^[1-9]\d{0,2}(,\d{3})+$/.test(unsigned);
  if (!grouped && !/^\d*$/.test(unsigned)) return null;
  if (!/^\d*$/.test(digits)) return null;
  const whole = `${integer.startsWith('-') ? '-' : ''}${unsigned.replace(/[.,]/g, '') || '0'}`;
  return decimal(digits === '' ? whole : `${whole}.${digits}`);
}

/** Whether a typed number means one thing to a German and another to an English reader: `1.234`, `1,234`. */
export const isAmbiguous = (text: string): boolean => groupOrFraction.test(compacted(text));

const split = (text: string, sign: ',' | '.'): [string, string] => {
  const at = text.lastIndexOf(sign);
  return [text.slice(0, at), text.slice(at + 1)];
};

/** Which sign in the typed text starts the fraction; null when none does. */
function fractionSign(compact: string, language: 'de' | 'en'): ',' | '.' | null {
  const signs = compact.replace(/[^.,]/g, '');
  if (signs === '') return null;
  const last = signs.at(-1) as ',' | '.';
  if (new Set(signs).size === 2) return last;
  if (signs.length > 1) return null;
  const own = language === 'de' ? ',' : '.';
  return last === own || !groupOrFraction.test(compact) ? last : null;
}

export const compare = (a: Decimal, b: Decimal): -1 | 0 | 1 => new Big(a).cmp(b);
export const add = (a: Decimal, b: Decimal): Decimal => new Big(a).plus(b).toFixed() as Decimal;
export const subtract = (a: Decimal, b: Decimal): Decimal => new Big(a).minus(b).toFixed() as Decimal;
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

/** Net and tax in whole cents. */
export type Cents = { net: bigint; tax: bigint };

/** What one line adds to the totals: its net and the tax of that, each rounded to the cent. */
export const lineCents = (line: PricedLine): Cents => ({ net: wholeCents(lineNet(line)), tax: wholeCents(lineTax(line)) });

/** Adds up what {@link lineCents} gives. */
export function sumTotals(parts: readonly Cents[]): Totals {
  let net = 0n;
  let tax = 0n;
  for (const part of parts) {
    net += part.net;
    tax += part.tax;
  }
  return { net: centText(net), tax: centText(tax), gross: centText(net + tax) };
}

/** Of an amount with two fraction digits. */
const wholeCents = (value: Decimal): bigint => BigInt(value.replace('.', ''));

function centText(cents: bigint): Decimal {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}` as Decimal;
}

/** Totals of a document: the sum of its rounded lines, so that what is printed adds up. */
export const totalsOf = (lines: readonly PricedLine[]): Totals => sumTotals(lines.map(lineCents));

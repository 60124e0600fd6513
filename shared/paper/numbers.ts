import Big from 'big.js';
import type { DocumentLine } from '../domain/document.ts';
import { lineNet, lineTax, type Decimal, type Totals } from '../domain/money.ts';

const locales = { de: 'de-DE', en: 'en-GB' } as const;
export type PaperLanguage = keyof typeof locales;

/** An exact decimal as people of the language write it; never rounded below what it holds, at least `least` fraction digits. */
export function printDecimal(value: Decimal, language: PaperLanguage, least = 0): string {
  const [, fraction = ''] = value.split('.');
  const digits = Math.max(least, fraction.replace(/0+$/, '').length);
  // Intl takes decimal texts exactly; a number would be a float first.
  return new Intl.NumberFormat(locales[language], { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value as unknown as Intl.StringNumericLiteral);
}

/** `2026-11-22` → `22.11.2026` in German, `22/11/2026` in English; anything else as it is. */
export function printDay(day: string, language: PaperLanguage): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(day);
  if (match === null) return day;
  return [match[3], match[2], match[1]].join(language === 'de' ? '.' : '/');
}

export type TaxRow = { rate: Decimal | null; net: Decimal; tax: Decimal };

/**
 * Net and tax by rate, highest rate first, each from lines rounded to the cent. Null when that does not add up to the
 * totals that count (the server's): two truths on one paper would be none.
 */
export function taxByRate(lines: readonly DocumentLine[], totals: Totals): TaxRow[] | null {
  const rates = new Map<string, TaxRow>();
  for (const line of lines) {
    const key = line.vatRate ?? '';
    const row = rates.get(key) ?? { rate: line.vatRate, net: '0' as Decimal, tax: '0' as Decimal };
    rates.set(key, { rate: line.vatRate, net: add(row.net, lineNet(line)), tax: add(row.tax, lineTax(line)) });
  }
  const rows = [...rates.values()].toSorted((a, b) => Number(b.rate ?? -1) - Number(a.rate ?? -1));
  const all = rows.reduce((sums, row) => ({ net: add(sums.net, row.net), tax: add(sums.tax, row.tax) }), { net: '0' as Decimal, tax: '0' as Decimal });
  return new Big(all.net).eq(totals.net) && new Big(all.tax).eq(totals.tax) && new Big(all.net).plus(all.tax).eq(totals.gross) ? rows : null;
}

export const add = (a: Decimal, b: Decimal): Decimal => new Big(a).plus(b).toFixed(2) as Decimal;

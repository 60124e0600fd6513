import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, centsAsInteger, compare, decimal, exact, fromCents, isAmbiguous, lineNet, lineTax, multiply, parseTyped, toCents, totalsOf, zero, type Decimal } from './money.ts';

/** Decimals with up to 9 integer and 4 fraction digits: what prices and quantities look like. */
const amounts = fc.tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 9999 }))
  .map(([whole, fraction]) => exact(`${whole}.${String(fraction).padStart(4, '0')}`));
const rates = fc.constantFrom('0', '5.5', '7', '10.7', '19').map(exact);
const lines = fc.array(fc.record({ qty: amounts, price: fc.option(amounts), vatRate: fc.option(rates) }), { maxLength: 30 });

describe('decimal', () => {
  it.each([
    ['0', '0'], ['-0', '0'], ['00012.50', '12.5'], [' 7 ', '7'], ['-1234.5', '-1234.5'], ['999999999999999.9999999999', '999999999999999.9999999999'],
    [0.1, '0.1'], [1e3, '1000'], [-2.5, '-2.5'], [1e-7, '0.0000001'],
  ])('takes %j as %s', (value, text) => expect(decimal(value)).toBe(text));

  it.each(['', ' ', '1,5', '1.', '.5', '1e3', '+1', '0x10', '1 000', 'NaN', '1234567890123456', '0.12345678901', '--1'])('refuses the text %j', (text) => {
    expect(decimal(text)).toBeNull();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e16, null, undefined, true, {}, [1], 10n])('refuses %s', (value) => expect(decimal(value)).toBeNull());

  it('takes the noise of a server that adds in floats for what it is', () => {
    expect(decimal(0.1 + 0.2)).toBe('0.3');
    expect(decimal(1.1 * 3)).toBe('3.3');
    expect(decimal(-1e-12)).toBe('0');
  });

  it('is stable: what it gives, it takes unchanged', () => {
    fc.assert(fc.property(amounts, (amount) => decimal(amount) === amount));
  });

  it('keeps every number that has a short text', () => {
    fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 4 }), (digits, shift) => {
      const value = digits / 10 ** shift;
      return Number(decimal(value)) === value;
    }));
  });

  it('makes constants or throws', () => {
    expect(exact('19')).toBe('19');
    expect(() => exact('19 %')).toThrow(RangeError);
  });
});

describe('an ambiguous number', () => {
  it('is one that the two languages read differently, and no other', () => {
    fc.assert(fc.property(fc.stringMatching(/^-?[0-9]{1,4}([.,][0-9]{1,4}){0,2}[.,]?( EUR)?-?$/), (text) => {
      const [german, english] = [parseTyped(text, 'de'), parseTyped(text, 'en')];
      expect(isAmbiguous(text)).toBe(german !== null && english !== null && german !== english);
    }));
  });
});

describe('parseTyped', () => {
  it.each([
    ['1.234,56', '1234.56', '1234.56'], ['1234,56', '1234.56', '1234.56'], ['1234.56', '1234.56', '1234.56'], ['1 234,56', '1234.56', '1234.56'],
    ['1,234.56', '1234.56', '1234.56'], ['1.234', '1234', '1.234'], ['1,234', '1.234', '1234'], ['1.234.567', '1234567', '1234567'],
    ['1,234,567', '1234567', '1234567'], ['1.234.567,8', '1234567.8', '1234567.8'], ['12', '12', '12'], ['-3,5', '-3.5', '-3.5'], ['\u22123,5', '-3.5', '-3.5'],
    ['12,50 €', '12.5', '12.5'], ["1'234.50", '1234.5', '1234.5'], [',5', '0.5', '0.5'], ['.5', '0.5', '0.5'], ['5,', '5', '5'], ['1.2345', '1.2345', '1.2345'],
    ['12,50 EUR', '12.5', '12.5'], ['EUR 1.234,50', '1234.5', '1234.5'], ['7eur', '7', '7'], ['1.234,00-', '-1234', '-1234'], ['3,5 \u2212', '-3.5', '-3.5'], ['12,50- EUR', '-12.5', '-12.5'], ['1.234-', '-1234', '-1.234'],
  ])('reads %j as %s in German and %s in English', (text, german, english) => {
    expect(parseTyped(text, 'de')).toBe(german);
    expect(parseTyped(text, 'en')).toBe(english);
  });

  it.each(['0.125', '0,125', '1234.567', '-0.125'])('never takes %j for a group: it cannot be one', (text) => {
    expect(parseTyped(text, 'de')).toBe(text.replace(',', '.'));
    expect(parseTyped(text, 'en')).toBe(text.replace(',', '.'));
  });

  it.each(['', ',', '.', '-', 'abc', '1.2,3', '1,2.3', '1.2.3', '1.234.56', '1,2.3,4', '12.34,5', '-1-', '1--', '5-3', '5 EUR 3', 'EUR', '19 %', '1..2', '5,,', '1e5', '5 kg', '1234567890123456'])('refuses %j', (text) => {
    expect(parseTyped(text, 'de')).toBeNull();
    expect(parseTyped(text, 'en')).toBeNull();
  });

  it('reads back what the language itself prints', () => {
    fc.assert(fc.property(amounts, fc.constantFrom('de', 'en'), (amount, language) => {
      const printed = new Intl.NumberFormat(language, { minimumFractionDigits: 4 }).format(amount as unknown as number);
      return parseTyped(printed, language) === amount;
    }));
  });
});

describe('arithmetic', () => {
  it('is exact where floats are not', () => {
    expect(add(exact('0.1'), exact('0.2'))).toBe('0.3');
    expect(multiply(exact('1.1'), exact('1.1'))).toBe('1.21');
    expect(compare(exact('0.30'), add(exact('0.1'), exact('0.2')))).toBe(0);
  });

  it.each([['0.005', '0.01'], ['-0.005', '-0.01'], ['1.0049', '1.00'], ['2.675', '2.68'], ['-0.001', '0.00'], ['7', '7.00']])('rounds %s half up to %s', (value, cents) => {
    expect(toCents(exact(value))).toBe(cents);
  });

  it('keeps cents and their integer form in step', () => {
    fc.assert(fc.property(amounts, (amount) => fromCents(centsAsInteger(amount)) === toCents(amount)));
  });

  it('orders integers of cents as the amounts', () => {
    fc.assert(fc.property(amounts, amounts, (a, b) => {
      if (compare(a, b) <= 0) expect(centsAsInteger(a)).toBeLessThanOrEqual(centsAsInteger(b));
    }));
  });

  it('refuses cents that a double does not hold', () => {
    expect(() => centsAsInteger(exact('999999999999999'))).toThrow(RangeError);
    expect(centsAsInteger(exact('90071992547409.91'))).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('obeys the laws of addition and multiplication', () => {
    fc.assert(fc.property(amounts, amounts, amounts, (a, b, c) => {
      expect(add(a, b)).toBe(add(b, a));
      expect(multiply(a, add(b, c))).toBe(add(multiply(a, b), multiply(a, c)));
      expect(add(a, zero)).toBe(a);
    }));
  });
});

describe('totals', () => {
  const line = (qty: string, price: string | null, vatRate: string | null): { qty: Decimal; price: Decimal | null; vatRate: Decimal | null } =>
    ({ qty: exact(qty), price: price === null ? null : exact(price), vatRate: vatRate === null ? null : exact(vatRate) });

  it('rounds each line, then adds', () => {
    const third = line('1', '0.335', '19');
    expect(lineNet(third)).toBe('0.34');
    expect(lineTax(third)).toBe('0.06');
    expect(totalsOf([third, third, third])).toEqual({ net: '1.02', tax: '0.18', gross: '1.20' });
  });

  it('takes tax from the rounded net, so that the printed line adds up', () => {
    expect(lineTax(line('1', '10.526', '9.5'))).toBe('1.00');
  });

  it('counts a line without price or rate as 0', () => {
    expect(totalsOf([line('3', null, '19'), line('3', '2', null)])).toEqual({ net: '6.00', tax: '0.00', gross: '6.00' });
    expect(totalsOf([])).toEqual({ net: '0.00', tax: '0.00', gross: '0.00' });
  });

  it('adds up: gross is net plus tax, and net the sum of its lines', () => {
    fc.assert(fc.property(lines, (all) => {
      const totals = totalsOf(all);
      expect(compare(totals.gross, add(totals.net, totals.tax))).toBe(0);
      expect(compare(totals.net, all.map(lineNet).reduce(add, zero))).toBe(0);
    }));
  });

  it('does not depend on the order of the lines', () => {
    fc.assert(fc.property(lines, (all) => {
      expect(totalsOf(all.toReversed())).toEqual(totalsOf(all));
    }));
  });

  it('mirrors a credit: the negated quantity gives the negated totals', () => {
    fc.assert(fc.property(lines, (all) => {
      const credit = totalsOf(all.map((one) => ({ ...one, qty: multiply(one.qty, exact('-1')) })));
      expect(compare(add(credit.gross, totalsOf(all).gross), zero)).toBe(0);
    }));
  });
});

import { describe, expect, it } from 'vitest';
import { spreadsheetRows } from '../edit/LinesGrid.tsx';
import { typeOfNumber } from './OpenByNumber.tsx';

describe('the type of a number', () => {
  it.each([
    ['ANG-2026-00001', 'sales_offer'], ['so-1', 'sales_order'], [' PO-7 ', 'purchase_order'], ['POF-7', 'purchase_offer'], ['PR-1', 'purchase_request'], ['INV-V1', 'sales_invoice'], ['4711', null], ['', null],
  ])('%j is %s', (number, type) => expect(typeOfNumber(number)).toBe(type));
});

describe('text from a spreadsheet', () => {
  it('is rows of cells, whatever its line ends', () => {
    expect(spreadsheetRows('a\t1\r\nb\t2\r\n')).toEqual([['a', '1'], ['b', '2']]);
    expect(spreadsheetRows('a\nb')).toEqual([['a'], ['b']]);
  });
  it('leaves a single value to the field', () => expect([spreadsheetRows('1,5'), spreadsheetRows('1,5\n'), spreadsheetRows('')]).toEqual([null, null, null]));
});

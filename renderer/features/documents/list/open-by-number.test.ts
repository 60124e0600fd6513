import { describe, expect, it } from 'vitest';
import { typeOfNumber } from './OpenByNumber.tsx';

describe('the type of a number', () => {
  it.each([
    ['ANG-2026-00001', 'sales_offer'], ['so-1', 'sales_order'], [' PO-7 ', 'purchase_order'], ['POF-7', 'purchase_offer'], ['PR-1', 'purchase_request'], ['INV-V1', 'sales_invoice'], ['4711', null], ['', null],
  ])('%j is %s', (number, type) => expect(typeOfNumber(number)).toBe(type));
});

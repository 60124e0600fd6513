import { expect, it } from 'vitest';
import { isKept, keptUntil, retentionClassOf } from './retention.ts';

it('keeps vouchers for eight years and letters for six, each from the end of its year', () => {
  expect(retentionClassOf('sales_invoice')).toBe('voucher');
  expect(retentionClassOf('sales_order')).toBe('letter');
  expect(keptUntil('voucher', '2026-01-01')).toBe('2034-12-31');
  expect(keptUntil('letter', '2026-12-31')).toBe('2032-12-31');
  expect(keptUntil('books', '2026-05-05')).toBe('2036-12-31');
});

it('keeps on the last day and no longer, and what has no date', () => {
  expect(isKept('sales_offer', '2020-03-01', '2026-12-31')).toBe(true);
  expect(isKept('sales_offer', '2020-03-01', '2027-01-01')).toBe(false);
  expect(isKept('payment_received', '2020-03-01', '2027-01-01')).toBe(true);
  expect(isKept('sales_offer', null, '2099-01-01')).toBe(true);
  expect(keptUntil('letter', 'yesterday')).toBeNull();
});

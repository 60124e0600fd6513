import { describe, expect, it } from 'vitest';
import { dateSchema, decimalSchema, documentNumberSchema, documentSchema, lineSchema, trailEntrySchema } from './document.ts';
import { listQuerySchema } from './document-list.ts';

const document = {
  type: 'sales_offer', number: 'ANG-2026-00001', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF',
  lines: [{ article: 'Weizen', qty: '2', price: '10.50', vatRate: '7', cost: null }], totals: { net: '21.00', tax: '1.47', gross: '22.47' }, fields: { validUntil: '2026-12-22' },
};

describe('document', () => {
  it('passes a whole document and normalises its decimals', () => {
    expect(documentSchema.parse(document)).toMatchObject({ lines: [{ price: '10.5' }], totals: { net: '21' } });
  });

  it.each([
    ['unknown type', { type: 'sales_quote' }], ['a day that is none', { date: '2026-02-30' }], ['a number in the wrong notation', { totals: { net: '1,5', tax: '0', gross: '1.5' } }],
    ['a float', { totals: { net: 1.5, tax: '0', gross: '1.5' } }], ['too many lines', { lines: Array.from({ length: 1001 }, () => document.lines[0]) }],
    ['a nested field', { fields: { address: { street: 'x' } } }],
  ])('refuses %s', (_what, change) => expect(documentSchema.safeParse({ ...document, ...change }).success).toBe(false));

  it('keeps a status it does not know', () => expect(documentSchema.parse({ ...document, status: 'Geparkt' }).status).toBe('Geparkt'));

  it.each(['ANG-1', '2026.17', '...', 'ä-1', ' SO-1 '])('takes the number %j', (number) => expect(documentNumberSchema.parse(number)).toBe(number.trim()));
  it.each(['', ' ', '.', '..', 'a/b', 'a\\b', 'a?b', 'a#b', 'a%2fb', 'a b', 'x'.repeat(65)])('refuses the number %j, which would not stay one path segment', (number) => {
    expect(documentNumberSchema.safeParse(number).success).toBe(false);
  });

  it.each(['2024-02-29', '1999-12-31'])('takes the day %s', (day) => expect(dateSchema.safeParse(day).success).toBe(true));
  it.each(['2023-02-29', '22.11.2026', '2026-11-22T00:00:00Z', '2026-1-1', ''])('refuses the day %j', (day) => expect(dateSchema.safeParse(day).success).toBe(false));

  it('says which decimal is none', () => {
    const result = lineSchema.safeParse({ article: 'x', qty: 'viel', price: null, vatRate: null, cost: null });
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual(['qty']);
    expect(decimalSchema.parse('007.10')).toBe('7.1');
  });

  it('requires a trail entry to say what it does not know', () => {
    const entry = { seq: null, at: 1, user: null, action: 'submit', from: 'draft', to: 'pending', reason: null, policy: null, correlationId: null, hash: null, accepted: true };
    expect(trailEntrySchema.parse(entry)).toEqual(entry);
    const { user: _left, ...withoutUser } = entry;
    expect(trailEntrySchema.safeParse(withoutUser).success).toBe(false);
  });
});

describe('list query', () => {
  const query = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 100 };
  it('needs no filter', () => expect(listQuerySchema.parse(query)).toEqual(query));
  it.each([{ limit: 0 }, { limit: 501 }, { offset: -1 }, { offset: 0.5 }, { sort: { by: 'total', direction: 'asc' } }, { dateFrom: '2026-13-01' }, { workflow: ['open'] }, { text: 'x'.repeat(201) }])('refuses %j', (change) => {
    expect(listQuerySchema.safeParse({ ...query, ...change }).success).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentTypeInfo, documentTypes } from './document-types.ts';
import { documentSchema } from './document.ts';
import { blankContent, contentOf, draftTotals, filledLines, isEmptyLine, toDocument, typedPartnerNumber } from './draft-document.ts';
import { draftContentSchema } from './draft.ts';
import { exact, totalsOf } from './money.ts';

const decimals = fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(9999)).map(([whole, fraction]) => exact(`${whole}.${String(fraction).padStart(4, '0')}`));
const lines = fc.array(fc.record({ article: fc.constantFrom('A-1', 'A-2 Weizen'), qty: decimals, price: fc.option(decimals), vatRate: fc.option(fc.constantFrom('7', '19').map(exact)), cost: fc.option(decimals) }), { maxLength: 20 });
const documents = fc.record({ type: fc.constantFrom(...documentTypes.filter((type) => documentTypeInfo[type].hasLines)), lines }).map(({ type, lines: all }) => documentSchema.parse({
  type, number: 'X-1', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF', lines: all, totals: totalsOf(all), fields: { notes: 'Tor 4' },
}));

describe('the document of a draft', () => {
  it('is the one it was opened from, with the same totals and the ids of its lines in order', () => {
    fc.assert(fc.property(documents, (document) => {
      const content = draftContentSchema.parse(contentOf(document));
      expect(documentSchema.parse(toDocument(content))).toEqual(document);
      expect(filledLines(content).map(({ id }) => id)).toEqual(document.lines.map((_, index) => index));
      expect(content.lines.map(isEmptyLine).at(-1)).toBe(true);
      expect(draftTotals(content)).toEqual(totalsOf(document.lines));
    }));
  });

  it('leaves out empty rows and what is only half typed', () => {
    const content = { ...contentOf(documentSchema.parse({ ...toDocument({ ...blankContent('sales_order', '2026-11-22'), number: 'SO-1' }) })), date: '31.2.' };
    expect(toDocument(content)).toMatchObject({ date: null, lines: [] });
    expect(draftContentSchema.safeParse(content).success).toBe(true);
  });

  it('starts blank with a row ready where the type has lines', () => {
    for (const type of documentTypes) expect(blankContent(type, '2026-11-22').lines).toHaveLength(documentTypeInfo[type].hasLines ? 1 : 0);
  });

  it('of a payment has its amount as total', () => {
    expect(draftTotals({ ...blankContent('payment_received', '2026-11-22'), fields: { amount: '119.5' } })).toEqual({ net: '119.50', tax: '0.00', gross: '119.50' });
    expect(draftTotals(blankContent('payment_received', '2026-11-22'))).toEqual({ net: '0.00', tax: '0.00', gross: '0.00' });
  });

  it('takes a typed partner number for what it is, and a name for none', () => {
    const content = { ...blankContent('sales_order', '2026-11-22'), partnerName: ' K10032 ' };
    expect(toDocument(content)).toMatchObject({ partnerId: 'K10032', partnerName: null });
    for (const partnerName of ['Hof', 'Hof 7', '7', '']) expect(typedPartnerNumber({ partnerId: null, partnerName })).toBeNull();
    expect(toDocument({ ...content, partnerId: 'K-9' })).toMatchObject({ partnerId: 'K-9', partnerName: ' K10032 ' });
  });
});

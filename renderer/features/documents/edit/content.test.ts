import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentSchema } from '../../../../shared/domain/document.ts';
import { documentTypes } from '../../../../shared/domain/document-types.ts';
import { blankContent, contentOf, draftTotals, filledLines, isEmptyLine, toDocument } from '../../../../shared/domain/draft-document.ts';
import { draftContentSchema, type DraftContent } from '../../../../shared/domain/draft.ts';
import { changeContent, proposeNumber, typedSince, type ContentAction } from './content.ts';
import { exact } from '../../../../shared/domain/money.ts';
import { lineColumns } from './lines.ts';

const offer = documentSchema.parse({
  type: 'sales_offer', number: 'ANG-2026-00001', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF',
  lines: [{ article: 'A-1', qty: '2', price: '10.5', vatRate: '7', cost: '8' }, { article: 'A-2', qty: '1', price: '5', vatRate: '19', cost: null }],
  totals: { net: '26.00', tax: '2.42', gross: '28.42' }, fields: { validUntil: '2026-12-22', notes: null },
});
/** As it crosses the border, where decimals lose trailing zeros. */
const sent = (content: DraftContent): ReturnType<typeof toDocument> => documentSchema.parse(toDocument(content));
const apply = (content: DraftContent, ...actions: ContentAction[]): DraftContent => actions.reduce(changeContent, content);
const idOf = (content: DraftContent, index: number): number => content.lines[index]?.id ?? -1;
const type = (content: DraftContent, index: number, column: 'qty' | 'price' | 'vatRate' | 'cost', text: string): DraftContent => {
  const line = idOf(content, index);
  return apply(content, { type: 'typeCell', line, column, text, language: 'de' }, { type: 'settleCell', line, column });
};
const blank = blankContent('sales_offer', '2026-11-22');
const article = { id: 'A-9', label: 'Weizen', hint: null, price: '12.00', cost: '9.5' };

describe('changes to a draft', () => {
  it('fill price, cost, quantity and rate from the article, and ready the next row', () => {
    const content = apply(blank, { type: 'pickArticle', line: idOf(blank, 0), item: article });
    expect(filledLines(content)).toHaveLength(1);
    expect(content.lines).toHaveLength(2);
    expect(toDocument(content).lines).toEqual([{ article: 'A-9 Weizen', qty: '1', price: '12', vatRate: '19', cost: '9.5' }]);
  });

  it('keep quantity and rate that stood there, unless the server knows the rate of the article', () => {
    expect(toDocument(apply(contentOf(offer), { type: 'pickArticle', line: 0, item: article })).lines[0]).toEqual({ article: 'A-9 Weizen', qty: '2', price: '12', vatRate: '7', cost: '9.5' });
    expect(toDocument(apply(contentOf(offer), { type: 'pickArticle', line: 1, item: { ...article, vatRate: '7.00' } })).lines[1]).toMatchObject({ vatRate: '7' });
  });

  it('mark a rate that nobody named until somebody was in its cell, also that of another article', () => {
    const rate = (content: DraftContent, index = 0): unknown => content.lines[index]?.vatRate;
    const fresh = apply(blank, { type: 'pickArticle', line: 0, item: article });
    expect(rate(fresh)).toEqual({ text: null, value: '19', assumed: true });
    expect(draftContentSchema.parse(structuredClone(fresh)).lines[0]?.vatRate.assumed).toBe(true);
    const replaced = apply(contentOf(offer), { type: 'pickArticle', line: 0, item: article });
    expect(rate(replaced)).toEqual({ text: null, value: '7', assumed: true });
    expect(rate(apply(replaced, { type: 'settleCell', line: 0, column: 'qty' }))).toMatchObject({ assumed: true });
    expect(rate(apply(replaced, { type: 'settleCell', line: 0, column: 'vatRate' }))).toEqual({ text: null, value: '7' });
    expect(rate(type(fresh, 0, 'vatRate', '7'))).toEqual({ text: null, value: '7' });
    expect(rate(apply(blank, { type: 'pickArticle', line: 0, item: { ...article, vatRate: '7' } }))).toEqual({ text: null, value: '7' });
    // What is typed freely begins with an assumption too.
    expect(rate(type(apply(blank, { type: 'setArticle', line: 0, text: 'Fracht' }), 0, 'price', '12'))).toMatchObject({ value: '19', assumed: true });
  });

  it('take the rate that the article has in another line, or had last, and never over one that was given', () => {
    const rates = (content: DraftContent): unknown[] => filledLines(content).map(({ vatRate }) => [vatRate.value, vatRate.assumed]);
    const first = apply(blank, { type: 'pickArticle', line: 0, item: article });
    const known = apply(first, { type: 'knownRate', article: 'A-9 Weizen', rate: exact('7') });
    expect(rates(known)).toEqual([['7', undefined]]);
    expect(rates(apply(known, { type: 'pickArticle', line: idOf(known, 1), item: article }))).toEqual([['7', undefined], ['7', undefined]]);
    expect(rates(apply(type(first, 0, 'vatRate', '0'), { type: 'knownRate', article: 'A-9 Weizen', rate: exact('7') }))).toEqual([['0', undefined]]);
    expect(rates(apply(first, { type: 'knownRate', article: 'A-9', rate: exact('7') }))).toEqual([['19', true]]);
  });

  it('leave alone what was typed while the article was looked up, and not the rate that came by itself', () => {
    const before = apply(blank, { type: 'setArticle', line: 0, text: 'Wei' });
    const [first, now] = [before.lines[0], type(type(before, 0, 'qty', '3'), 0, 'price', '11,5').lines[0]];
    if (first === undefined || now === undefined) throw new Error('no line');
    const keep = typedSince(now, first);
    expect(keep).toEqual(['qty', 'price']);
    const content = apply(type(type(before, 0, 'qty', '3'), 0, 'price', '11,5'), { type: 'pickArticle', line: 0, item: { ...article, vatRate: '7' }, keep });
    expect(toDocument(content).lines).toEqual([{ article: 'A-9 Weizen', qty: '3', price: '11.5', vatRate: '7', cost: '9.5' }]);
  });

  it('give exact totals with every key', () => expect(draftTotals(type(contentOf(offer), 0, 'qty', '3,5'))).toEqual({ net: '41.75', tax: '3.52', gross: '45.27' }));

  it('keep what is no number as it was typed', () => expect(type(contentOf(offer), 0, 'price', '12,x').lines[0]?.price).toEqual({ text: '12,x', value: null }));
  it('read a number once, in the language it was typed in', () => expect(type(contentOf(offer), 0, 'price', '1.234').lines[0]?.price).toEqual({ text: null, value: '1234' }));
  it('clear a cell whose text is deleted', () => expect(type(contentOf(offer), 0, 'cost', '').lines[0]?.cost).toEqual({ text: null, value: null }));
  it('are none where a cell was only visited', () => {
    const content = contentOf(offer);
    for (const column of ['qty', 'price', 'cost', 'vatRate'] as const) expect(changeContent(content, { type: 'settleCell', line: 0, column })).toBe(content);
  });

  it('insert, delete and move lines by id, and keep the ready row last', () => {
    const start = contentOf(offer);
    expect(toDocument(apply(start, { type: 'deleteLines', lines: [0] })).lines.map((line) => line.article)).toEqual(['A-2']);
    const inserted = apply(start, { type: 'insertLine', before: 1 });
    expect(inserted.lines.map(isEmptyLine)).toEqual([false, true, false, true]);
    expect(sent(inserted)).toEqual(offer);
    expect(apply(start, { type: 'moveLine', line: 0, by: 1 }).lines.map(({ id }) => id)).toEqual([1, 0, 2]);
    for (const [line, by] of [[0, -1], [1, 1]] as const) expect(changeContent(start, { type: 'moveLine', line, by })).toBe(start);
  });

  it('fill down what stands above, unread text included', () => {
    const content = apply(type(contentOf(offer), 0, 'price', 'x'), { type: 'fill', from: 0, to: [1, 2], columns: ['price', 'vatRate'] });
    expect(content.lines.map(({ price, vatRate }) => [price.text, vatRate.value])).toEqual([['x', '7'], ['x', '7'], ['x', '7'], [null, null]]);
    expect(content.lines[2]?.qty.value).toBe('1');
  });

  it('clear marked cells', () => {
    const content = apply(contentOf(offer), { type: 'clear', lines: [0, 1], columns: [...lineColumns] });
    expect(content.lines.map(isEmptyLine)).toEqual([true, true, true]);
  });

  it('take a proposed number only where none was typed', () => {
    const proposed = proposeNumber(blank, 'ANG-V1', true);
    expect(proposed).toMatchObject({ number: 'ANG-V1', numberProvisional: true });
    expect(proposeNumber(proposed, 'ANG-2026-00009', false)).toMatchObject({ number: 'ANG-2026-00009', numberProvisional: false });
    const typed = apply(proposed, { type: 'set', name: 'number', value: 'ANG-7' });
    expect(typed.numberProvisional).toBe(false);
    expect(proposeNumber(typed, 'ANG-V2', true)).toBe(typed);
  });

  it('leave a draft that can be stored and sent, whatever is done', () => {
    const numbers = fc.constantFrom('', '1', '2,50', '-3', 'x', '1.234', '0,001');
    const column = fc.constantFrom('qty' as const, 'price' as const, 'vatRate' as const, 'cost' as const);
    const at = fc.nat(5);
    const columns = fc.subarray([...lineColumns], { minLength: 1 });
    const step: fc.Arbitrary<(content: DraftContent) => ContentAction> = fc.oneof(
      fc.tuple(at, column, numbers).map(([index, name, text]) => (content: DraftContent): ContentAction => ({ type: 'typeCell', line: idOf(content, index), column: name, text, language: 'de' })),
      fc.tuple(at, column).map(([index, name]) => (content: DraftContent): ContentAction => ({ type: 'settleCell', line: idOf(content, index), column: name })),
      fc.tuple(at, fc.constantFrom('', 'A-1')).map(([index, text]) => (content: DraftContent): ContentAction => ({ type: 'setArticle', line: idOf(content, index), text })),
      at.map((index) => (content: DraftContent): ContentAction => ({ type: 'pickArticle', line: idOf(content, index), item: article })),
      at.map((index) => (content: DraftContent): ContentAction => ({ type: 'deleteLines', lines: [idOf(content, index), idOf(content, index + 1)] })),
      at.map((index) => (content: DraftContent): ContentAction => ({ type: 'insertLine', before: idOf(content, index) })),
      fc.tuple(at, fc.constantFrom(1 as const, -1 as const)).map(([index, by]) => (content: DraftContent): ContentAction => ({ type: 'moveLine', line: idOf(content, index), by })),
      fc.tuple(at, columns).map(([index, names]) => (content: DraftContent): ContentAction => ({ type: 'fill', from: idOf(content, index), to: [idOf(content, index + 1), idOf(content, index + 2)], columns: names })),
      fc.tuple(at, columns).map(([index, names]) => (content: DraftContent): ContentAction => ({ type: 'clear', lines: [idOf(content, index)], columns: names })),
      fc.tuple(at, fc.array(fc.array(numbers, { maxLength: 6 }), { maxLength: 4 })).map(([index, rows]) => (content: DraftContent): ContentAction => ({ type: 'paste', line: idOf(content, index), columns: [...lineColumns], rows, language: 'de' })),
    );
    fc.assert(fc.property(fc.constantFrom(...documentTypes), fc.array(step, { maxLength: 30 }), (kind, steps) => {
      const content = steps.reduce((current, next) => changeContent(current, next(current)), proposeNumber(blankContent(kind, '2026-11-22'), 'X-1', false));
      expect(new Set(content.lines.map((line) => line.id)).size).toBe(content.lines.length);
      if (kind !== 'payment_received') expect(content.lines.map(isEmptyLine).at(-1)).toBe(true);
      expect(draftContentSchema.safeParse(content).success).toBe(true);
      expect(documentSchema.safeParse(toDocument(content)).success).toBe(true);
    }));
  });
});

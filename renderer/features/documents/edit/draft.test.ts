import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/ipc/errors.ts';
import { documentSchema, type DocumentRecord } from '../../../../shared/domain/document.ts';
import { documentTypes } from '../../../../shared/domain/document-types.ts';
import { fallbackFormSpec } from '../../../../shared/domain/form-specs-fallback.ts';
import { exact } from '../../../../shared/domain/money.ts';
import { draftReducer, draftTotals, editDraft, filledLines, isEmptyLine, newDraft, toDocument, type Draft, type DraftAction } from './draft.ts';
import { belowCost, problemsOf, serverProblems, shownProblems } from './problems.ts';
import { differences, isDirty, rebase } from './rebase.ts';

const record = (change: Record<string, unknown> = {}, etag: string | null = '"1"'): DocumentRecord => ({
  document: documentSchema.parse({
    type: 'sales_offer', number: 'ANG-2026-00001', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF',
    lines: [{ article: 'A-1', qty: '2', price: '10.5', vatRate: '7', cost: '8' }, { article: 'A-2', qty: '1', price: '5', vatRate: '19', cost: null }],
    totals: { net: '26.00', tax: '2.42', gross: '28.42' }, fields: { validUntil: '2026-12-22', notes: null }, ...change,
  }),
  workflow: null, etag, changedAt: 1, fetchedAt: 2,
});
/** As it crosses the border, where decimals lose trailing zeros. */
const sent = (draft: Draft): ReturnType<typeof toDocument> => documentSchema.parse(toDocument(draft));
const apply = (draft: Draft, ...actions: DraftAction[]): Draft => actions.reduce(draftReducer, draft);
const idOf = (draft: Draft, index: number): number => draft.lines[index]?.id ?? -1;
const type = (draft: Draft, index: number, column: 'qty' | 'price' | 'vatRate' | 'cost', text: string): Draft => {
  const line = idOf(draft, index);
  return apply(draft, { type: 'typeCell', line, column, text, language: 'de' }, { type: 'settleCell', line, column });
};
const article = { id: 'A-9', label: 'Weizen', hint: null, price: '12.00', cost: '9.5' };

describe('a draft', () => {
  it('is the document it was opened from, and not dirty', () => {
    const draft = editDraft(record());
    expect(sent(draft)).toEqual(record().document);
    expect(isDirty(draft)).toBe(false);
    expect(draft.etag).toBe('"1"');
  });

  it('has one empty row ready, for types with lines', () => {
    expect(newDraft('sales_offer', '2026-11-22').lines.map(isEmptyLine)).toEqual([true]);
    expect(editDraft(record()).lines.map(isEmptyLine)).toEqual([false, false, true]);
    expect(newDraft('payment_received', '2026-11-22').lines).toEqual([]);
  });

  it('takes the proposed number without becoming dirty, and never over a typed one', () => {
    const blank = newDraft('sales_offer', '2026-11-22');
    const proposed = apply(blank, { type: 'propose', number: 'ANG-V1', provisional: true });
    expect(proposed).toMatchObject({ number: 'ANG-V1', numberProvisional: true });
    expect(isDirty(proposed)).toBe(false);
    const typed = apply(blank, { type: 'set', name: 'number', value: 'ANG-7' }, { type: 'propose', number: 'ANG-V1', provisional: true });
    expect(typed).toMatchObject({ number: 'ANG-7', numberProvisional: false });
    expect(apply(proposed, { type: 'set', name: 'number', value: 'ANG-8' }).numberProvisional).toBe(false);
  });

  it('fills price, cost, quantity and rate from the article, and readies the next row', () => {
    const blank = newDraft('sales_offer', '2026-11-22');
    const draft = apply(blank, { type: 'pickArticle', line: idOf(blank, 0), item: article });
    expect(filledLines(draft)).toHaveLength(1);
    expect(draft.lines).toHaveLength(2);
    expect(toDocument(draft).lines).toEqual([{ article: 'A-9 Weizen', qty: '1', price: '12', vatRate: '19', cost: '9.5' }]);
  });

  it('keeps quantity and rate that stood there when another article is picked', () => {
    const draft = apply(editDraft(record()), { type: 'pickArticle', line: 0, item: article });
    expect(toDocument(draft).lines[0]).toEqual({ article: 'A-9 Weizen', qty: '2', price: '12', vatRate: '7', cost: '9.5' });
  });

  it('takes the rate of the article where the server knows it', () => {
    const draft = apply(editDraft(record()), { type: 'pickArticle', line: 1, item: { ...article, vatRate: '7.00' } });
    expect(toDocument(draft).lines[1]).toMatchObject({ article: 'A-9 Weizen', vatRate: '7' });
  });

  it('computes totals while typing, exactly', () => {
    const draft = type(editDraft(record()), 0, 'qty', '3,5');
    expect(draftTotals(draft)).toEqual({ net: '41.75', tax: '3.52', gross: '45.27' });
  });

  it('keeps what is no number as it was typed, says so, and counts it as work', () => {
    const draft = type(editDraft(record()), 0, 'price', '12,x');
    expect(draft.lines[0]?.price).toEqual({ text: '12,x', value: null });
    expect(isDirty(draft)).toBe(true);
    expect(problemsOf(draft, fallbackFormSpec('sales_offer'))).toContainEqual({ path: 'lines.0.price', messageKey: 'documents.problem.notDecimal', params: { text: '12,x' } });
  });

  it('reads a number once, in the language it was typed in', () => {
    const german = type(editDraft(record()), 0, 'price', '1.234');
    expect(german.lines[0]?.price).toEqual({ text: null, value: '1234' });
  });

  it('clears a cell when its text is deleted', () => {
    expect(type(editDraft(record()), 0, 'cost', '').lines[0]?.cost).toEqual({ text: null, value: null });
  });

  it('leaves a cell alone that was only visited', () => {
    const draft = apply(editDraft(record()), { type: 'settleCell', line: 0, column: 'price' });
    expect(sent(draft)).toEqual(record().document);
  });

  it('inserts, deletes and brings back lines, by id', () => {
    const start = editDraft(record());
    const removed = start.lines[0];
    const without = apply(start, { type: 'deleteLine', line: 0 });
    expect(toDocument(without).lines.map((line) => line.article)).toEqual(['A-2']);
    expect(removed).toBeDefined();
    if (removed !== undefined) expect(sent(apply(without, { type: 'restoreLine', index: 0, line: removed }))).toEqual(start.base);
    const inserted = apply(start, { type: 'insertLine', before: 1 });
    expect(inserted.lines.map(isEmptyLine)).toEqual([false, true, false, true]);
    expect(sent(inserted)).toEqual(start.base);
  });

  it('takes rows from a spreadsheet', () => {
    const blank = newDraft('sales_offer', '2026-11-22');
    const draft = apply(blank, { type: 'paste', line: idOf(blank, 0), column: 'article', language: 'de', rows: [['A-1', '2', '1.234,50', '', '7'], ['A-2', '3'], ['', '']] });
    expect(toDocument(draft).lines).toEqual([
      { article: 'A-1', qty: '2', price: '1234.5', vatRate: '7', cost: null }, { article: 'A-2', qty: '3', price: null, vatRate: '19', cost: null },
    ]);
    expect(new Set(draft.lines.map((line) => line.id)).size).toBe(draft.lines.length);
  });

  it('gives a payment its amount as total', () => {
    const draft = apply(newDraft('payment_received', '2026-11-22'), { type: 'setField', name: 'amount', value: '119.5' });
    expect(draftTotals(draft)).toEqual({ net: '119.50', tax: '0.00', gross: '119.50' });
  });

  it('stays well formed through any typing', () => {
    const numbers = fc.constantFrom('', '1', '2,50', '-3', 'x', '1.234', '0,001');
    const step: fc.Arbitrary<(draft: Draft) => DraftAction> = fc.oneof(
      fc.tuple(fc.nat(5), fc.constantFrom('qty', 'price', 'vatRate', 'cost'), numbers).map(([at, column, text]) => (draft: Draft): DraftAction => ({ type: 'typeCell', line: idOf(draft, at), column: column as 'qty', text, language: 'de' })),
      fc.tuple(fc.nat(5), fc.constantFrom('qty', 'price', 'vatRate', 'cost')).map(([at, column]) => (draft: Draft): DraftAction => ({ type: 'settleCell', line: idOf(draft, at), column: column as 'qty' })),
      fc.tuple(fc.nat(5), fc.constantFrom('', 'A-1')).map(([at, text]) => (draft: Draft): DraftAction => ({ type: 'setArticle', line: idOf(draft, at), text })),
      fc.nat(5).map((at) => (draft: Draft): DraftAction => ({ type: 'pickArticle', line: idOf(draft, at), item: article })),
      fc.nat(5).map((at) => (draft: Draft): DraftAction => ({ type: 'deleteLine', line: idOf(draft, at) })),
      fc.nat(5).map((at) => (draft: Draft): DraftAction => ({ type: 'insertLine', before: idOf(draft, at) })),
    );
    fc.assert(fc.property(fc.constantFrom(...documentTypes), fc.array(step, { maxLength: 30 }), (kind, steps) => {
      const draft = steps.reduce((current, next) => draftReducer(current, next(current)), apply(newDraft(kind, '2026-11-22'), { type: 'propose', number: 'X-1', provisional: false }));
      expect(new Set(draft.lines.map((line) => line.id)).size).toBe(draft.lines.length);
      if (kind !== 'payment_received') expect(draft.lines.map(isEmptyLine).at(-1)).toBe(true);
      expect(documentSchema.safeParse(toDocument(draft)).success).toBe(true);
      expect(filledLines(draft).map((line) => line.id)).toEqual(draft.lines.filter((line) => !isEmptyLine(line)).map((line) => line.id));
    }));
  });
});

describe('problems', () => {
  const spec = fallbackFormSpec('sales_offer');

  it('are none for a complete document', () => expect(problemsOf(editDraft(record()), spec)).toEqual([]));

  it('show only where somebody was, until the first attempt to save', () => {
    const draft = newDraft('sales_offer', '2026-11-22');
    const problems = problemsOf(draft, spec);
    expect(problems.map((one) => one.path)).toEqual(['number', 'partnerId']);
    expect(shownProblems(draft, problems)).toEqual([]);
    expect(shownProblems(apply(draft, { type: 'visit', path: 'partnerId' }), problems).map((one) => one.path)).toEqual(['partnerId']);
    expect(shownProblems(apply(draft, { type: 'attempt' }), problems)).toEqual(problems);
  });

  it('name a partner that was typed but not chosen', () => {
    const draft = apply(editDraft(record()), { type: 'setPartner', id: null, name: 'Hof Süd' });
    expect(problemsOf(draft, spec)).toEqual([{ path: 'partnerId', messageKey: 'documents.problem.partnerUnknown', params: {} }]);
  });

  it('take a typed partner number for what it is: some look-ups know five partners only', () => {
    const draft = apply(editDraft(record()), { type: 'setPartner', id: null, name: ' K10032 ' });
    expect(problemsOf(draft, spec)).toEqual([]);
    expect(toDocument(draft)).toMatchObject({ partnerId: 'K10032', partnerName: null });
    for (const name of ['Hof', 'Hof 7', '7', '']) expect(toDocument(apply(draft, { type: 'setPartner', id: null, name })).partnerId).toBeNull();
    expect(toDocument(apply(draft, { type: 'setPartner', id: 'K-9', name: 'Hof7' }))).toMatchObject({ partnerId: 'K-9', partnerName: 'Hof7' });
  });

  it.each([['12 34', 'number'], ['..', 'number'], ['a/b', 'number']])('refuse the number %j', (number) => {
    expect(problemsOf(apply(editDraft(record()), { type: 'set', name: 'number', value: number }), spec).map((one) => one.path)).toEqual(['number']);
  });

  it('ask each begun line for article, quantity, price and rate', () => {
    const draft = apply(editDraft(record()), { type: 'setArticle', line: 2, text: 'A-3' });
    expect(problemsOf(draft, spec).map((one) => one.path)).toEqual(['lines.2.qty', 'lines.2.price', 'lines.2.vatRate']);
    expect(problemsOf(type(editDraft(record()), 0, 'vatRate', '190'), spec).map((one) => one.path)).toEqual(['lines.0.vatRate']);
  });

  it('stop a total that no cent column holds', () => {
    const draft = type(type(editDraft(record()), 0, 'qty', '999999999999'), 0, 'price', '999999999999');
    expect(problemsOf(draft, spec).map((one) => one.path)).toEqual(['totals']);
  });

  it('mark prices below cost when selling, not when buying', () => {
    const low = { lines: [{ article: 'A-1', qty: '1', price: '7.99', vatRate: '7', cost: '8' }] };
    expect(belowCost(editDraft(record(low)))).toMatchObject([{ path: 'lines.0.price', messageKey: 'documents.line.belowCost', params: { article: 'A-1', price: '7.99', cost: '8' } }]);
    expect(belowCost(editDraft(record({ ...low, type: 'purchase_offer' })))).toEqual([]);
    expect(belowCost(editDraft(record()))).toEqual([]);
  });

  it('of the server land on the field and the line they name', () => {
    const at = (path: string) => ({ path, messageKey: 'errors.field.invalid', params: {} });
    const error = appError('server.invalid', { fieldErrors: ['customerId', 'body.validUntil', 'fields.notes', 'lines.1.qty', 'lines[0].price', 'lines.9.qty', 'date', 'lines.1'].map(at) });
    expect(serverProblems(error, [4, 7]).map((one) => one.path)).toEqual([
      'partnerId', 'fields.validUntil', 'fields.notes', 'lines.7.qty', 'lines.4.price', 'lines', 'date', 'lines.7.article',
    ]);
  });
});

describe('after somebody else saved', () => {
  it('takes what they changed, keeps what I changed, and names what both did', () => {
    const mine = apply(editDraft(record()), { type: 'setField', name: 'notes', value: 'meins' }, { type: 'setDate', value: '2026-11-30' });
    const theirs = record({ fields: { validUntil: '2027-01-31', notes: 'ihres' }, partnerId: 'K-2', partnerName: 'Hof Süd' }, '"2"');
    const { draft, taken, both } = rebase(mine, theirs);
    expect(taken.toSorted()).toEqual(['fields.validUntil', 'partnerId']);
    expect(both).toEqual(['fields.notes']);
    expect(toDocument(draft)).toMatchObject({ date: '2026-11-30', partnerId: 'K-2', partnerName: 'Hof Süd', fields: { validUntil: '2027-01-31', notes: 'meins' } });
    expect(draft).toMatchObject({ etag: '"2"', base: theirs.document });
  });

  it('keeps lines whole, whoever changed them', () => {
    const theirs = record({ lines: [{ article: 'B-1', qty: '9', price: '1', vatRate: '7', cost: null }] }, '"2"');
    const untouched = rebase(editDraft(record()), theirs);
    expect(toDocument(untouched.draft).lines.map((line) => line.article)).toEqual(['B-1']);
    expect(untouched.taken).toEqual(['lines']);
    const changed = rebase(type(editDraft(record()), 0, 'qty', '5'), theirs);
    expect(toDocument(changed.draft).lines.map((line) => line.qty)).toEqual(['5', '1']);
    expect(changed.both).toEqual(['lines']);
  });

  it('does not lose text that is no number yet', () => {
    const { draft } = rebase(type(editDraft(record()), 0, 'price', '12,x'), record({ status: 'VERSENDET' }, '"2"'));
    expect(draft.lines[0]?.price.text).toBe('12,x');
    expect(draft.status).toBe('VERSENDET');
  });

  it('agrees when both did the same', () => {
    const mine = apply(editDraft(record()), { type: 'setField', name: 'notes', value: 'gleich' });
    const { both, draft } = rebase(mine, record({ fields: { validUntil: '2026-12-22', notes: 'gleich' } }, '"2"'));
    expect(both).toEqual([]);
    expect(isDirty(draft)).toBe(false);
  });

  it('finds no difference in the ways to say nothing', () => {
    const a = record({ fields: { notes: null } }).document;
    expect(differences(a, { ...a, fields: { notes: '' } })).toEqual([]);
    expect(differences(a, { ...a, fields: {} })).toEqual([]);
    expect(differences(a, { ...a, lines: [{ article: 'x', qty: exact('1'), price: null, vatRate: null, cost: null }], fields: { notes: 'n' } })).toEqual(['fields.notes', 'lines']);
  });
});

import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/ipc/errors.ts';
import { documentSchema } from '../../../../shared/domain/document.ts';
import { blankContent, contentOf } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import { fallbackFormSpec } from '../../../../shared/domain/form-specs-fallback.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import { changeContent } from './content.ts';
import { assumedRates, lineFindings, outlook, readings } from './guards.ts';
import { problemsOf, serverProblems, shownProblems, unreadableCells } from './problems.ts';

const content = (change: Record<string, unknown> = {}): DraftContent => contentOf(documentSchema.parse({
  type: 'sales_offer', number: 'ANG-1', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF',
  lines: [{ article: 'A-1', qty: '2', price: '10.5', vatRate: '7', cost: '8' }], totals: { net: '21.00', tax: '1.47', gross: '22.47' }, fields: {}, ...change,
}));
const spec = fallbackFormSpec('sales_offer');
const paths = (draft: DraftContent): string[] => problemsOf(draft, fallbackFormSpec(draft.type)).map(({ path }) => path);
const typed = (draft: DraftContent, column: 'qty' | 'price' | 'vatRate', text: string): DraftContent =>
  changeContent(changeContent(draft, { type: 'typeCell', line: 0, column, text, language: 'de' }), { type: 'settleCell', line: 0, column });
const account = (roles: Account['roles'], scopes: Account['scopes']): Account =>
  ({ id: 'u', userName: 'u', displayName: 'U', roles, scopes, scopeSource: 'token' }) as unknown as Account;

describe('problems', () => {
  it('are none for a complete document', () => expect(problemsOf(content(), spec)).toEqual([]));

  it.each([
    ['customer_inquiry', []], ['sales_offer', []], ['sales_order', []], ['sales_delivery', ['fields.deliveryAddress']], ['sales_invoice', ['fields.dueDate']],
    ['payment_received', ['fields.amount']], ['purchase_request', []], ['purchase_offer', []], ['purchase_order', []],
  ] as const)('of a blank %s are what the server requires', (type, own) => {
    expect(paths(blankContent(type, '2026-11-22'))).toEqual(['number', 'partnerId', ...own]);
  });

  it('show only where somebody was, until the first attempt to send', () => {
    const problems = problemsOf(blankContent('sales_offer', '2026-11-22'), spec);
    expect(shownProblems(problems, {}, false)).toEqual([]);
    expect(shownProblems(problems, { partnerId: true }, false).map(({ path }) => path)).toEqual(['partnerId']);
    expect(shownProblems(problems, {}, true)).toEqual(problems);
  });

  it('name a partner that was typed but not chosen, and take a typed number', () => {
    expect(problemsOf({ ...content(), partnerId: null, partnerName: 'Hof Süd' }, spec)).toEqual([{ path: 'partnerId', messageKey: 'documents.problem.partnerUnknown', params: {} }]);
    expect(paths({ ...content(), partnerId: null, partnerName: 'K10032' })).toEqual([]);
  });

  it.each(['12 34', '..', 'a/b'])('refuse the number %j', (number) => expect(paths({ ...content(), number })).toEqual(['number']));
  it.each([['date', { date: '31.2.' }], ['fields.validUntil', { fields: { validUntil: '2026-02-30' } }]])('find a half-typed day at %s', (path, change) => expect(paths({ ...content(), ...change })).toEqual([path]));

  it('ask each begun line for article, quantity, price and rate', () => {
    expect(paths(changeContent(content(), { type: 'setArticle', line: 1, text: 'A-3' }))).toEqual(['lines.1.qty', 'lines.1.price', 'lines.1.vatRate']);
    expect(paths(typed(content(), 'vatRate', '190'))).toEqual(['lines.0.vatRate']);
  });

  it('count the cells that cannot be read', () => {
    const problems = problemsOf(typed(typed(content(), 'price', 'x'), 'qty', '1,2,3'), spec);
    expect(unreadableCells(problems).map(({ path, params }) => [path, params['text']])).toEqual([['lines.0.qty', '1,2,3'], ['lines.0.price', 'x']]);
  });

  it('stop a total that no cent column holds', () => expect(paths(typed(typed(content(), 'qty', '999999999999'), 'price', '999999999999'))).toEqual(['totals']));

  it('of the server land on the field and the line they name', () => {
    const at = (path: string): { path: string; messageKey: string; params: Record<string, string> } => ({ path, messageKey: 'errors.field.invalid', params: {} });
    const error = appError('server.invalid', { fieldErrors: ['customerId', 'body.validUntil', 'fields.notes', 'lines.1.qty', 'lines[0].price', 'lines.9.qty', 'date', 'lines.1'].map(at) });
    expect(serverProblems(error, [4, 7]).map(({ path }) => path)).toEqual(['partnerId', 'fields.validUntil', 'fields.notes', 'lines.7.qty', 'lines.4.price', 'lines', 'date', 'lines.7.article']);
  });
});

describe('what the next steps will meet', () => {
  const low = { lines: [{ article: 'A-1', qty: '1', price: '7.99', vatRate: '7', cost: '8' }] };
  it('marks prices below cost when selling, not when buying', () => {
    expect(lineFindings(content(low))).toMatchObject([{ path: 'lines.0.price', messageKey: 'documents.line.belowCost', params: { article: 'A-1', price: '7.99', cost: '8' } }]);
    expect(lineFindings(content({ ...low, type: 'purchase_offer' }))).toEqual([]);
    expect(lineFindings(content())).toEqual([]);
  });

  it('says of each line whose rate nobody named that it is assumed, also when buying', () => {
    const before = content({ ...low, type: 'purchase_offer' });
    expect(assumedRates(before)).toEqual([]);
    const lines = before.lines.map((line, index) => (index === 0 ? { ...line, vatRate: { ...line.vatRate, assumed: true as const } } : line));
    expect(assumedRates({ lines })).toEqual([{ path: 'lines.0.vatRate', messageKey: 'documents.line.assumedRate', params: { rate: '7' }, tone: 'info' }]);
  });

  it('says what the approval and the posting will refuse', () => {
    const later = (draft: DraftContent): string[] => outlook(draft, account(['admin'], ['admin:all'])).later.map(({ messageKey }) => messageKey);
    expect(later(content(low))).toEqual(['documents.outlook.belowCostOne']);
    expect(later(typed(content(), 'price', '0'))).toEqual(['documents.outlook.belowCostOne', 'documents.outlook.totalAboveZero']);
    expect(later(content())).toEqual([]);
    expect(later(blankContent('sales_offer', '2026-11-22'))).toEqual([]);
  });

  it('says who may not submit, and why', () => {
    expect(outlook(content(), account(['sales'], ['sales:write'])).submit).toBeNull();
    expect(outlook(content(), account(['sales'], ['sales:read'])).submit).toMatchObject({ messageKey: 'documents.blocked.scope', params: { scope: 'sales:write' } });
    expect(outlook(content(), account(['operator'], ['sales:write'])).submit).toMatchObject({ messageKey: 'documents.blocked.role' });
  });

  it('closes sending once the document was submitted, whatever else may be said', () => {
    const all = account(['admin'], ['admin:all']);
    expect(outlook(content(low), all, 'draft').send).toBeNull();
    for (const state of ['pending', 'approved', 'posted', 'rejected'] as const) {
      const closed = { messageKey: `documents.blocked.edit.${state}` };
      expect(outlook(content(low), all, state)).toMatchObject({ send: closed, submit: closed, later: [] });
    }
  });

  it('explains a group sign while it is typed', () => {
    const line = (text: string) => changeContent(content(), { type: 'typeCell', line: 0, column: 'price', text, language: 'de' }).lines[0];
    const [german, english] = [line('1.234'), line('1,234')];
    if (german === undefined || english === undefined) throw new Error('no line');
    expect(readings(german, 'de')).toEqual([{ column: 'price', text: '1.234', value: '1234', other: '1.234' }]);
    expect(readings(english, 'de')).toEqual([]);
    expect(readings(english, 'en')).toEqual([{ column: 'price', text: '1,234', value: '1234', other: '1.234' }]);
  });
});

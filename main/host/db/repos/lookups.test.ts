import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../../test/fixtures/database.ts';
import { documentSchema } from '../../../../shared/domain/document.ts';
import type { LookupItem, LookupKind } from '../../../../shared/domain/form-spec.ts';
import type { OpenDatabase } from '../open.ts';
import { putDocument } from './documents-write.ts';
import { pageBySql } from './list-sql.ts';
import { lookupDocuments } from './lookup-documents.ts';
import { putLookups, searchLookups } from './lookups.ts';

let scratch: Scratch;
let database: OpenDatabase;
beforeEach(() => {
  scratch = scratchDatabase();
  database = scratch.open();
});
afterEach(() => { scratch.remove(); });

const item = (id: string, label: string): LookupItem => ({ id, label, hint: null, cost: null, price: null, vatRate: null });
const search = (kind: LookupKind, text: string, limit = 10): string[] | undefined => searchLookups(
  database.reader, kind, text, limit, (words) => pageBySql(database.reader, { text: words, sort: { by: 'date', direction: 'desc' }, offset: 0, limit: lookupDocuments }).ids,
)?.items.map(({ id }) => id);
const isPartial = (kind: LookupKind): boolean | undefined => searchLookups(database.reader, kind, '', 1)?.isPartial;

function put(type: 'sales_order' | 'purchase_order', number: string, partnerName: string | null, article = 'Weizen'): void {
  const document = documentSchema.parse({
    type, number, date: '2026-01-05', partnerId: `P-${number}`, partnerName, status: 'ENTWURF', fields: { notes: 'Nordhof' }, totals: { net: '1', tax: '0', gross: '1' },
    lines: [{ article, qty: '1', price: '1', vatRate: '7', cost: null }],
  });
  database.writer.transaction(() => { putDocument(database.writer, { document, workflow: null, etag: null, changedAt: 1, fetchedAt: 1 }); });
}

describe('a list of master data', () => {
  it('that is whole replaces what was there, and one that is cut leaves what is known beyond it', () => {
    putLookups(database.writer, 'customers', [item('K1', 'Hof Alt')], 1, true);
    putLookups(database.writer, 'customers', [item('K2', 'Hof Neu')], 2, true, 'found');
    expect([search('customers', 'hof'), isPartial('customers')]).toEqual([['K1', 'K2'], false]);
    putLookups(database.writer, 'customers', [item('K3', 'Hof Cut')], 3, true, 'cut');
    expect([search('customers', 'hof'), isPartial('customers'), searchLookups(database.reader, 'customers', '', 1)?.fetchedAt]).toEqual([['K1', 'K3', 'K2'], true, 3]);
    putLookups(database.writer, 'customers', [item('K4', 'Hof Ganz')], 4, true, 'whole');
    expect([search('customers', 'hof'), isPartial('customers')]).toEqual([['K4'], false]);
  });

  it('of which only answers to searches are known is a part, as old as the first of them', () => {
    putLookups(database.writer, 'suppliers', [item('L1', 'Mühle')], 5, true, 'found');
    putLookups(database.writer, 'suppliers', [item('L1', 'Mühle Süd')], 9, true, 'found');
    expect(searchLookups(database.reader, 'suppliers', 'sued', 5)).toMatchObject({ items: [{ id: 'L1', label: 'Mühle Süd' }], fetchedAt: 5, isPartial: true });
  });
});

describe('what documents name', () => {
  beforeEach(() => {
    put('sales_order', 'S1', 'Nordhof Meyer', 'Futterhafer');
    put('sales_order', 'S2', null, 'Futterhafer');
    put('purchase_order', 'B1', 'Nordhof Mühle');
  });

  it('comes after a list that is cut: partners of the kind and articles, each once, by their own words', () => {
    for (const kind of ['customers', 'suppliers', 'articles'] as const) putLookups(database.writer, kind, [item('X', 'Nordhof Futter')], 1, true, 'cut');
    // The note of S2 has the word, its partner has not.
    expect([search('customers', 'nordhof'), search('suppliers', 'nordhof'), search('articles', 'futterh')]).toEqual([['X', 'P-S1'], ['X', 'P-B1'], ['Futterhafer']]);
    expect(search('customers', 's2')).toEqual(['P-S2']);
    expect([search('customers', 'nordhof', 1), search('customers', '')]).toEqual([['X'], ['X']]);
  });

  it('adds nothing to a list that is whole', () => {
    putLookups(database.writer, 'customers', [item('X', 'Nordhof')], 1, true);
    expect(search('customers', 'nordhof')).toEqual(['X']);
  });
});

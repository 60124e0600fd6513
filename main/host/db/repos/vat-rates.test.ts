import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../../test/fixtures/database.ts';
import { documentSchema } from '../../../../shared/domain/document.ts';
import type { OpenDatabase } from '../open.ts';
import { putDocument } from './documents-write.ts';
import { pageBySql } from './list-sql.ts';
import { lastVatRates, rateDocuments } from './lookups.ts';

let scratch: Scratch;
let database: OpenDatabase;
beforeEach(() => {
  scratch = scratchDatabase();
  database = scratch.open();
});
afterEach(() => { scratch.remove(); });

function put(number: string, date: string, ...lines: [article: string, vatRate: string | null][]): void {
  const document = documentSchema.parse({
    type: 'sales_order', number, date, partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF', fields: {}, totals: { net: '1.00', tax: '0.07', gross: '1.07' },
    lines: lines.map(([article, vatRate]) => ({ article, qty: '1', price: '1', vatRate, cost: null })),
  });
  database.writer.transaction(() => { putDocument(database.writer, { document, workflow: null, etag: null, changedAt: 1, fetchedAt: 1 }); });
}
const rates = (...articles: [text: string, id?: string][]): (string | null)[] => lastVatRates(
  database.reader, articles.map(([text, id]) => ({ text, id: id ?? null })),
  (text) => pageBySql(database.reader, { text, sort: { by: 'date', direction: 'desc' }, offset: 0, limit: rateDocuments }).ids,
);

describe('the rate that an article had last', () => {
  it('is that of the newest document, in the spelling of this client, of others, or by the number alone', () => {
    put('SO-1', '2026-01-05', ['GE-1005 Roggen', '19'], ['SA-2 Saatgut Mais', '7']);
    put('SO-2', '2026-03-05', ['GE-1005 Roggen', '7'], ['Diesel', '19']);
    put('SO-3', '2026-02-05', ['ge-1005', '19'], ['SA-2 Mais', '7.8']);
    expect(rates(['GE-1005 Roggen', 'GE-1005'], ['diesel '], ['SA-2 Saatgut Mais', 'SA-2'])).toEqual(['7', '19', '7']);
    // Another spelling counts only by the number, and another article that begins alike never.
    expect(rates(['SA-2 Futtermais', 'SA-2'], ['SA-2 Futtermais'], ['Roggen'], ['GE-1005 Roggen extra'])).toEqual(['7.8', null, null, null]);
  });

  it('is not that of a line without one', () => {
    put('SO-1', '2026-01-05', ['Hafer', '7']);
    put('SO-2', '2026-03-05', ['Hafer', null]);
    expect(rates(['Hafer'], ['Gerste'])).toEqual(['7', null]);
  });
});

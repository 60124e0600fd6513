import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../../test/fixtures/database.ts';
import { documentTypes, type DocumentType } from '../../../../shared/domain/document-types.ts';
import { referenceFields, referencesOf } from '../../../../shared/domain/flow.ts';
import { exact, totalsOf } from '../../../../shared/domain/money.ts';
import type { BusinessDocument, DocumentKey, DocumentRecord } from '../../../../shared/domain/document.ts';
import type { OpenDatabase } from '../open.ts';
import { putDocument, removeDocuments } from './documents-write.ts';
import { mostNodes, readFlow } from './references.ts';

let scratch: Scratch;
let database: OpenDatabase;
beforeEach(() => {
  scratch = scratchDatabase();
  database = scratch.open();
});
afterEach(() => { scratch.remove(); });

const lines = [{ article: 'Raps', qty: exact('10'), price: exact('2'), vatRate: exact('0'), cost: null }];

function record(type: DocumentType, number: string, fields: BusinessDocument['fields'] = {}, date = '2026-01-01'): DocumentRecord {
  return { document: { type, number, date, partnerId: 'K1', partnerName: 'Hof', status: '', lines, totals: totalsOf(lines), fields }, workflow: null, etag: null, changedAt: 1, fetchedAt: 2 };
}
const put = (...records: DocumentRecord[]): void => database.writer.transaction(() => { for (const one of records) putDocument(database.writer, one); });
const flow = (type: DocumentType, number: string) => readFlow(database.reader, { type, number });
const numbers = (type: DocumentType, number: string): string[] => flow(type, number).nodes.map(({ key }) => key.number);

describe('readFlow', () => {
  const chain = [
    record('sales_offer', 'ANG-1'), record('sales_order', 'SO-1', { salesOfferId: 'ANG-1' }), record('sales_delivery', 'DL-1', { sourceOrder: 'SO-1' }), record('sales_delivery', 'DL-2', { sourceOrder: 'SO-1' }, '2026-02-01'),
    record('sales_invoice', 'INV-1', { sourceOrder: 'SO-1', sourceDelivery: 'DL-1' }), record('payment_received', 'PAY-1', { salesInvoiceId: 'INV-1' }),
  ];

  it('finds the whole chain from each of its documents, the asked one first, the rest in the order of the flow', () => {
    put(...chain, record('sales_order', 'SO-other'), record('purchase_order', 'SO-1'));
    for (const { document } of chain) {
      const found = numbers(document.type, document.number);
      expect(found[0]).toBe(document.number);
      expect(found.slice(1)).toEqual(chain.map((one) => one.document.number).filter((number) => number !== document.number));
    }
    const { nodes, edges } = flow('sales_invoice', 'INV-1');
    expect(edges.map(({ from, to }) => `${nodes[from]?.key.number}>${nodes[to]?.key.number}`).toSorted()).toEqual(['ANG-1>SO-1', 'DL-1>INV-1', 'INV-1>PAY-1', 'SO-1>DL-1', 'SO-1>DL-2', 'SO-1>INV-1']);
  });

  it('names what it does not have, and follows when it comes', () => {
    const [, ...rest] = chain;
    put(...rest);
    expect(flow('payment_received', 'PAY-1').nodes.find(({ key }) => key.number === 'ANG-1')).toMatchObject({ cached: false, gross: null });
    expect(flow('sales_order', 'unread').nodes).toMatchObject([{ cached: false }]);
    // Asked about a document that is only named: its successors are known all the same.
    expect(numbers('sales_offer', 'ANG-1')).toHaveLength(6);
    put(...chain);
    expect(flow('payment_received', 'PAY-1').nodes.every(({ cached }) => cached)).toBe(true);
  });

  it('follows a reference that is changed, taken out or removed with its document', () => {
    put(...chain);
    put(record('sales_delivery', 'DL-2', { sourceOrder: 'SO-2' }));
    expect(numbers('sales_order', 'SO-1')).not.toContain('DL-2');
    expect(numbers('sales_order', 'SO-2')).toContain('DL-2');
    put(record('sales_delivery', 'DL-2', {}));
    expect(numbers('sales_order', 'SO-2')).toEqual(['SO-2']);
    database.writer.transaction(() => removeDocuments(database.writer, [{ type: 'payment_received', number: 'PAY-1' }]));
    expect(numbers('sales_invoice', 'INV-1')).not.toContain('PAY-1');
    expect(database.reader.value('SELECT count(*) FROM document_references')).toBe(chain.flatMap(({ document }) => referencesOf(document)).length - 2);
  });

  it('adds up what was ordered, delivered, invoiced and paid', () => {
    put(...chain);
    expect(flow('sales_order', 'SO-1').progress).toEqual({ articles: [{ article: 'Raps', ordered: '10', delivered: '20', invoiced: '10' }], ordered: '20', invoiced: '20', paid: '20' });
    expect(flow('sales_offer', 'ANG-x').progress).toBeNull();
  });

  it('stops at its bounds and says so', () => {
    put(record('sales_order', 'SO-1'), ...Array.from({ length: 300 }, (_, index) => record('sales_delivery', `DL-${index}`, { sourceOrder: 'SO-1' })));
    const many = flow('sales_order', 'SO-1');
    expect([many.nodes.length, many.truncated]).toEqual([mostNodes, true]);
    expect(many.edges.every(({ from, to }) => many.nodes[from] !== undefined && many.nodes[to] !== undefined)).toBe(true);
    expect(flow('sales_delivery', 'DL-7').nodes[0]?.key.number).toBe('DL-7');
  });

  it('finds the same as walking every document, on any graph, circles included', () => {
    const pool = Array.from({ length: 12 }, (_, index) => `N-${index % 4}`);
    const any = fc.record({ type: fc.constantFrom(...documentTypes), number: fc.constantFrom(...pool), named: fc.array(fc.constantFrom(...pool, '', ' ', 'N 1'), { minLength: 2, maxLength: 2 }) });
    fc.assert(fc.property(fc.array(any, { minLength: 1, maxLength: 25 }), fc.constantFrom(...documentTypes), (specs, type) => {
      database.writer.transaction(() => {
        for (const table of ['document_references', 'document_bodies', 'documents']) database.writer.run(`DELETE FROM ${table}`);
        database.writer.run(`INSERT INTO document_words (document_words) VALUES ('delete-all')`);
      });
      const records = specs.map((spec) => record(spec.type, spec.number, Object.fromEntries(Object.keys(referenceFields[spec.type]).map((field, at) => [field, spec.named[at] ?? null]))));
      put(...records);
      const name = ({ type: of, number }: DocumentKey): string => `${of}/${number}`;
      const latest = new Map(records.map(({ document }) => [name(document), document]));
      const reached = new Set([name({ type, number: 'N-0' })]);
      for (let size = 0; size !== reached.size;) {
        size = reached.size;
        for (const document of latest.values()) {
          const around = [name(document), ...referencesOf(document).map(name)];
          for (const reference of referencesOf(document)) if (reached.has(name(document)) || reached.has(name(reference))) { reached.add(name(document)); reached.add(name(reference)); }
          expect(around).toHaveLength(new Set(around).size);
        }
      }
      expect(flow(type, 'N-0').nodes.map(({ key }) => name(key)).toSorted()).toEqual([...reached].toSorted());
    }), { numRuns: 60 });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../../test/fixtures/database.ts';
import { sampleRecords } from '../../../../test/fixtures/documents.ts';
import { exact } from '../../../../shared/domain/money.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { OpenDatabase } from '../open.ts';
import { typeCodes, workflowCodes } from '../codes.ts';
import { countDocuments, findByNumber, getDocument, pendingCount } from './documents-read.ts';
import { putDocument, removeDocuments, setWorkflow } from './documents-write.ts';
import { getFact, pulledAt, putFact, removeFact } from './facts.ts';
import { conditionOf, pageStatement } from './list-sql.ts';
import { putLookups, searchLookups } from './lookups.ts';
import { getTrail, putTrail } from './trails.ts';

let scratch: Scratch;
let database: OpenDatabase;
beforeEach(() => {
  scratch = scratchDatabase();
  database = scratch.open();
});
afterEach(() => { scratch.remove(); });

const order: DocumentRecord = {
  document: {
    type: 'sales_order', number: 'SO-2026-00001', date: '2026-11-20', partnerId: 'K1', partnerName: 'Hof Müller', status: 'Entwurf',
    lines: [{ article: 'Weizen', qty: exact('2.5'), price: exact('10.10'), vatRate: exact('7'), cost: null }],
    totals: { net: exact('25.25'), tax: exact('1.77'), gross: exact('27.02') }, fields: { notes: 'Straße 5', priority: null, copies: 2, urgent: true },
  },
  workflow: { state: 'pending', version: '3', submittedBy: 'sales', submittedAt: 1000 }, etag: '"1"', changedAt: 2000, fetchedAt: 3000,
};
const key = { type: 'sales_order', number: 'SO-2026-00001' } as const;
const put = (record: DocumentRecord) => putDocument(database.writer, record);

describe('putDocument', () => {
  it('gives back exactly what was stored', () => {
    expect(put(order)).not.toBeNull();
    expect(getDocument(database.reader, key)).toEqual(order);
    for (const record of sampleRecords(200)) {
      put(record);
      expect(getDocument(database.reader, record.document)).toEqual(record);
    }
  });

  it('says that nothing changed when only the age or the order of fields differs, and keeps the new age', () => {
    put(order);
    const { notes, ...rest } = order.document.fields;
    expect(put({ ...order, fetchedAt: 9000, document: { ...order.document, fields: { ...rest, notes: notes ?? null } } })).toBeNull();
    expect(getDocument(database.reader, key)?.fetchedAt).toBe(9000);
  });

  it.each([
    ['a line', { ...order, document: { ...order.document, lines: [] } }], ['the etag', { ...order, etag: '"2"' }],
    ['the workflow', { ...order, workflow: { ...order.workflow, state: 'approved' } }], ['the time of change', { ...order, changedAt: 2001 }],
  ] as [string, DocumentRecord][])('says that %s changed', (_what, changed) => {
    put(order);
    expect(put(changed)).not.toBeNull();
    expect(getDocument(database.reader, key)).toEqual(changed);
  });

  it('keeps the workflow when the record brings none', () => {
    put(order);
    expect(put({ ...order, workflow: null, etag: '"2"' })).not.toBeNull();
    expect(getDocument(database.reader, key)).toEqual({ ...order, etag: '"2"' });
    expect(put({ ...order, workflow: null, etag: '"2"' })).toBeNull();
  });

  it('finds a document by its new words and no longer by the old ones', () => {
    put(order);
    put({ ...order, document: { ...order.document, partnerName: 'Agrar Böhm' } });
    const count = (text: string): number => {
      const { where, values } = conditionOf({ text, sort: { by: 'changed', direction: 'asc' }, offset: 0, limit: 1 });
      return database.reader.value<number>(`SELECT count(*) FROM documents ${where}`, ...values) ?? 0;
    };
    expect(['boehm', 'BÖHM agr', 'strasse', '2026-00001', '00001', '1', 'weiz', 'so 2026 K1'].map(count)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(['müller', 'boehm müller', 'eizen'].map(count)).toEqual([0, 0, 0]);
  });

  it('stores amounts beyond what sorts exactly without failing or rounding them', () => {
    const net = exact('999999999999999.1234567891');
    const huge = { ...order, document: { ...order.document, totals: { net, tax: exact('0'), gross: exact('-999999999999999') } } };
    put(huge);
    expect(getDocument(database.reader, key)?.document.totals.net).toBe(net);
  });

  it('takes a body it no longer understands for a document never read', () => {
    put(order);
    database.writer.run(`UPDATE document_bodies SET body = '{"type":"nonsense"}'`);
    expect(getDocument(database.reader, key)).toBeNull();
    expect(put(order)).not.toBeNull();
    expect(getDocument(database.reader, key)).toEqual(order);
  });
});

describe('setWorkflow', () => {
  const approved = { state: 'approved', version: '4', submittedBy: 'sales', submittedAt: 1000 } as const;

  it('changes the document of that type, or of that domain', () => {
    put(order);
    put({ ...order, document: { ...order.document, type: 'purchase_order' }, workflow: null });
    expect(setWorkflow(database.writer, { domain: 'sales', number: key.number }, approved).map(({ row }) => row.type)).toEqual([typeCodes.sales_order]);
    expect(getDocument(database.reader, key)?.workflow).toEqual(approved);
    expect(getDocument(database.reader, { ...key, type: 'purchase_order' })?.workflow).toBeNull();
    expect(setWorkflow(database.writer, { ...key, type: 'purchase_order' }, approved)).toHaveLength(1);
  });

  it('says nothing changed for the same state and for unknown documents', () => {
    put(order);
    setWorkflow(database.writer, key, approved);
    expect(setWorkflow(database.writer, key, approved)).toEqual([]);
    expect(setWorkflow(database.writer, { domain: 'sales', number: 'none' }, approved)).toEqual([]);
  });
});

describe('reading', () => {
  it('counts what waits for approval by domain', () => {
    expect(pendingCount(database.reader)).toEqual({ sales: 0, purchase: 0 });
    put(order);
    put({ ...order, document: { ...order.document, type: 'purchase_order' } });
    put({ ...order, document: { ...order.document, type: 'purchase_offer', number: 'x' }, workflow: null });
    expect(pendingCount(database.reader)).toEqual({ sales: 1, purchase: 1 });
  });

  it('finds all types of a number', () => {
    put(order);
    put({ ...order, document: { ...order.document, type: 'purchase_order' } });
    expect(findByNumber(database.reader, null, key.number).map(({ type }) => type)).toEqual(['sales_order', 'purchase_order']);
    expect(findByNumber(database.reader, 'purchase', key.number)).toEqual([{ type: 'purchase_order', number: key.number }]);
  });

  it('removes a document with everything that belongs to it', () => {
    put(order);
    putTrail(database.writer, key, [], 1);
    expect(removeDocuments(database.writer, [key, key, { ...key, number: 'none' }])).toHaveLength(1);
    expect(countDocuments(database.reader)).toBe(0);
    expect(getTrail(database.reader, key)).toBeNull();
    expect(database.reader.value('SELECT count(*) FROM document_bodies')).toBe(0);
    expect(database.reader.value(`SELECT count(*) FROM document_words WHERE document_words MATCH '"so"*'`)).toBe(0);
  });
});

describe('facts, trails and lookups', () => {
  it('keep their age', () => {
    putFact(database.writer, 'spec', { a: [1, null] }, 5);
    putFact(database.writer, 'spec', { a: [2] }, 6);
    expect(getFact(database.reader, 'spec')).toEqual({ value: { a: [2] }, fetchedAt: 6 });
    removeFact(database.writer, 'spec');
    expect(getFact(database.reader, 'spec')).toBeNull();
    const entry = { seq: 1, at: 5, user: 'sales', action: 'submit', from: 'draft', to: 'pending', reason: null, policy: null, correlationId: null, hash: null, accepted: true };
    putTrail(database.writer, key, [entry], 9);
    expect(getTrail(database.reader, key)).toEqual({ entries: [entry], fetchedAt: 9 });
  });

  it('tell the age of a list by its oldest complete pull', () => {
    expect(pulledAt(database.reader)).toBeNull();
    putFact(database.writer, 'pull.sales_order', { finishedAt: 50 }, 90);
    putFact(database.writer, 'pull.sales_offer', { finishedAt: null }, 90);
    putFact(database.writer, 'pull.purchase_order', { finishedAt: 40 }, 90);
    expect(pulledAt(database.reader)).toBe(40);
    expect(pulledAt(database.reader, ['sales_order', 'sales_offer'])).toBe(50);
    expect(pulledAt(database.reader, ['sales_offer'])).toBeNull();
  });

  it('find lookup items by the start of any word', () => {
    const item = (id: string, label: string) => ({ id, label, hint: null, cost: '1.5', price: null });
    putLookups(database.writer, 'articles', [item('A-001', 'Winterweizen Elite'), item('A-002', 'Sommergerste')], 5, true);
    putLookups(database.writer, 'articles', [item('A-003', 'Öl für Elite-Traktoren')], 5, false);
    putLookups(database.writer, 'customers', [item('K1', 'Elite Hof')], 6, true);
    const find = (text: string): string[] | undefined => searchLookups(database.reader, 'articles', text, 10)?.items.map(({ id }) => id);
    expect([find('elite'), find('oel'), find('2'), find('a 003'), find('hof'), find('')]).toEqual([['A-003', 'A-001'], ['A-003'], ['A-002'], ['A-003'], [], ['A-003', 'A-002', 'A-001']]);
    expect(searchLookups(database.reader, 'articles', '', 1)?.items).toHaveLength(1);
    expect(searchLookups(database.reader, 'suppliers', '', 1)).toBeNull();
    putLookups(database.writer, 'articles', [], 7, true);
    expect(searchLookups(database.reader, 'articles', 'elite', 9)).toEqual({ items: [], fetchedAt: 7, isPartial: false });
    expect(searchLookups(database.reader, 'customers', 'elite', 9)?.items).toHaveLength(1);
  });
});

describe('query plans', () => {
  const plan = (sql: string, values: readonly (string | number | Uint8Array | null)[]): string =>
    database.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail).join('; ');
  const page = (query: object): string => {
    const { sql, values } = pageStatement({ sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 100, ...query });
    return plan(sql, values);
  };

  it('never scan the documents or sort them for what lists ask most', () => {
    const plans = [
      page({}), page({ sort: { by: 'number', direction: 'asc' } }), page({ sort: { by: 'date', direction: 'desc' } }), page({ types: ['sales_order'] }),
      page({ types: ['sales_order'], workflow: ['pending'] }), page({ sort: { by: 'type', direction: 'asc' } }),
    ];
    for (const each of plans) {
      expect(each).toMatch(/USING (COVERING )?INDEX documents_/);
      // The tie by id within equal values is sorted, the list itself never.
      expect(each).not.toMatch(/SCAN documents(;|$)|USE TEMP B-TREE FOR ORDER BY/);
    }
  });

  it('go straight to the row for single documents', () => {
    expect(plan('SELECT d.*, b.body FROM documents d JOIN document_bodies b ON b.id = d.id WHERE d.number = ? AND d.type = ?', ['a', 1]))
      .toBe('SEARCH d USING INDEX documents_number (number=? AND type=?); SEARCH b USING INTEGER PRIMARY KEY (rowid=?)');
    expect(plan('SELECT type, count(*) FROM documents WHERE workflow = ? GROUP BY type', [2])).toBe('SEARCH documents USING COVERING INDEX documents_workflow (workflow=?)');
    expect(page({ partnerId: 'K1' })).toContain('documents_partner (partner_id=?)');
    expect(page({ text: 'hof' })).toContain('VIRTUAL TABLE INDEX');
  });
});

it('stored codes are frozen', () => {
  expect(Object.values(typeCodes)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(typeCodes).toMatchObject({ customer_inquiry: 1, sales_order: 3, payment_received: 6, purchase_order: 9 });
  expect(workflowCodes).toEqual({ draft: 1, pending: 2, approved: 3, posted: 4, rejected: 5 });
});

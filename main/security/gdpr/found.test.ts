import { describe, expect, it } from 'vitest';
import type { SecurityPorts } from '../ports.ts';
import { createGdpr } from './index.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const now = Date.UTC(2026, 10, 27);

/** A desk with one request, at a cache in which the person has so many documents. */
function desk(total: number) {
  const rows = new Map<string, unknown>([[id, { id, kind: 'access', reference: 'C1', name: 'P', contact: '', channel: 'email', receivedOn: '2026-11-02', identified: { at: now, by: 'a', how: 'x' }, extended: null, found: null, exported: null, erased: null, answered: null, steps: [] }]]);
  return createGdpr({
    clock: { now: () => now }, isOnline: () => false, account: () => ({ userName: 'eva' }), changed: () => undefined, profile: { erpUrl: 'https://erp.example' },
    audit: { notes: { begin: () => ({ accepted: () => undefined, failed: () => undefined }), note: () => undefined, run: (_: unknown, work: () => unknown) => work() } }, evidence: { settle: async () => undefined },
    erp: { capabilities: async () => { throw new Error('offline'); } },
    host: {
      documents: { get: async () => ({ document: { date: '2026-01-01' } }) }, person: { traces: async () => ({ drafts: 0, waiting: 0, documents: [{ type: 'sales_order', number: 'SO-1' }], documentsTotal: total }) },
      audit: async () => ({ total: 0, rows: [] }),
      records: { get: async (_: string, one: string) => (rows.has(one) ? { id: one, body: rows.get(one), changedAt: 0 } : null), list: async () => [], put: async (put: { id: string; body: unknown }[]) => { for (const one of put) rows.set(one.id, one.body); } },
    },
  } as unknown as SecurityPorts);
}

describe('what is stored about a person', () => {
  it('says when only a part of the documents was looked at', async () => {
    expect((await desk(1).find(id)).found).toMatchObject({ here: { documents: 1 }, isCut: false });
    expect((await desk(9000).find(id)).found).toMatchObject({ here: { documents: 9000 }, isCut: true });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/domain/canonical.ts';
import { measureHash, printedStatus } from './measure.ts';
import { markOf } from './print.ts';
import { likelyDomains, readReference } from './reference.ts';

const erp = 'https://erp.example.de/valeo';
const hash = '0123456789abcdef';

describe('what a code refers to', () => {
  it.each([
    [`${erp}/verify/sales/SO-1/${hash}`, { kind: 'own', reference: { domain: 'sales', number: 'SO-1', hash } }],
    [`${erp}/verify/sales/SO-1/${hash.toUpperCase()}`, { kind: 'own', reference: { domain: 'sales', number: 'SO-1', hash } }],
    [`${erp}/verify/purchase/PO%20X-1`, { kind: 'none' }],
    [`${erp}/verify/purchase/PO-%C3%84`, { kind: 'own', reference: { domain: 'purchase', number: 'PO-Ä', hash: null } }],
    ['SO-2026-0001', { kind: 'own', reference: { domain: null, number: 'SO-2026-0001', hash: null } }],
    ['  INV-7 ', { kind: 'own', reference: { domain: null, number: 'INV-7', hash: null } }],
    ['https://erp.example.de.evil.example/valeo/verify/sales/SO-1', { kind: 'foreign', host: 'erp.example.de.evil.example' }],
    ['http://erp.example.de/valeo/verify/sales/SO-1', { kind: 'foreign', host: 'erp.example.de' }],
    ['https://erp.example.de@evil.example/valeo/verify/sales/SO-1', { kind: 'foreign', host: 'evil.example' }],
    ['javascript://erp.example.de/%0aalert(1)', { kind: 'foreign', host: 'erp.example.de' }],
    [`${erp}/verify/sales/SO-1/${hash}/more`, { kind: 'none' }],
    [`${erp}/verify/sales/..%2f..%2fapi`, { kind: 'none' }],
    [`${erp}/verify/other/SO-1`, { kind: 'none' }],
    [`${erp}/verify/sales/SO-1/xyz`, { kind: 'none' }],
    [`${erp}/verify/sales/%E0%A4%A`, { kind: 'none' }],
    ['WIFI:T:WPA;S:guest;P:secret1;;', { kind: 'own', reference: { domain: null, number: 'WIFI:T:WPA;S:guest;P:secret1;;', hash: null } }],
    ['Lieferschein', { kind: 'none' }],
    ['', { kind: 'none' }],
  ])('%s', (text, reading) => expect(readReference(text, erp)).toEqual(reading));

  it('never throws, and never calls an address of another origin its own', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
      const reading = readReference(text, erp);
      if (reading.kind === 'own' && /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim())) expect(new URL(text.trim()).origin).toBe('https://erp.example.de');
    }));
  });

  it('tries the domain of the prefix first', () => expect([likelyDomains('PO-1'), likelyDomains('INV-1'), likelyDomains('4711')]).toEqual([['purchase', 'sales'], ['sales', 'purchase'], ['sales', 'purchase']]));
});

describe('the hash of a document', () => {
  it('is taken over code points in order, without white space', () => {
    expect(canonicalJson({ b: [1, { z: null, a: 'ü' }], a: 1.5, c: undefined })).toBe('{"a":1.5,"b":[1,{"a":"ü","z":null}]}');
    // U+FF61 comes before U+1F600 by code point, and after it by UTF-16 unit.
    expect(canonicalJson({ '\u{1F600}': 1, '\uFF61': 2 })).toBe('{"\uFF61":2,"\u{1F600}":1}');
  });

  it('does not depend on the order in which fields come, nor on what the server adds to an answer', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
      const shuffled = Object.fromEntries(Object.entries(body).toReversed());
      expect(measureHash('sales', 'SO-1', { ...shuffled, updated_at: 'x', version: '7', partnerName: 'y' })).toBe(measureHash('sales', 'SO-1', Object.fromEntries(Object.entries(body).filter(([name]) => !['updated_at', 'version', 'partnerName', 'workflow', 'deleted'].includes(name)))));
    }));
  });

  it('proves which status it was printed under, and nothing when anything else has changed', () => {
    const body = { number: 'INV-1', status: 'BEZAHLT', amount: 5 };
    const printed = measureHash('sales', 'INV-1', { ...body, status: 'ÜBERFÄLLIG' });
    expect(printedStatus('sales', 'sales_invoice', 'INV-1', body, printed)).toBe('ÜBERFÄLLIG');
    expect(printedStatus('sales', 'sales_invoice', 'INV-1', { ...body, amount: 6 }, printed)).toBeNull();
  });
});

describe('what a paper says about where its document stands', () => {
  const record = (state: 'draft' | 'pending' | 'approved' | 'posted' | 'rejected', status: string) => markOf({ workflow: { state, version: null, submittedBy: null, submittedAt: null }, document: { type: 'sales_order', status } as never });
  it('marks what is not approved, and believes the status where the server has forgotten the workflow', () => {
    expect([record('draft', 'ENTWURF'), record('draft', 'BESTAETIGT'), record('pending', 'ENTWURF'), record('rejected', 'ENTWURF'), record('approved', 'ENTWURF'), record('posted', 'X')]).toEqual(['draft', null, 'pending', 'rejected', null, null]);
    expect(markOf({ workflow: null, document: { type: 'sales_order', status: 'ENTWURF' } as never })).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentTypeInfo, documentTypes, domains, initialStatus, isKnownStatus, nextStatuses, normaliseStatus } from './document-types.ts';

describe('the nine types', () => {
  it('belong to a domain, a partner and a number range of their own', () => {
    expect(documentTypes).toHaveLength(9);
    expect(new Set(documentTypes.map((type) => documentTypeInfo[type].prefix)).size).toBe(9);
    for (const type of documentTypes) {
      const { domain, partner, prefix } = documentTypeInfo[type];
      expect(domains).toContain(domain);
      expect(partner).toBe(domain === 'sales' ? 'customer' : 'supplier');
      expect(prefix).toMatch(/^[A-Z]{2,4}-$/);
    }
  });

  it.each([
    ['customer_inquiry', 'INQ-'], ['sales_order', 'SO-'], ['sales_offer', 'ANG-'], ['sales_delivery', 'DL-'], ['sales_invoice', 'INV-'],
    ['payment_received', 'PAY-'], ['purchase_request', 'PR-'], ['purchase_offer', 'POF-'], ['purchase_order', 'PO-'],
  ] as const)('%s is numbered %s', (type, prefix) => expect(documentTypeInfo[type].prefix).toBe(prefix));
});

describe('statuses', () => {
  it.each([
    ['customer_inquiry', 'OFFEN'], ['sales_offer', 'ENTWURF'], ['payment_received', 'EINGEGANGEN'], ['purchase_request', 'OFFEN'], ['purchase_order', 'ENTWURF'],
  ] as const)('%s starts as %s', (type, status) => expect(initialStatus(type)).toBe(status));

  it.each([
    ['sales_invoice', 'VERSENDET', ['BEZAHLT', 'UEBERFAELLIG']], ['sales_invoice', 'Überfällig', ['BEZAHLT']], ['sales_order', 'bestaetigt', ['TEILGELIEFERT']],
    ['purchase_order', 'FREIGEGEBEN', ['TEILGELIEFERT', 'VOLLGELIEFERT', 'STORNIERT']], ['sales_offer', 'ANGENOMMEN', []], ['sales_offer', 'GEPARKT', []],
  ] as const)('%s in %s goes on to %j', (type, status, next) => expect(nextStatuses(type, status)).toEqual(next));

  it('lead only to statuses that the same type knows, each reachable from the first', () => {
    for (const type of documentTypes) {
      const reached = new Set([initialStatus(type)]);
      for (const status of reached) for (const next of nextStatuses(type, status)) {
        expect(isKnownStatus(type, next), `${type}: ${next}`).toBe(true);
        reached.add(next);
      }
      expect([...reached].toSorted()).toEqual(Object.keys(documentTypeInfo[type].statuses).toSorted());
    }
  });

  it.each([
    ['überfällig', 'UEBERFAELLIG'], ['u\u0308berfa\u0308llig', 'UEBERFAELLIG'], ['ÜBERFÄLLIG', 'UEBERFAELLIG'], ['UEBERFAELLIG', 'UEBERFAELLIG'],
    [' In Bearbeitung ', 'IN_BEARBEITUNG'], ['größe', 'GROESSE'],
  ])('spells %j as %s', (status, spelled) => expect(normaliseStatus(status)).toBe(spelled));

  it('spells the same way twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (status) => normaliseStatus(normaliseStatus(status)) === normaliseStatus(status)), { examples: [['\u1fd2'], ['\u0390'], ['\u00df']] });
  });

  it.each(['', '__proto__', 'constructor', 'toString', 'GEPARKT'])('does not know %j, and does not stumble over it', (status) => {
    for (const type of documentTypes) {
      expect(isKnownStatus(type, status)).toBe(false);
      expect(nextStatuses(type, status)).toEqual([]);
    }
  });
});

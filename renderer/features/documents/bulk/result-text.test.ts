import { expect, it } from 'vitest';
import { exact } from '../../../../shared/domain/money.ts';
import { resultText } from './result-text.ts';

it('makes one line a document, whatever stands in it', () => {
  const rows = [
    { key: { type: 'sales_order', number: 'SO-1' }, partnerName: 'Hof\tMüller\nKG', gross: exact('12.5'), seen: null, state: 'done', error: null },
    { key: { type: 'sales_order', number: 'SO-2' }, partnerName: null, gross: null, seen: null, state: 'skipped', error: null },
  ] as const;
  const text = resultText(rows, { head: ['Art', 'Nr.', 'Kunde', 'Brutto', 'Ergebnis'], type: () => 'Auftrag', amount: ({ gross }) => gross ?? '–', result: ({ state }) => state });
  expect(text).toBe('Art\tNr.\tKunde\tBrutto\tErgebnis\nAuftrag\tSO-1\tHof Müller KG\t12.5\tdone\nAuftrag\tSO-2\t\t–\tskipped');
});

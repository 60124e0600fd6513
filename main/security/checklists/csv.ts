import type { Checklist, ItemStanding } from '../../../shared/security/checklists/list.ts';
import { byteOrderMark, dialects, guardText, quote } from '../../host/export/csv.ts';

type Language = 'de' | 'en';

const heads: Readonly<Record<Language, readonly string[]>> = {
  de: ['Nr.', 'Stufe', 'Punkt', 'Stand', 'Verantwortlich', 'Fällig', 'Nachweis', 'Notiz', 'Geändert', 'Von', 'Durch Bewertung belegt'],
  en: ['No.', 'Level', 'Item', 'State', 'Owner', 'Due', 'Evidence', 'Note', 'Changed', 'By', 'Proven by the score'],
};
const states: Readonly<Record<Language, Readonly<Record<'open' | 'done' | 'partly' | 'notApplicable' | 'yes' | 'no', string>>>> = {
  de: { open: 'offen', done: 'erledigt', partly: 'teilweise', notApplicable: 'entfällt', yes: 'ja', no: 'nein' },
  en: { open: 'open', done: 'done', partly: 'partly', notApplicable: 'not applicable', yes: 'yes', no: 'no' },
};

/** A list with its answers as CSV, guarded against formulas; days and times in ISO spelling, so that every program reads them. */
export function checklistCsv(list: Checklist, standings: readonly ItemStanding[], language: Language): string {
  const { separator } = dialects[language];
  const line = (cells: readonly string[]): string => `${cells.map((cell) => quote(guardText(cell), separator)).join(separator)}\r\n`;
  const word = states[language];
  const rows = standings.map(({ item, result, isProven }) => line([
    item.ref, item.level === undefined ? '' : String(item.level), item.text[language], word[result?.state ?? 'open'], result?.owner ?? '', result?.due ?? '', result?.evidence ?? '', result?.note ?? '',
    result === null ? '' : new Date(result.updatedAt).toISOString(), result?.updatedBy ?? '', isProven ? word.yes : word.no,
  ]));
  return `${byteOrderMark}${line([list.title[language], list.scope[language]])}${line(heads[language])}${rows.join('')}`;
}

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentLine } from '../../../shared/domain/document.ts';
import { documentTypeInfo, type DocumentType } from '../../../shared/domain/document-types.ts';
import type { FormField } from '../../../shared/domain/form-spec.ts';
import type { FieldConflict } from '../../../shared/domain/merge.ts';
import { lineColumns, type LineColumn, type Side } from '../../../shared/domain/merge-values.ts';
import { lineNet, totalsOf } from '../../../shared/domain/money.ts';
import { useFormat } from '../../i18n/format.ts';
import { useFieldText } from '../documents/field-text.ts';
import { useFormSpec } from '../documents/useFormSpec.ts';
import { useWords } from '../documents/words.ts';

/** Where a line stands and what it is, for places that name only its id. */
export type LineNames = { position: (lineId: number) => number; article: (lineId: number) => string };

export type PlaceWords = {
  /** What the place is called: `Lieferdatum`, `Position 2 · Raps · Menge`. */
  label: (place: FieldConflict, lines: LineNames) => string;
  /** The article of a line, which may be long; null for places that are none. */
  detail: (place: FieldConflict, lines: LineNames) => string | null;
  /** The value of a side; null where it is empty. */
  value: (place: FieldConflict, side: Side, lines: LineNames) => string | null;
  /** The place that a complaint of the server is about, by its path on the wire: `notes`, `lines.0.qty`. */
  wirePath: (path: string) => string;
};

/** The words for places of a merge and their values, in the language on screen. */
export function usePlaceWords(type: DocumentType): PlaceWords {
  const { t } = useTranslation(['outbox', 'documents']);
  const format = useFormat();
  const words = useWords();
  const spec = useFormSpec(type);
  const fieldText = useFieldText();
  return useMemo((): PlaceWords => {
    const documents = (key: string): string => t(key, { ns: 'documents' });
    const fieldOf = (path: string): FormField => {
      const name = path.replace(/^fields\./, '');
      return spec.fields.find((field) => field.name === name) ?? { name, label: name, type: 'text', required: false };
    };
    const columnText = (column: LineColumn, value: string | null): string | null => {
      if (value === null || value === '') return null;
      if (column === 'article') return value;
      return column === 'vatRate' ? `${format.decimal(value)} %` : format.decimal(value, { min: column === 'qty' ? 0 : 2 });
    };
    const lineText = (line: DocumentLine | null): string =>
      (line === null ? t('place.gone') : t('place.line', { qty: format.decimal(line.qty), article: line.article, price: line.price === null ? '–' : format.money(line.price), net: format.money(lineNet(line)) }));
    return {
      wirePath: (path) => {
        const [, position, column] = /^lines\.(\d+)(?:\.(\w+))?$/.exec(path) ?? [];
        if (position === undefined) return words.field(fieldOf(path));
        const at = t('place.position', { position: Number(position) + 1 });
        return column === undefined ? at : `${at}: ${(lineColumns as readonly string[]).includes(column) ? documents(`line.${column}`) : column}`;
      },
      label: (place, lines) => {
        switch (place.kind) {
          case 'partner': return documents(`field.${documentTypeInfo[type].partner}Id`);
          case 'field': return words.field(fieldOf(place.path));
          case 'cell': return t('place.cell', { position: lines.position(place.lineId), column: documents(`line.${place.column}`) });
          case 'line': return t('place.position', { position: lines.position(place.lineId) });
          case 'order': return t('place.order');
          case 'table': return t('place.table');
        }
      },
      detail: (place, lines) => (place.kind === 'cell' || place.kind === 'line' ? lines.article(place.lineId) || null : null),
      value: (place, side, lines) => {
        switch (place.kind) {
          case 'partner': {
            const { id, name } = place[side];
            return [name, id].filter((part) => part !== null && part !== '').join(' · ') || null;
          }
          case 'field': return fieldText(place.path === 'date' ? { ...fieldOf('date'), type: 'date' } : fieldOf(place.path), place[side]);
          case 'cell': return columnText(place.column, place[side]);
          case 'line': return lineText(place[side]);
          case 'order': return place[side].map(lines.article).filter((article) => article !== '').join(' → ') || null;
          case 'table': {
            const numbered = place[side];
            if (numbered.length === 0) return null;
            const priced = numbered.map(({ line }) => line);
            return t('place.tableOf', { count: numbered.length, net: format.money(totalsOf(priced).net), articles: format.list(priced.slice(0, 3).map(({ article }) => article)), more: priced.length > 3 ? ' …' : '' });
          }
        }
      },
    };
  }, [t, format, words, spec, fieldText, type]);
}

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BusinessDocument } from '../../../shared/domain/document.ts';
import type { FormField } from '../../../shared/domain/form-spec.ts';
import { decimal } from '../../../shared/domain/money.ts';
import { useFormat } from '../../i18n/format.ts';
import { useWords } from './words.ts';

type Value = BusinessDocument['fields'][string] | undefined;

const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(value);

/** A header value as people read it; null for one that is not filled in. */
export function useFieldText(): (field: FormField, value: Value) => string | null {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  return useMemo(() => (field, value) => {
    if (value === undefined || value === null || value === '') return null;
    if (field.name === 'status') return words.status(String(value));
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (field.type === 'date' && isDay(String(value))) return format.date(String(value));
    if (field.name === 'amount' && decimal(value) !== null) return format.money(String(value));
    if (field.type === 'number' && decimal(value) !== null) return format.decimal(String(value));
    if (field.type === 'select') return words.option(field.name, String(value), field.options?.find((option) => option.value === value)?.label ?? String(value));
    return String(value);
  }, [t, words, format]);
}

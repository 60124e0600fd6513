import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BusinessDocument } from '../../../../shared/domain/document.ts';
import type { FormField } from '../../../../shared/domain/form-spec.ts';
import { decimal } from '../../../../shared/domain/money.ts';
import { useFormat } from '../../../i18n/format.ts';
import { headerName } from '../edit/problems.ts';
import { useFormSpec } from '../useFormSpec.ts';
import { useWords } from '../words.ts';
import styles from './sheet.module.css';

const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(value);

/** The header of a document by its form spec; fields without a value are left out, but for those that must have one. */
export function HeaderFacts({ document }: { document: BusinessDocument }): ReactNode {
  const { t } = useTranslation('documents');
  const spec = useFormSpec(document.type);
  const words = useWords();
  const format = useFormat();
  const show = (field: FormField): ReactNode => {
    const header = headerName(field.name);
    if (header === 'partnerId') return document.partnerId === null ? null : <>{document.partnerName ?? document.partnerId} {document.partnerName !== null && <span className={styles.id}>{document.partnerId}</span>}</>;
    const value = header === null ? document.fields[field.name] : document[header];
    if (value === undefined || value === null || value === '') return null;
    if (header === 'status') return words.status(String(value));
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (field.type === 'date' && isDay(String(value))) return format.date(String(value));
    if (field.name === 'amount' && decimal(value) !== null) return format.money(String(value));
    if (field.type === 'number' && decimal(value) !== null) return format.decimal(String(value));
    if (field.type === 'select') return words.option(field.name, String(value), field.options?.find((option) => option.value === value)?.label ?? String(value));
    return String(value);
  };
  const facts = spec.fields.map((field) => ({ field, value: show(field) })).filter(({ field, value }) => value !== null || field.required);
  return (
    <dl className={styles.facts}>
      {facts.map(({ field, value }) => (
        <div key={field.name} className={field.type === 'textarea' ? styles.wideFact : styles.fact}>
          <dt>{words.field(field)}</dt>
          <dd data-field={field.name}>{value ?? <span className={styles.none}>–</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

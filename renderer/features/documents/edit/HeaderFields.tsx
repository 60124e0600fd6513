import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nextStatuses, normaliseStatus } from '../../../../shared/domain/document-types.ts';
import type { FormField, FormSpec } from '../../../../shared/domain/form-spec.ts';
import { decimal } from '../../../../shared/domain/money.ts';
import { DateField, DecimalField, Select, TextArea, TextField } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import type { Draft, DraftAction } from './draft.ts';
import { PartnerField } from './PartnerField.tsx';
import { pathOf } from './problems.ts';
import styles from './form.module.css';

export type HeaderFieldsProps = { draft: Draft; spec: FormSpec; errors: ReadonlyMap<string, string>; change: (action: DraftAction) => void };

/** The header of the form: one field after the other as the form spec names them. */
export function HeaderFields({ draft, spec, errors, change }: HeaderFieldsProps): ReactNode {
  return (
    <div className={styles.fields}>
      {spec.fields.map((field) => (
        <div key={field.name} className={field.type === 'textarea' ? styles.wideField : field.type === 'lookup' ? styles.lookupField : undefined} onBlur={() => change({ type: 'visit', path: pathOf(field.name) })} data-path={pathOf(field.name)}>
          <HeaderField field={field} draft={draft} error={errors.get(pathOf(field.name)) ?? null} change={change} />
        </div>
      ))}
    </div>
  );
}

type FieldProps = { field: FormField; draft: Draft; error: string | null; change: (action: DraftAction) => void };

function HeaderField({ field, draft, error, change }: FieldProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const common = { label: words.field(field), isRequired: field.required, error, 'data-testid': `field-${field.name}` };
  const path = pathOf(field.name);
  if (path === 'number') {
    return (
      <TextField
        {...common} value={draft.number} maxLength={64} isReadOnly={!draft.isNew} onChange={(value) => change({ type: 'set', name: 'number', value })}
        {...(draft.numberProvisional && { hint: <span className={styles.provisional}>{t('number.provisional')}</span> })}
      />
    );
  }
  if (path === 'date') return <DateField {...common} value={draft.date} onChange={(value) => change({ type: 'setDate', value })} />;
  if (path === 'partnerId') return <PartnerField common={common} kind={field.lookup ?? 'customers'} draft={draft} change={change} />;
  if (path === 'status') return <StatusField common={common} draft={draft} change={change} />;
  const value = draft.fields[field.name] ?? null;
  const text = value === null ? '' : String(value);
  const set = (next: string | null): void => change({ type: 'setField', name: field.name, value: next });
  switch (field.type) {
    case 'date': return <DateField {...common} value={text === '' ? null : text.slice(0, 10)} onChange={set} />;
    case 'number': return <DecimalField {...common} value={decimal(value)} onChange={set} />;
    case 'textarea': return <TextArea {...common} value={text} rows={2} maxLength={4000} onChange={set} />;
    case 'select': {
      const options = (field.options ?? []).map((option) => ({ value: option.value, label: words.option(field.name, option.value, option.label) }));
      // A value that the list does not name stays what it is until somebody chooses another.
      const all = text === '' || options.some((option) => option.value === text) ? options : [{ value: text, label: text }, ...options];
      return <Select {...common} options={field.required ? all : [{ value: '', label: t('option.none') }, ...all]} value={text} onChange={(next) => set(next === '' ? null : next)} />;
    }
    default: return <TextField {...common} value={text} maxLength={4000} onChange={set} />;
  }
}

/** A status moves only to those that may follow it. */
function StatusField({ common, draft, change }: { common: { label: string; error: string | null }; draft: Draft; change: (action: DraftAction) => void }): ReactNode {
  const words = useWords();
  const start = draft.base.status;
  const following = draft.isNew ? [] : nextStatuses(draft.type, start).filter((status) => status !== normaliseStatus(start));
  const options = [...new Set([start, draft.status, ...following])].map((value) => ({ value, label: words.status(value) }));
  return <Select {...common} options={options} value={draft.status} isReadOnly={options.length < 2} onChange={(value) => change({ type: 'set', name: 'status', value })} />;
}

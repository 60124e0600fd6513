import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nextStatuses, normaliseStatus } from '../../../../shared/domain/document-types.ts';
import { dayOf } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import type { FormField, FormSpec } from '../../../../shared/domain/form-spec.ts';
import { LiveDateField, LiveDecimalField, Select, TextArea, TextField } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import type { ContentAction } from './content.ts';
import { PartnerField } from './PartnerField.tsx';
import { pathOf } from './problems.ts';
import styles from './form.module.css';

/** What of a draft the header shows: everything but its lines. */
export type Header = Omit<DraftContent, 'lines' | 'nextLineId'>;

export type HeaderFieldsProps = {
  header: Header;
  /** Status of the stored document, which says what may follow; null for a new one. */
  baseStatus: string | null;
  spec: FormSpec;
  errors: ReadonlyMap<string, string>;
  change: (action: ContentAction) => void;
  visit: (path: string) => void;
};

const headerNames = ['type', 'number', 'numberProvisional', 'date', 'partnerId', 'partnerName', 'status', 'fields'] as const satisfies readonly (keyof Header)[];
const sameHeader = (a: Header, b: Header): boolean => headerNames.every((name) => a[name] === b[name]);
const sameErrors = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  [...a, ...b].every(([path]) => path.startsWith('lines.') || a.get(path) === b.get(path));

/** The header of the form: one field after the other as the form spec names them. Typing in the lines does not draw it again. */
export const HeaderFields = memo(function HeaderFields({ header, baseStatus, spec, errors, change, visit }: HeaderFieldsProps): ReactNode {
  return (
    <div className={styles.fields}>
      {spec.fields.map((field) => (
        <div key={field.name} className={field.type === 'textarea' ? styles.wideField : field.type === 'lookup' ? styles.lookupField : undefined} onBlur={() => visit(pathOf(field.name))} data-path={pathOf(field.name)}>
          <HeaderField field={field} header={header} baseStatus={baseStatus} error={errors.get(pathOf(field.name)) ?? null} change={change} />
        </div>
      ))}
    </div>
  );
}, (a, b) => a.spec === b.spec && a.baseStatus === b.baseStatus && a.change === b.change && sameHeader(a.header, b.header) && sameErrors(a.errors, b.errors));

type FieldProps = { field: FormField; header: Header; baseStatus: string | null; error: string | null; change: (action: ContentAction) => void };

function HeaderField({ field, header, baseStatus, error, change }: FieldProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const isNew = baseStatus === null;
  const common = { label: words.field(field), isRequired: field.required, error, 'data-testid': `field-${field.name}` };
  const path = pathOf(field.name);
  if (path === 'number') {
    return (
      <TextField
        {...common} value={header.number} maxLength={64} isReadOnly={!isNew} onChange={(value) => change({ type: 'set', name: 'number', value })}
        {...(header.numberProvisional && { hint: <span className={styles.provisional}>{t('number.provisional')}</span> })}
      />
    );
  }
  if (path === 'date') return <LiveDateField {...common} value={header.date} onChange={(value) => change({ type: 'setDate', value })} />;
  if (path === 'partnerId') return <PartnerField common={common} kind={field.lookup ?? 'customers'} draft={header} isNew={isNew} change={change} />;
  if (path === 'status') return <StatusField common={common} header={header} baseStatus={baseStatus} change={change} />;
  const value = header.fields[field.name] ?? null;
  const text = value === null ? '' : String(value);
  const set = (next: string | null): void => change({ type: 'setField', name: field.name, value: next });
  switch (field.type) {
    // Two weeks to pay are counted from the document's own date.
    case 'date': return <LiveDateField {...common} value={text === '' ? null : (dayOf(text.slice(0, 10)) === null ? text : text.slice(0, 10))} countsFrom={header.date} onChange={set} />;
    case 'number': return <LiveDecimalField {...common} value={text === '' ? null : text} onChange={set} />;
    case 'textarea': return <TextArea {...common} value={text} rows={1} maxLength={4000} onChange={set} />;
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
function StatusField({ common, header, baseStatus, change }: { common: { label: string; error: string | null }; header: Header; baseStatus: string | null; change: (action: ContentAction) => void }): ReactNode {
  const words = useWords();
  const start = baseStatus ?? header.status;
  const following = baseStatus === null ? [] : nextStatuses(header.type, start).filter((status) => status !== normaliseStatus(start));
  const options = [...new Set([start, header.status, ...following])].map((value) => ({ value, label: words.status(value) }));
  return <Select {...common} options={options} value={header.status} isReadOnly={options.length < 2} onChange={(value) => change({ type: 'set', name: 'status', value })} />;
}

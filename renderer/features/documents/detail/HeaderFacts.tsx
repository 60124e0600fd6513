import type { ReactNode } from 'react';
import type { BusinessDocument } from '../../../../shared/domain/document.ts';
import type { FormField } from '../../../../shared/domain/form-spec.ts';
import { headerName } from '../edit/problems.ts';
import { useFieldText } from '../field-text.ts';
import { useFormSpec } from '../useFormSpec.ts';
import { useWords } from '../words.ts';
import styles from './sheet.module.css';

/** The header of a document by its form spec; fields without a value are left out, but for those that must have one. */
export function HeaderFacts({ document }: { document: BusinessDocument }): ReactNode {
  const spec = useFormSpec(document.type);
  const words = useWords();
  const fieldText = useFieldText();
  const show = (field: FormField): ReactNode => {
    const header = headerName(field.name);
    if (header === 'partnerId') return document.partnerId === null ? null : <>{document.partnerName ?? document.partnerId} {document.partnerName !== null && <span className={styles.id}>{document.partnerId}</span>}</>;
    const value = header === null ? document.fields[field.name] : document[header];
    return fieldText(field, value);
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

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter } from '../../../shared/domain/audit.ts';
import { Button, DateField, Dialog, TextField } from '../../ui/index.ts';
import { boundsOf, dayOf, type ChangeFilter } from './filter.ts';
import styles from './audit.module.css';

const fields = ['actor', 'action', 'resource', 'role', 'correlationId'] as const;
const longest = { actor: 200, action: 200, resource: 300, role: 200, correlationId: 128 } as const;

/** Every condition of the filter as a field: for days, for names beyond the most frequent ones, and for whoever works without a mouse. */
export function ConditionsDialog({ filter, onChange, onClose }: { filter: AuditFilter; onChange: ChangeFilter; onClose: () => void }): ReactNode {
  const { t } = useTranslation('audit');
  const [days, setDays] = useState({ from: dayOf(filter.from), to: dayOf(filter.to) });
  const [texts, setTexts] = useState(() => Object.fromEntries(fields.map((name) => [name, filter[name] ?? ''])) as Record<(typeof fields)[number], string>);
  const [isTried, setTried] = useState(false);
  const bounds = boundsOf(days);
  const apply = (): void => {
    setTried(true);
    if (bounds === null) return;
    const isSameDays = days.from === dayOf(filter.from) && days.to === dayOf(filter.to);
    onChange({ ...Object.fromEntries(fields.map((name) => [name, texts[name].trim() === '' ? null : texts[name].trim()])), ...(isSameDays ? {} : bounds) });
    onClose();
  };
  const labels = { actor: t('column.actor'), action: t('column.action'), resource: t('column.resource'), role: t('filter.role'), correlationId: t('entry.correlation') };
  return (
    <Dialog
      isOpen isModal onClose={onClose} title={t('conditions.title')}
      actions={<><Button onPress={onClose}>{t('common:action.cancel')}</Button><Button variant="primary" onPress={apply} data-testid="audit-conditions-apply">{t('conditions.apply')}</Button></>}
    >
      <div className={styles.conditions} data-testid="audit-conditions">
        <DateField label={t('bundle.from')} value={days.from} onChange={(from) => setDays({ ...days, from })} />
        <DateField label={t('bundle.to')} value={days.to} onChange={(to) => setDays({ ...days, to })} error={isTried && bounds === null ? t('conditions.wrong') : null} />
        {fields.map((name) => <TextField key={name} label={labels[name]} value={texts[name]} onChange={(text) => setTexts({ ...texts, [name]: text })} maxLength={longest[name]} />)}
      </div>
      <p className={styles.text}>{t('conditions.explain')}</p>
    </Dialog>
  );
}

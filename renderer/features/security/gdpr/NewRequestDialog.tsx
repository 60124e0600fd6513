import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dueDay, localDay } from '../../../../shared/security/gdpr/deadline.ts';
import { articles, channels, requestKinds, type GdprRequest, type NewRequest } from '../../../../shared/security/gdpr/request.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Button, ComboBox, DateField, Dialog, ErrorPanel, Select, TextArea, TextField, type ComboItem } from '../../../ui/index.ts';
import styles from './gdpr.module.css';

/** Takes a request down: who asks for what, since when. The deadline stands there before anything is stored. */
export function NewRequestDialog({ onClose, onOpened }: { onClose: () => void; onOpened: (request: GdprRequest) => void }): ReactNode {
  const { t } = useTranslation('security-gdpr');
  const format = useFormat();
  const open = useAction('gdpr.open');
  const [draft, setDraft] = useState<NewRequest>({ kind: 'access', reference: '', name: '', contact: '', channel: 'email', receivedOn: localDay(Date.now()) });
  const [isTried, setTried] = useState(false);
  const put = (change: Partial<NewRequest>): void => setDraft((before) => ({ ...before, ...change }));
  const partners = useCall('lookups.search', { kind: 'customers', text: draft.reference }, { staleTime: 10_000 });
  const suppliers = useCall('lookups.search', { kind: 'suppliers', text: draft.reference }, { staleTime: 10_000 });
  const items = [...(partners.data?.value ?? []), ...(suppliers.data?.value ?? [])].slice(0, 50).map((item): ComboItem => ({ id: item.id, label: item.id, hint: item.label }));
  const due = dueDay(draft.receivedOn, false);
  const missing = (text: string): string | null => (isTried && text.trim() === '' ? t('new.required') : null);
  const save = (): void => {
    setTried(true);
    if (draft.reference.trim() === '' || draft.name.trim() === '' || due === null) return;
    void open.run(draft).then((made) => { if (made !== null) onOpened(made); });
  };
  return (
    <Dialog
      isOpen isModal onClose={onClose} title={t('action.new')} size="medium"
      actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="primary" isPending={open.isPending} onPress={save} data-testid="gdpr-save">{t('new.save')}</Button></>}
    >
      <div className={styles.form} data-testid="gdpr-form">
        <Select label={t('column.kind')} options={requestKinds.map((value) => ({ value, label: t(`kind.${value}`), note: t('article', { number: articles[value] }) }))} value={draft.kind} onChange={(kind) => put({ kind })} data-testid="gdpr-kind" />
        <Select label={t('new.channel')} options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))} value={draft.channel} onChange={(channel) => put({ channel })} />
        <ComboBox
          label={t('column.reference')} isRequired hint={t('new.referenceHint')} error={missing(draft.reference)} text={draft.reference} items={items}
          onSearch={() => undefined} onTextChange={(reference) => put({ reference })} onPick={(item) => put({ reference: item.id, ...(draft.name === '' && item.hint ? { name: item.hint } : {}) })} data-testid="gdpr-reference"
        />
        <TextField label={t('column.name')} isRequired error={missing(draft.name)} maxLength={300} value={draft.name} onChange={(name) => put({ name })} data-testid="gdpr-name" />
        <DateField label={t('column.received')} value={draft.receivedOn} onChange={(day) => put({ receivedOn: day ?? '' })} hint={due === null ? undefined : t('new.due', { day: format.date(due) })} error={isTried && due === null ? t('new.required') : null} />
        <TextArea label={t('new.contact')} rows={2} maxLength={4000} value={draft.contact} onChange={(contact) => put({ contact })} className={styles.wide ?? ''} />
        {open.error !== null && <div className={styles.wide}><ErrorPanel error={open.error} isInline /></div>}
      </div>
    </Dialog>
  );
}

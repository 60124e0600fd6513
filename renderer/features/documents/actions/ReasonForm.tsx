import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, TextArea } from '../../../ui/index.ts';
import styles from './actions.module.css';

export type ReasonFormProps = {
  title: string;
  confirm: string;
  isDanger: boolean;
  isPending: boolean;
  hint?: string | undefined;
  onConfirm: (reason: string) => void;
  onCancel: () => void;
};

/** Asks for the reason of a decision, in place, with the focus in the field. */
export function ReasonForm({ title, confirm, isDanger, isPending, hint, onConfirm, onCancel }: ReasonFormProps): ReactNode {
  const { t } = useTranslation('documents');
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const send = (): void => {
    setAsked(true);
    if (reason.trim() !== '' && !isPending) onConfirm(reason.trim());
  };
  return (
    <form
      className={styles.reason} aria-label={title}
      onSubmit={(event) => { event.preventDefault(); send(); }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); onCancel(); }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.stopPropagation(); send(); }
      }}
    >
      <TextArea
        label={title} hint={hint ?? t('reason.hint')} value={reason} onChange={setReason} rows={2} maxLength={1000} autoFocus isRequired
        error={isAsked && reason.trim() === '' ? t('reason.missing') : null} data-testid="reason"
      />
      <div className={styles.reasonButtons}>
        <Button variant={isDanger ? 'danger' : 'primary'} type="submit" isPending={isPending} shortcut="Ctrl+Enter" data-testid="reason-confirm">{confirm}</Button>
        <Button variant="quiet" onPress={onCancel} shortcut="Escape">{t('reason.cancel')}</Button>
      </div>
    </form>
  );
}

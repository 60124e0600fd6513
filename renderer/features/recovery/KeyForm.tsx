import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { useMessage } from '../../i18n/errors.ts';
import { Button, ErrorPanel, TextArea } from '../../ui/index.ts';
import styles from './recovery.module.css';

export type KeyFormProps = {
  submitLabel: string;
  isPending: boolean;
  error: AppError | null;
  /** The key is wrong although nothing failed. */
  problem?: string | null;
  onSubmit: (text: string) => void;
  /** Something was typed: what was said about the text before it does not count any more. */
  onType: () => void;
  autoFocus?: boolean;
  /** Other ways on, beside the button. */
  children?: ReactNode;
};

/** What is wrong with the text itself stands at the field. */
const isAboutText = (error: AppError): boolean => error.code === 'input.invalid' || error.code === 'keychain.recoveryWrong';

/** Asks for a recovery key. It takes any case, blanks and dashes; main finds the group with the typing error. */
export function KeyForm({ submitLabel, isPending, error, problem = null, onSubmit, onType, autoFocus = false, children }: KeyFormProps): ReactNode {
  const { t } = useTranslation('lock');
  const message = useMessage();
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  const submit = (): void => {
    setMissing(text.trim() === '');
    if (text.trim() !== '' && !isPending) onSubmit(text);
  };
  const atField = isMissing ? t('key.missing') : error !== null && isAboutText(error) ? message(error) : problem;
  return (
    <form className={styles.form} onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <TextArea
        label={t('key.label')} hint={t('key.hint')} value={text} rows={2} maxLength={300} error={atField} autoFocus={autoFocus} className={styles.input ?? ''} data-testid="recovery-key"
        onChange={(value) => { setText(value); setMissing(false); onType(); }}
        // A key is one line, however it is broken: Enter sends it.
        onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) { event.preventDefault(); submit(); } }}
      />
      {error !== null && !isAboutText(error) && <ErrorPanel error={error} isInline />}
      <div className={styles.actions}><Button variant="primary" type="submit" icon="key" isPending={isPending} data-testid="recovery-submit">{submitLabel}</Button>{children}</div>
    </form>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../shared/ipc/errors.ts';
import { useMessage } from '../i18n/errors.ts';
import { logAddress, useCanSearchLog } from '../state/log-search.ts';
import { useSignIn } from '../state/sign-in.ts';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';
import { useCopy } from './useCopy.ts';
import styles from './error-panel.module.css';

export type ErrorPanelProps = {
  error: AppError;
  /** What was being done, in a few words. */
  title?: string;
  /** Offered unless the error says that trying again cannot help. */
  onRetry?: (() => void) | undefined;
  /** Offered where signing in again solves it. Left out, the sign-in of this window starts. */
  onSignIn?: (() => void) | undefined;
  /** In one line with small buttons, for forms and tables. */
  isInline?: boolean;
  action?: ReactNode;
};

/** An error where it arose: what happened, what helps, and what support needs to find it. */
export function ErrorPanel({ error, title, onRetry, onSignIn, isInline = false, action }: ErrorPanelProps): ReactNode {
  const { t } = useTranslation();
  const message = useMessage();
  const { isCopied, copy } = useCopy();
  const signIn = useSignIn();
  const canSearch = useCanSearchLog();
  const text = message(error);
  const id = error.correlationId;
  const forSupport = [title, text, ...error.fieldErrors.map((field) => `${field.path}: ${message(field)}`), `${t('error.code')}: ${error.code}`, id === null ? null : `${t('error.correlationId')}: ${id}`, new Date().toISOString()];
  return (
    <div role="alert" className={cx(styles.panel, isInline && styles.inline)} data-code={error.code}>
      <Icon name="error" className={styles.icon} />
      <div className={styles.body}>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        <p>{text}</p>
        {error.fieldErrors.length > 0 && <ul className={styles.fields}>{error.fieldErrors.map((field) => <li key={field.path}><b>{field.path}</b> {message(field)}</li>)}</ul>}
        <p className={styles.facts}>
          <span>{error.code}</span>
          {id !== null && <span>{t('error.correlationId')} <code>{id}</code></span>}
        </p>
      </div>
      <div className={styles.actions}>
        {action}
        {canSearch && id !== null && <Button icon="search" variant="quiet" onPress={() => { window.location.hash = `#${logAddress(id, null)}`; }}>{t('error.searchLog')}</Button>}
        {error.reloginResolves && <Button icon="signIn" variant="primary" isPending={signIn.isPending} onPress={onSignIn ?? signIn.run}>{t('action.signIn')}</Button>}
        {onRetry !== undefined && error.retry !== 'never' && <Button icon="refresh" onPress={onRetry}>{t('action.retry')}</Button>}
        <Button icon={isCopied ? 'check' : 'copy'} variant="quiet" onPress={() => copy(forSupport.filter((part) => part !== null && part !== undefined).join('\n'))}>{isCopied ? t('action.copied') : t('action.copy')}</Button>
      </div>
    </div>
  );
}

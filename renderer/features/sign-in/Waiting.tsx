import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { Button, ErrorPanel, ProgressBar } from '../../ui/index.ts';
import styles from './sign-in.module.css';

/** While the browser is open: what to do there, and the way out when it did not come up. */
export function Waiting(): ReactNode {
  const { t } = useTranslation('shell');
  const cancel = useAction('session.cancelSignIn');
  const copyAddress = useAction('session.copyLoginAddress');
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={styles.waiting}>
      <ProgressBar label={t('signIn.waiting')} value={null} />
      <p className={styles.muted}>{t('signIn.waitingHint')}</p>
      {copyAddress.error !== null && <ErrorPanel error={copyAddress.error} isInline />}
      <div className={styles.actions}>
        <Button icon={isCopied ? 'check' : 'copy'} isPending={copyAddress.isPending} onPress={() => void copyAddress.run().then(() => setCopied(true))}>{isCopied ? t('signIn.addressCopied') : t('signIn.copyAddress')}</Button>
        <Button isPending={cancel.isPending} onPress={() => void cancel.run()}>{t('signIn.cancel')}</Button>
      </div>
    </div>
  );
}

import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { useSignInState } from '../../state/sign-in.ts';
import { Button, ErrorPanel, ProgressBar, useCopy } from '../../ui/index.ts';
import { remaining } from './remaining.ts';
import styles from './sign-in.module.css';

/** The present time, renewed every second. */
function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** While the person signs in on another device: where to go there, what to type, and for how long it counts. */
export function OnDevice(): ReactNode {
  const { t } = useTranslation('shell');
  const code = useSignInState(({ deviceCode }) => deviceCode);
  const cancel = useAction('session.cancelSignIn');
  const address = useCopy();
  const userCode = useCopy();
  const now = useSeconds();
  const left = code === null ? null : remaining(code.expiresAt, now);
  return (
    <div className={styles.waiting} data-testid="device-code">
      <ProgressBar label={t(code === null ? 'device.asking' : 'device.waiting')} value={null} />
      {code !== null && (
        <>
          <p>{t('device.open')}</p>
          <p className={styles.address} data-testid="device-address">{code.verificationUri}</p>
          <p>{t('device.type')}</p>
          <p className={styles.code} data-testid="device-user-code">{code.userCode}</p>
          <p className={styles.muted}>{left === null ? t('device.over') : t('device.left', { time: left })}</p>
          <p className={styles.muted}>{t('device.warning')}</p>
        </>
      )}
      {cancel.error !== null && <ErrorPanel error={cancel.error} isInline />}
      <div className={styles.actions}>
        {code !== null && (
          <>
            <Button icon={address.isCopied ? 'check' : 'copy'} onPress={() => address.copy(code.verificationUriComplete ?? code.verificationUri)}>{t(address.isCopied ? 'device.addressCopied' : 'device.copyAddress')}</Button>
            <Button icon={userCode.isCopied ? 'check' : 'copy'} onPress={() => userCode.copy(code.userCode)}>{t(userCode.isCopied ? 'device.codeCopied' : 'device.copyCode')}</Button>
          </>
        )}
        <Button isPending={cancel.isPending} onPress={() => void cancel.run()}>{t('device.cancel')}</Button>
      </div>
    </div>
  );
}

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { useRecovery } from '../../state/recovery.ts';
import { useAccount } from '../../state/session.ts';
import { Button, Dialog, ErrorPanel } from '../../ui/index.ts';
import { useDocumentTitle } from '../../ui/useDocumentTitle.ts';
import { KeyForm } from './KeyForm.tsx';
import { useSecretCall } from './useSecretCall.ts';
import styles from './recovery.module.css';

type Way = 'recoveryKey' | 'keychain' | 'fresh';

/** The cache cannot be opened with what the keychain holds: the recovery key opens it, or the work begins with an empty one. */
export default function RecoveryScreen(): ReactNode {
  const { t } = useTranslation('lock');
  useDocumentTitle(t('recovery.title'));
  const cause = useRecovery(({ needed }) => needed);
  const account = useAccount();
  const open = useSecretCall('security.openCache');
  const signOut = useAction('session.signOut');
  const [isAsking, setAsking] = useState(false);
  // One call for three ways: what went wrong stands with the way that was tried.
  const [way, setWay] = useState<Way>('recoveryKey');
  const errorOf = (tried: Way): typeof open.error => (way === tried ? open.error : null);
  const go = async (next: Way, text = ''): Promise<void> => {
    setWay(next);
    const opened = await open.run(next === 'recoveryKey' ? { kind: next, text } : { kind: next });
    if (opened !== null) useRecovery.setState({ needed: null });
  };
  const isTrying = (tried: Way): boolean => open.isPending && way === tried;
  const keychainError = errorOf('keychain');
  const freshError = errorOf('fresh');
  return (
    <div className={styles.screen} data-testid="recovery">
      <h1 className={styles.title}>{t('recovery.title')}</h1>
      {account !== null && <p className={styles.muted}>{t('recovery.account', { name: account.displayName })}</p>}
      <p>{t(`recovery.cause.${cause ?? 'unreadable'}`)} {t('recovery.explain')}</p>
      <KeyForm autoFocus submitLabel={t('recovery.open')} isPending={isTrying('recoveryKey')} error={errorOf('recoveryKey')} onType={open.reset} onSubmit={(text) => void go('recoveryKey', text)} />
      <section className={styles.part} aria-labelledby="recovery-keychain">
        <h2 id="recovery-keychain" className={styles.subtitle}>{t('recovery.keychain.title')}</h2>
        <p className={styles.muted}>{t('recovery.keychain.hint')}</p>
        {/* The same again is said in one line; the screen explains it already. */}
        {keychainError?.code === 'keychain.recoveryNeeded' ? <p role="alert">{t('recovery.keychain.stillShut')}</p> : keychainError !== null && <ErrorPanel error={keychainError} isInline />}
        <Button icon="refresh" isPending={isTrying('keychain')} onPress={() => void go('keychain')}>{t('recovery.keychain.again')}</Button>
      </section>
      <section className={styles.part} aria-labelledby="recovery-fresh">
        <h2 id="recovery-fresh" className={styles.subtitle}>{t('recovery.fresh.title')}</h2>
        <p className={styles.muted}>{t('recovery.fresh.hint')}</p>
        {signOut.error !== null && <ErrorPanel error={signOut.error} isInline />}
        <div className={styles.actions}>
          <Button icon="archive" isPending={isTrying('fresh')} onPress={() => setAsking(true)}>{t('recovery.fresh.begin')}</Button>
          <Button variant="quiet" icon="signOut" isPending={signOut.isPending} onPress={() => void signOut.run()}>{t('signOut')}</Button>
        </div>
      </section>
      <Dialog isOpen={isAsking} isModal onClose={() => setAsking(false)} title={t('recovery.fresh.ask')} actions={<>
        <Button autoFocus onPress={() => setAsking(false)}>{t('recovery.fresh.stay')}</Button>
        <Button variant="primary" isPending={isTrying('fresh')} onPress={() => void go('fresh')}>{t('recovery.fresh.begin')}</Button>
      </>}>
        <p>{t('recovery.fresh.kept')}</p>
        {freshError !== null && <ErrorPanel error={freshError} isInline />}
      </Dialog>
    </div>
  );
}

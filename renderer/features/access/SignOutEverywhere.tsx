import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { useIsOffline } from '../../state/connection.ts';
import { signOutWhenStored } from '../../state/leaving.ts';
import { Banner, Button, Dialog, ErrorPanel, showToast } from '../../ui/index.ts';
import styles from './access.module.css';

/** Asks before the sign-in ends here and at the identity provider, and says what that means. */
export function SignOutEverywhere({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('access');
  const isOffline = useIsOffline();
  const signOut = useAction('session.signOutEverywhere');
  const run = async (): Promise<void> => {
    const ended = await signOut.run();
    // The screen is gone by now; the toast outlives it.
    if (ended !== null) showToast(ended.providerPageOpened ? { title: t('everywhere.done'), text: t('everywhere.doneHint') } : { title: t('everywhere.onlyHere'), text: t('everywhere.onlyHereHint'), tone: 'warning' });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('everywhere.title')} actions={<>
      <Button onPress={onClose}>{t('everywhere.stay')}</Button>
      <Button variant="primary" icon="signOut" autoFocus isPending={signOut.isPending} onPress={() => void signOutWhenStored(run)} data-testid="confirm-everywhere">{t('everywhere.confirm')}</Button>
    </>}>
      <div className={styles.texts}>
        <p>{t('everywhere.here')}</p>
        <p>{t('everywhere.provider')}</p>
        <p className={styles.muted}>{t('everywhere.others')}</p>
        {isOffline && <Banner tone="warning" icon="offline">{t('everywhere.offline')}</Banner>}
        {signOut.error !== null && <ErrorPanel error={signOut.error} isInline />}
      </div>
    </Dialog>
  );
}

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useAppPolicy } from '../../state/app-policy.ts';
import { useGrace } from '../../state/grace.ts';
import { useLock } from '../../state/lock.ts';
import { useAccount, useSession } from '../../state/session.ts';
import { Button, ErrorPanel, Icon } from '../../ui/index.ts';
import { useDocumentTitle } from '../../ui/useDocumentTitle.ts';
import { KeyForm } from '../recovery/KeyForm.tsx';
import { useSecretCall } from '../recovery/useSecretCall.ts';
import { Waiting } from '../sign-in/Waiting.tsx';
import styles from './lock.module.css';

/** All there is while the app is locked: who, why, and the ways to open it again. */
export default function LockScreen(): ReactNode {
  const { t } = useTranslation('lock');
  useDocumentTitle(t('lock.title'));
  const format = useFormat();
  const state = useLock((store) => store.state);
  const account = useAccount();
  const isSigningIn = useSession((store) => store.state?.status === 'signingIn');
  const byKeychain = useSecretCall('lock.unlock');
  const byRecoveryKey = useSecretCall('lock.unlock');
  const signOut = useAction('session.signOut');
  const [asksKey, setAsksKey] = useState(false);
  const reason = state !== null && 'reason' in state ? state : null;
  const grace = useGrace();
  // The offline time may also run out behind a lock that has another reason.
  const isGrace = grace?.status === 'over';
  const graceText = isGrace ? t(`lock.reason.grace.${grace.cause}`, { when: grace.contactAt === 0 ? t('lock.never') : format.dateTime(grace.contactAt) }) : '';
  const needsSignIn = useAppPolicy()['lock.needsSignIn'];
  const { error } = byKeychain;
  return (
    <div className={styles.screen} data-testid="lock-screen">
      <h1 className={styles.title}><Icon name="lock" />{t('lock.title')}</h1>
      {account !== null && <p className={styles.name}>{account.displayName}</p>}
      {reason !== null && <p className={styles.muted}>{isGrace ? graceText : t(`lock.reason.${reason.reason}`, { when: format.moment(reason.since) })}</p>}
      <p>{t(isGrace ? 'lock.explainGrace' : 'lock.explain')}</p>
      {/* Opened meanwhile by another way, or shut again at once: the screen shows that already. */}
      {error !== null && error.code !== 'call.cancelled' && !isSigningIn && <ErrorPanel error={error} />}
      {isSigningIn || (byKeychain.isPending && (needsSignIn || isGrace)) ? <Waiting /> : <Button variant="primary" icon="key" autoFocus className={styles.main ?? ''} isPending={byKeychain.isPending} onPress={() => void byKeychain.run({ kind: 'keychain' })} data-testid="unlock">{t(isGrace ? 'lock.connect' : 'lock.unlock')}</Button>}
      {asksKey && <KeyForm autoFocus submitLabel={t('lock.unlockWithKey')} isPending={byRecoveryKey.isPending} error={byRecoveryKey.error} onType={byRecoveryKey.reset} onSubmit={(text) => void byRecoveryKey.run({ kind: 'recoveryKey', text })} />}
      {signOut.error !== null && <ErrorPanel error={signOut.error} isInline />}
      <div className={styles.foot}>
        {!asksKey && <Button variant="quiet" icon="key" onPress={() => setAsksKey(true)}>{t('lock.useKey')}</Button>}
        <Button variant="quiet" icon="signOut" isPending={signOut.isPending} onPress={() => void signOut.run()}>{t('signOut')}</Button>
      </div>
    </div>
  );
}

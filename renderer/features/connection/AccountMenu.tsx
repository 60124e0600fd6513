import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useTranslation } from 'react-i18next';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useAccount, useSession } from '../../state/session.ts';
import { signOutWhenStored } from '../../state/leaving.ts';
import { Badge, Button, ErrorPanel, Icon, PopoverButton } from '../../ui/index.ts';
import styles from './connection.module.css';

/** Who is signed in, what they may do and where that comes from, and how the sign-in is kept. */
export function AccountMenu(): ReactNode {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const navigate = useNavigate();
  const signOut = useAction('session.signOut');
  const state = useSession((store) => store.state);
  const account = useAccount();
  if (state === null || account === null) return null;
  const { persistence } = state;
  const confirmedAt = state.status === 'signedIn' ? state.confirmedAt : null;
  return (
    <PopoverButton label={t('account.label', { name: account.displayName })} data-testid="account" trigger={<><Icon name="user" /><span className={styles.account}>{account.displayName}</span><Icon name="chevronDown" /></>}>
      {(close) => (
        <>
          <div>
            <div className={styles.who}>{account.displayName}</div>
            <div className={styles.muted}>{[account.userName, account.email, account.tenantId].filter((part) => part !== null).join(' · ')}</div>
          </div>
          <div className={styles.part}>
            <span className={styles.title}>{t('account.roles')}</span>
            <span className={styles.badges}>{account.roles.length === 0 ? t('account.noRoles') : account.roles.map((role) => <Badge key={role} tone="accent">{role}</Badge>)}</span>
          </div>
          <div className={styles.part}>
            <span className={styles.title}>{t('account.scopes')}</span>
            <span className={styles.badges}>{account.scopes.length === 0 ? t('account.noScopes') : account.scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)}</span>
            <span className={styles.muted}>{t(`account.scopeSource.${account.scopeSource}`)}</span>
          </div>
          <div className={styles.part}>
            <span className={styles.title}>{t('account.kept')}</span>
            <span>{persistence.kind === 'keychain' ? t('account.keychain') : t(`account.memory.${persistence.cause}`)}</span>
            <span className={styles.muted}>{confirmedAt === null ? t('account.unconfirmed') : t('account.confirmed', { when: format.moment(confirmedAt) })}</span>
          </div>
          {signOut.error !== null && <ErrorPanel error={signOut.error} isInline />}
          <div className={styles.actions}>
            <Button icon="key" onPress={() => { close(); void navigate('/access'); }} data-testid="open-access">{t('shell:area.access')}</Button>
            <Button icon="settings" onPress={() => { close(); void navigate('/settings'); }}>{t('area.settings')}</Button>
            <Button icon="lock" shortcut="Ctrl+L" onPress={() => { close(); void call('lock.lock').catch(() => undefined); }} data-testid="lock-now">{t('lock:lock.command')}</Button>
            <Button icon="signOut" isPending={signOut.isPending} onPress={() => void signOutWhenStored(signOut.run)}>{t('account.signOut')}</Button>
          </div>
        </>
      )}
    </PopoverButton>
  );
}

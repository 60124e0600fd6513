import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { useMessage } from '../../i18n/errors.ts';
import { useAppPolicy } from '../../state/app-policy.ts';
import { useActiveProfile, useAdoptProfiles, useProfiles } from '../../state/profiles.ts';
import { useSession } from '../../state/session.ts';
import { useSignIn } from '../../state/sign-in.ts';
import { Badge, Banner, Button, DefinitionList, ErrorPanel, Select, useCopy } from '../../ui/index.ts';
import { useDocumentTitle } from '../../ui/useDocumentTitle.ts';
import { OnDevice } from './OnDevice.tsx';
import { Waiting } from './Waiting.tsx';
import styles from './sign-in.module.css';

/** Signing in: which server, then the browser. What went wrong stands here until the next try. */
export default function SignInScreen(): ReactNode {
  const { t } = useTranslation('shell');
  useDocumentTitle(t('signIn.title'));
  const session = useSession(({ state }) => state);
  const profiles = useProfiles();
  const profile = useActiveProfile();
  const adopt = useAdoptProfiles();
  const activate = useAction('profiles.activate');
  const importFile = useAction('profiles.importFile');
  const signIn = useSignIn();
  const askKeychain = useAction('security.askKeychain');
  const mayWorkWithout = useAppPolicy()['session.withoutKeychain'];
  const message = useMessage();
  const isSigningIn = session?.status === 'signingIn' || signIn.isPending;
  const all = profiles.data?.profiles ?? [];
  const failed = signIn.error ?? activate.error ?? importFile.error;
  // The person's own decision is no failure.
  const wasCancelled = failed?.code === 'login.cancelled' && !isSigningIn;
  return (
    <div className={styles.screen}>
      <h1 className={styles.title}>{t('signIn.title')}</h1>
      {all.length > 1 && (
        <Select
          label={t('signIn.profile')} value={profile?.id ?? null} isDisabled={isSigningIn} options={all.map(({ id, name, environment }) => ({ value: id, label: name, note: t(`environment.${environment}`) }))}
          onChange={(id) => void activate.run({ id }).then(adopt)}
        />
      )}
      {profile !== null && (
        <DefinitionList items={[
          ...(all.length > 1 ? [] : [{ label: t('signIn.profile'), value: profile.name }]),
          { label: t('connection.erp'), value: profile.erpUrl }, { label: t('connection.identityProvider'), value: profile.issuer },
        ]} />
      )}
      {session?.persistence.kind === 'memory' && <div className={styles.note}><Banner tone="warning" icon="key" action={<Button icon="refresh" isPending={askKeychain.isPending} onPress={() => void askKeychain.run()} data-testid="ask-keychain">{t('lock:recovery.keychain.again')}</Button>}>{!mayWorkWithout ? t('errors:policy.withoutKeychain') : t('signIn.sessionOnly')} {t(`banner.cause.${session.persistence.cause}`)}</Banner></div>}
      {wasCancelled && <div className={styles.note}><Banner>{message(failed)}</Banner></div>}
      {failed !== null && !isSigningIn && !wasCancelled && <ErrorPanel error={failed} onRetry={signIn.error === null ? undefined : signIn.isOnDevice ? signIn.runOnDevice : signIn.run} />}
      {isSigningIn ? (signIn.isOnDevice && signIn.isPending ? <OnDevice /> : <Waiting />) : (
        <>
          <Button variant="primary" icon="signIn" autoFocus className={styles.main ?? ''} isDisabled={profile === null} onPress={signIn.run}>{t('signIn.start')}</Button>
          <p className={styles.muted}>{t('signIn.explain')}</p>
          <div className={styles.foot}><Button variant="quiet" isDisabled={profile === null} onPress={signIn.runOnDevice} data-testid="sign-in-on-device">{t('shell:device.start')}</Button></div>
        </>
      )}
      {profile?.demoAccounts !== undefined && <DemoAccounts accounts={profile.demoAccounts} />}
      {!isSigningIn && <div className={styles.foot}><Button variant="quiet" icon="documents" isPending={importFile.isPending} onPress={() => void importFile.run().then(adopt)}>{t('signIn.importProfile')}</Button></div>}
    </div>
  );
}

/** The accounts of a demo backend, to be typed or copied into the browser. */
function DemoAccounts({ accounts }: { accounts: readonly { name: string; password: string; roles: readonly string[] }[] }): ReactNode {
  const { t } = useTranslation('shell');
  const { copy, isCopied } = useCopy();
  return (
    <section className={styles.demo} aria-label={t('signIn.demo')}>
      <h2 className={styles.subtitle}>{t('signIn.demo')}</h2>
      <p className={styles.muted}>{t('signIn.demoHint')}</p>
      <table className={styles.accounts}>
        <thead><tr><th scope="col">{t('signIn.userName')}</th><th scope="col">{t('signIn.password')}</th><th scope="col">{t('account.roles')}</th></tr></thead>
        <tbody>
          {accounts.map(({ name, password, roles }) => (
            <tr key={name}>
              <td>{name}</td>
              <td><Button variant="quiet" icon="copy" className={styles.copy ?? ''} onPress={() => copy(password)}>{password}</Button></td>
              <td><span className={styles.roles}>{roles.map((role) => <Badge key={role}>{role}</Badge>)}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
      <p role="status" className={styles.muted}>{isCopied ? t('signIn.passwordCopied') : ''}</p>
    </section>
  );
}

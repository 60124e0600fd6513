import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, ClaimGap } from '../../../shared/domain/session.ts';
import { useFormat } from '../../i18n/format.ts';
import { useActiveProfile } from '../../state/profiles.ts';
import { useSession } from '../../state/session.ts';
import { Badge, Button, DefinitionList, Icon, useCopy } from '../../ui/index.ts';
import { SignIns } from './SignIns.tsx';
import styles from './access.module.css';

/** Who is signed in, how they proved it, and what their token lacks. */
export function SignedIn({ account }: { account: Account }): ReactNode {
  const { t } = useTranslation('access');
  const format = useFormat();
  const profile = useActiveProfile();
  const state = useSession((store) => store.state);
  const confirmedAt = state?.status === 'signedIn' ? state.confirmedAt : null;
  const gaps = account.gaps ?? [];
  const methods = account.amr ?? [];
  // A method that has no word here is shown as the provider writes it.
  const wordFor = (method: string): string => t(`amr.${method}`, { defaultValue: method });
  return (
    <div className={styles.view}>
      <section className={styles.section} aria-labelledby="access-who">
        <h2 id="access-who">{t('who.title')}</h2>
        <DefinitionList items={[
          { label: t('who.name'), value: account.displayName }, { label: t('who.userName'), value: account.userName },
          { label: t('who.email'), value: account.email ?? t('notReported') }, { label: t('who.tenant'), value: account.tenantId ?? t('notReported') },
          { label: t('who.provider'), value: profile?.issuer ?? '–' },
        ]} />
      </section>
      <section className={styles.section} aria-labelledby="access-proof">
        <h2 id="access-proof">{t('proof.title')}</h2>
        <DefinitionList items={[
          { label: t('proof.since'), value: account.authTime === undefined || account.authTime === null ? t('notReported') : format.moment(account.authTime) },
          { label: t('proof.confirmed'), value: confirmedAt === null ? t('proof.unconfirmed') : format.moment(confirmedAt) },
          { label: t('proof.methods'), value: methods.length === 0 ? t('notReported') : format.list(methods.map(wordFor)) },
          { label: t('proof.level'), value: account.acr ?? t('notReported') },
          { label: t('proof.kept'), value: state === null ? '–' : t(`kept.${state.persistence.kind === 'keychain' ? 'keychain' : state.persistence.cause}`) },
        ]} />
      </section>
      <section className={styles.wide} aria-labelledby="access-sign-ins"><h2 id="access-sign-ins">{t('signIns.title')}</h2><SignIns /></section>
      <section className={styles.section} aria-labelledby="access-rights">
        <h2 id="access-rights">{t('rights.title')}</h2>
        <div>
          <DefinitionList items={[
            { label: t('rights.roles'), value: <Names of={account.roles} tone="accent" /> }, { label: t('rights.scopes'), value: <Names of={account.scopes} /> },
          ]} />
          <p className={styles.source}>{t(`rights.source.${account.scopeSource}`)}</p>
        </div>
      </section>
      <section className={styles.section} aria-labelledby="access-gaps">
        <h2 id="access-gaps">{t('gaps.title')}</h2>
        {gaps.length === 0 ? <p className={styles.muted}>{t('gaps.none')}</p> : (
          <ul className={styles.gaps}>{gaps.map((gap) => <Gap key={gap} gap={gap} account={account} issuer={profile?.issuer ?? ''} />)}</ul>
        )}
      </section>
    </div>
  );
}

function Names({ of, tone = 'neutral' }: { of: readonly string[]; tone?: 'neutral' | 'accent' }): ReactNode {
  const { t } = useTranslation('access');
  return <span className={styles.badges}>{of.length === 0 ? t('none') : of.map((name) => <Badge key={name} tone={tone}>{name}</Badge>)}</span>;
}

/** What the token lacks, what follows from it, and a message to whoever can change it. */
function Gap({ gap, account, issuer }: { gap: ClaimGap; account: Account; issuer: string }): ReactNode {
  const { t } = useTranslation('access');
  const { copy, isCopied } = useCopy();
  const advice = t(`gap.${gap}.advice`);
  return (
    <li className={styles.gap}>
      <Icon name="warning" className={styles.gapIcon} />
      <div className={styles.gapText}>
        <p><b>{t(`gap.${gap}.what`)}</b></p>
        <p>{t(`gap.${gap}.effect`)}</p>
        <p className={styles.muted}>{t('gaps.tell')} {advice}</p>
        <Button icon={isCopied ? 'check' : 'copy'} onPress={() => copy(t('gaps.message', { what: t(`gap.${gap}.what`), advice, userName: account.userName, issuer }))}>{isCopied ? t('gaps.copied') : t('gaps.copy')}</Button>
      </div>
    </li>
  );
}

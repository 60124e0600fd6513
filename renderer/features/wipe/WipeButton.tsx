import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useAppPolicy } from '../../state/app-policy.ts';
import { useAccount } from '../../state/session.ts';
import { Banner, Button, Dialog, ErrorPanel, showToast, TextField } from '../../ui/index.ts';
import { lossesOf, type Loss } from './losses.ts';
import styles from './wipe.module.css';
import { addTexts } from '../../i18n/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/wipe.json', { eager: true, import: 'default' }));

/** As many as can be read at a glance; the rest is counted. */
const named = 5;

/** Signs out and removes the account's data and keys from this computer, after saying by name what is lost for good. */
export function WipeDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('wipe');
  const userName = useAccount()?.userName ?? '';
  const drafts = useCall('drafts.list', undefined);
  const commands = useCall('outbox.list', undefined);
  const wipe = useAction('security.wipe');
  const [typed, setTyped] = useState('');
  const isRight = typed.trim().toLowerCase() === userName.toLowerCase();
  const unknown = drafts.error !== null || commands.error !== null;
  const losses = lossesOf(drafts.data ?? [], commands.data ?? []);
  const run = async (): Promise<void> => {
    const wiped = await wipe.run({ secure: true });
    // The screen is gone by now; the toast outlives it.
    if (wiped !== null) showToast(wiped.complete ? { title: t('done') } : { title: t('rest'), text: t('restHint'), tone: 'warning' });
  };
  return (
    <Dialog isOpen isModal onClose={onClose} size="medium" title={t('title')} actions={<>
      <Button onPress={onClose}>{t('keep')}</Button>
      <Button variant="danger" icon="trash" isDisabled={!isRight} reason={t('typeFirst', { userName })} isPending={wipe.isPending} onPress={() => void run()} data-testid="wipe-confirm">{t('remove')}</Button>
    </>}>
      <div className={styles.texts} data-testid="wipe">
        <p>{t('what')}</p>
        {unknown && <Banner tone="warning">{t('unknown')}</Banner>}
        {!unknown && losses.drafts.length + losses.commands.length === 0 && drafts.data !== undefined && commands.data !== undefined && <Banner tone="success">{t('nothingLost')}</Banner>}
        <Lost kind="drafts" losses={losses.drafts} />
        <Lost kind="commands" losses={losses.commands} />
        <p className={styles.muted}>{t('server')}</p>
        <TextField label={t('type', { userName })} value={typed} onChange={setTyped} autoFocus data-testid="wipe-typed" />
        {wipe.error !== null && <ErrorPanel error={wipe.error} isInline />}
      </div>
    </Dialog>
  );
}

function Lost({ kind, losses }: { kind: 'drafts' | 'commands'; losses: readonly Loss[] }): ReactNode {
  const { t } = useTranslation('wipe');
  if (losses.length === 0) return null;
  return (
    <section className={styles.lost} data-testid={`wipe-${kind}`}>
      <b>{t(`lost.${kind}`, { count: losses.length })}</b>
      <ul>
        {losses.slice(0, named).map(({ id, number, partner }) => <li key={id}>{[number === '' ? t('withoutNumber') : number, partner].filter((part) => part !== null).join(' · ')}</li>)}
        {losses.length > named && <li>{t('more', { count: losses.length - named })}</li>}
      </ul>
    </section>
  );
}

/** The button to it, with the reason where the administration does not allow it. */
export function WipeButton(): ReactNode {
  const { t } = useTranslation('wipe');
  const isAllowed = useAppPolicy()['wipe.allowed'];
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button icon="trash" isDisabled={!isAllowed} reason={t('errors:policy.wipe')} onPress={() => setAsking(true)} data-testid="wipe-open">{t('open')}</Button>
      {isAsking && <WipeDialog onClose={() => setAsking(false)} />}
    </>
  );
}

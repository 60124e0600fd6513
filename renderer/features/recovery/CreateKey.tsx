import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '../../state/session.ts';
import { useInfo } from '../../state/info.ts';
import { Badge, Banner, Button, Dialog, ErrorPanel, useCopy } from '../../ui/index.ts';
import { KeyForm } from './KeyForm.tsx';
import { useSecretCall } from './useSecretCall.ts';
import styles from './recovery.module.css';

/** The key is in this component only, and only until it was typed in once. */
type Step = { name: 'explain' } | { name: 'show' | 'confirm'; recoveryKey: string } | { name: 'done' };

/** Makes a recovery key, shows it this once, and has it typed in from the paper it was written on. */
export function CreateKey({ replaces, onClose }: { /** There is one already. */ replaces: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation('lock');
  const [step, setStep] = useState<Step>({ name: 'explain' });
  const [fits, setFits] = useState(true);
  const create = useSecretCall('security.createRecoveryKey');
  const check = useSecretCall('security.checkRecoveryKey');
  const make = (): void => void create.run().then((made) => made !== null && setStep({ name: 'show', recoveryKey: made.value.recoveryKey }));
  const confirm = async (recoveryKey: string): Promise<void> => {
    const answer = await check.run({ recoveryKey });
    if (answer === null) return;
    setFits(answer.value.fits);
    if (answer.value.fits) setStep({ name: 'done' });
  };
  const buttons: Record<Step['name'], ReactNode> = {
    explain: <><Button onPress={onClose}>{t('key.notNow')}</Button><Button variant="primary" autoFocus icon="key" isPending={create.isPending} onPress={make} data-testid="recovery-make">{t(replaces ? 'key.replace' : 'key.create')}</Button></>,
    show: step.name === 'show' ? <Button variant="primary" onPress={() => setStep({ ...step, name: 'confirm' })} data-testid="recovery-written">{t('key.written')}</Button> : null,
    confirm: undefined,
    done: <Button variant="primary" autoFocus onPress={onClose} data-testid="recovery-done">{t('key.done')}</Button>,
  };
  return (
    <Dialog isOpen isModal onClose={onClose} size="medium" title={t(`create.${step.name}.title`)} actions={buttons[step.name]}>
      <div className={styles.dialog}>
        {step.name !== 'explain' || !replaces ? <p>{t(`create.${step.name}.hint`)}</p> : <p>{t('create.explain.replaces')}</p>}
        {create.error !== null && <ErrorPanel error={create.error} isInline />}
        {step.name === 'show' && <Sheet recoveryKey={step.recoveryKey} />}
        {step.name === 'confirm' && (
          <KeyForm autoFocus submitLabel={t('create.confirm.submit')} isPending={check.isPending} error={check.error} problem={fits ? null : t('key.doesNotFit')} onSubmit={(text) => void confirm(text)} onType={() => { setFits(true); check.reset(); }}>
            <Button onPress={() => setStep({ ...step, name: 'show' })}>{t('create.confirm.back')}</Button>
          </KeyForm>
        )}
        {step.name === 'done' && <p role="status"><Badge tone="success" icon="check">{t('key.fits')}</Badge></p>}
      </div>
    </Dialog>
  );
}

/** The key in groups, as large as one writes; printed, it stands alone on the page with whose it is. */
function Sheet({ recoveryKey }: { recoveryKey: string }): ReactNode {
  const { t } = useTranslation('lock');
  const { isCopied, copy } = useCopy();
  const account = useAccount();
  const info = useInfo((store) => store.info);
  return (
    <>
      <div className={styles.sheet}>
        <div className={styles.forPaper}><h2 className={styles.title}>{t('create.paper.title')}</h2><p>{account?.displayName} · VALEO NeuroERP Admin {info?.version}</p></div>
        <div className={styles.groups} role="group" aria-label={t('key.label')} data-testid="recovery-groups">{recoveryKey.split('-').map((group, index) => <span key={index}>{group}</span>)}</div>
      </div>
      <div className={styles.actions}>
        <Button icon="documents" onPress={() => window.print()}>{t('create.show.print')}</Button>
        <Button icon={isCopied ? 'check' : 'copy'} onPress={() => copy(recoveryKey)}>{t(isCopied ? 'create.show.copied' : 'create.show.copy')}</Button>
      </div>
      <Banner tone="warning" icon="key">{t('create.show.once')}</Banner>
    </>
  );
}

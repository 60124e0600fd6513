import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useAppPolicy } from '../../state/app-policy.ts';
import { Badge, Button, Dialog, ErrorPanel } from '../../ui/index.ts';
import { CreateKey } from './CreateKey.tsx';
import { KeyForm } from './KeyForm.tsx';
import { useSecretCall } from './useSecretCall.ts';
import styles from './recovery.module.css';

/** The account's recovery key: whether there is one, making, trying and removing it. */
export function RecoveryKey(): ReactNode {
  const { t } = useTranslation('lock');
  const format = useFormat();
  const mayCreate = useAppPolicy()['recoveryKey.allowed'];
  const { data, error, refetch } = useCall('security.recovery', undefined);
  const [shown, setShown] = useState<'create' | 'check' | 'remove' | null>(null);
  const close = (): void => {
    setShown(null);
    refetch();
  };
  if (data === undefined) return error === null ? null : <ErrorPanel error={error} isInline onRetry={refetch} />;
  const { recovery } = data;
  const hasKey = recovery.status === 'present';
  return (
    <div className={styles.status} data-testid="recovery-status" data-status={recovery.status}>
      <p className={styles.muted}>{t('key.explain')}</p>
      <div className={styles.state}>
        {hasKey ? <><Badge tone="success" icon="check">{t('key.present')}</Badge><span>{t('key.since', { when: format.moment(recovery.createdAt) })}</span>{recovery.checkedAt === null ? <Badge tone="warning" icon="warning">{t('key.unchecked')}</Badge> : <span className={styles.muted}>{t('key.checkedAt', { when: format.moment(recovery.checkedAt) })}</span>}</>
          : <Badge tone={recovery.status === 'damaged' ? 'danger' : 'warning'} icon="warning">{t(`key.status.${recovery.status}`)}</Badge>}
      </div>
      {hasKey && recovery.checkedAt === null && <p>{t('key.uncheckedHint')}</p>}
      <div className={styles.actions}>
        {/* A later version's key must not be overwritten by this one. */}
        {recovery.status !== 'newer' && <Button icon="key" isDisabled={!mayCreate} reason={t('errors:policy.recoveryKey')} onPress={() => setShown('create')} data-testid="recovery-create">{t(hasKey ? 'key.replace' : 'key.create')}</Button>}
        {hasKey && <Button icon="check" onPress={() => setShown('check')}>{t('key.check')}</Button>}
        {hasKey && <Button icon="trash" onPress={() => setShown('remove')}>{t('key.remove')}</Button>}
      </div>
      {shown === 'create' && <CreateKey replaces={hasKey} onClose={close} />}
      {shown === 'check' && <CheckKey onClose={close} />}
      {shown === 'remove' && <RemoveKey onClose={close} />}
    </div>
  );
}

function CheckKey({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('lock');
  const check = useSecretCall('security.checkRecoveryKey');
  const [fits, setFits] = useState<boolean | null>(null);
  const reset = (): void => {
    setFits(null);
    check.reset();
  };
  return (
    <Dialog isOpen isModal onClose={onClose} size="medium" title={t('key.checkTitle')} actions={<Button onPress={onClose}>{t('key.done')}</Button>}>
      <div className={styles.dialog}>
        <p>{t('key.checkHint')}</p>
        <KeyForm autoFocus submitLabel={t('key.check')} isPending={check.isPending} error={check.error} problem={fits === false ? t('key.doesNotFit') : null} onType={reset} onSubmit={(recoveryKey) => void check.run({ recoveryKey }).then((answer) => setFits(answer?.value.fits ?? null))} />
        {fits === true && <p role="status"><Badge tone="success" icon="check">{t('key.fits')}</Badge></p>}
      </div>
    </Dialog>
  );
}

function RemoveKey({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('lock');
  const remove = useSecretCall('security.removeRecoveryKey');
  const confirm = (): void => void remove.run().then((removed) => removed !== null && onClose());
  return (
    <Dialog isOpen isModal onClose={onClose} title={t('key.removeTitle')} actions={<>
      <Button autoFocus onPress={onClose}>{t('key.keep')}</Button>
      <Button variant="danger" icon="trash" isPending={remove.isPending} onPress={confirm}>{t('key.remove')}</Button>
    </>}>
      <p>{t('key.removeHint')}</p>
      {remove.error !== null && <ErrorPanel error={remove.error} isInline />}
    </Dialog>
  );
}

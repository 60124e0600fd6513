import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RotatePhase, SecretRow } from '../../../../shared/security/secrets/secret.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Banner, Button, Dialog, ErrorPanel, TextField } from '../../../ui/index.ts';
import styles from './secrets.module.css';

const described = new Set(['jwt', 'oidc', 'database']);

/** One step of a rotation: what will happen, how to go back, and then what came of it. */
export function RotateDialog({ row: { name, kind }, phase, onClose, onDone }: { row: SecretRow; phase: RotatePhase; onClose: () => void; onDone: (sessionHolds: boolean) => void }): ReactNode {
  const { t } = useTranslation('security-secrets');
  const rotate = useAction('secrets.rotate');
  const [reason, setReason] = useState('');
  const run = (): void => void rotate.run({ name, phase, reason }).then((done) => { if (done !== null) onDone(done.sessionHolds); });
  return (
    <Dialog
      isOpen isModal onClose={onClose} size="medium" title={t(`ask.${phase}.title`, { name })}
      actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant={phase === 'confirm' ? 'danger' : 'primary'} isPending={rotate.isPending} onPress={run} data-testid="secret-rotate">{t(`ask.${phase}.save`)}</Button></>}
    >
      <div className={styles.stack} data-testid="secret-dialog">
        <p>{t(`what.${described.has(kind) ? kind : 'other'}.${phase}`)}</p>
        <Banner tone={phase === 'confirm' ? 'warning' : 'neutral'}>{t(`ask.${phase}.back`)}</Banner>
        <p className={styles.muted}>{t('ask.fresh')}</p>
        <TextField label={t('ask.reason')} autoFocus maxLength={500} value={reason} onChange={setReason} data-testid="secret-reason" />
        {rotate.error !== null && <ErrorPanel error={rotate.error} isInline />}
      </div>
    </Dialog>
  );
}

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GdprRequest } from '../../../../shared/security/gdpr/request.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Banner, Button, Checkbox, Dialog, ErrorPanel, TextField } from '../../../ui/index.ts';
import { FoundTable } from './FoundTable.tsx';
import styles from './gdpr.module.css';

/** The one thing here that nobody can take back: what goes, what stays, and the reference typed by hand. */
export function EraseDialog({ request, onClose }: { request: GdprRequest; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-gdpr');
  const erase = useAction('gdpr.erase');
  const [typed, setTyped] = useState('');
  const [discardDrafts, setDiscardDrafts] = useState(true);
  const isTyped = typed.trim() === request.reference;
  const run = (): void => void erase.run({ id: request.id, typed, discardDrafts }).then((done) => { if (done !== null) onClose(); });
  return (
    <Dialog
      isOpen isModal onClose={onClose} size="medium" title={t('erase.ask', { name: request.name })}
      actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="danger" isPending={erase.isPending} isDisabled={!isTyped} reason={isTyped ? null : t('erase.notTyped')} onPress={run} data-testid="gdpr-erase-confirm">{t('action.erase')}</Button></>}
    >
      <div className={styles.stack}>
        <Banner tone="warning">{t('erase.hint')}</Banner>
        {request.found === null ? <p className={styles.muted}>{t('erase.notFound')}</p> : <FoundTable found={request.found} />}
        <Checkbox isSelected={discardDrafts} onChange={setDiscardDrafts}>{t('erase.drafts')}</Checkbox>
        <TextField label={t('erase.type', { reference: request.reference })} value={typed} onChange={setTyped} autoFocus maxLength={200} data-testid="gdpr-erase-typed" />
        {erase.error !== null && <ErrorPanel error={erase.error} isInline />}
      </div>
    </Dialog>
  );
}

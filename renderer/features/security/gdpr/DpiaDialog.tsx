import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Banner, Button, Dialog, ErrorPanel, TextField } from '../../../ui/index.ts';
import styles from './gdpr.module.css';

/** The impact assessment: a template to go on with, and the place to say that one was made. */
export function DpiaDialog({ mayAct, onClose }: { mayAct: string | null; onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation('security-gdpr');
  const save = useAction('gdpr.saveDpia');
  const [failed, setFailed] = useState<AppError | null>(null);
  const [isAttesting, setAttesting] = useState(false);
  const [note, setNote] = useState('');
  const [told, setTold] = useState<string | null>(null);
  const write = (kind: 'pdf' | 'markdown'): void => void save.run({ language: i18n.language === 'en' ? 'en' : 'de', format: kind, suggestedName: t('dpia.fileName') }).then((written) => { if (written !== null) setTold(t('saved', { path: written.path })); });
  const vouch = async (): Promise<void> => {
    setAttesting(true);
    setFailed(null);
    try {
      await call('gdpr.attestDpia', { note });
      setNote('');
      setTold(t('dpia.attested'));
    } catch (thrown) {
      setFailed(errorOf(thrown));
    }
    setAttesting(false);
  };
  const error = save.error ?? failed;
  return (
    <Dialog isOpen onClose={onClose} size="medium" title={t('dpia.title')} actions={<Button onPress={onClose}>{t('close')}</Button>}>
      <div className={styles.stack} data-testid="gdpr-dpia-dialog">
        {told !== null && <Banner tone="success">{told}</Banner>}
        {error !== null && <ErrorPanel error={error} isInline />}
        <p>{t('dpia.hint')}</p>
        <div className={styles.buttons}><Button icon="archive" variant="primary" isPending={save.isPending} onPress={() => write('pdf')} data-testid="gdpr-dpia-save">{t('dpia.pdf')}</Button><Button icon="edit" isPending={save.isPending} onPress={() => write('markdown')}>{t('dpia.markdown')}</Button></div>
        <p className={styles.muted}>{t('dpia.attestHint')}</p>
        <TextField label={t('dpia.note')} value={note} onChange={setNote} maxLength={500} isDisabled={mayAct !== null} />
        <div><Button icon="check" isPending={isAttesting} isDisabled={mayAct !== null || note.trim() === ''} reason={mayAct ?? t('dpia.noteNeeded')} onPress={() => void vouch()}>{t('dpia.attest')}</Button></div>
      </div>
    </Dialog>
  );
}

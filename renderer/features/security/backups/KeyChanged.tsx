import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { parseKey } from '../../../../shared/audit/note.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, Dialog, ErrorPanel, TextArea } from '../../../ui/index.ts';
import { useActReason } from '../rights.ts';
import styles from './backups.module.css';

/** The server signs with another key than before: said until somebody has found out why. */
export function KeyChanged({ knownKey, offeredKey }: { knownKey: { key: string; seenAt: number } | null; offeredKey: string | null }): ReactNode {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  const mayAct = useActReason();
  const trust = useAction('backups.trustKey');
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  if (knownKey === null || offeredKey === null || offeredKey === knownKey.key) return null;
  const offered = parseKey(offeredKey);
  const accept = (): void => { if (offered !== null) void trust.run({ id: offered.id, reason }).then((done) => { if (done !== null) setAsking(false); }); };
  return (
    <>
      <Banner tone="danger" data-testid="backups-key" action={offered === null ? undefined : <Button isDisabled={mayAct !== null} reason={mayAct} onPress={() => setAsking(true)}>{t('key.accept')}</Button>}>{t('key.changed', { since: format.date(knownKey.seenAt) })}</Banner>
      {isAsking && (
        <Dialog isOpen isModal onClose={() => setAsking(false)} title={t('key.accept')} actions={<><Button onPress={() => setAsking(false)}>{t('cancel')}</Button><Button variant="danger" isPending={trust.isPending} isDisabled={reason.trim() === ''} reason={reason.trim() === '' ? t('key.needsReason') : null} onPress={accept}>{t('key.accept')}</Button></>}>
          <div className={styles.stack}>
            <p>{t('key.hint', { from: parseKey(knownKey.key)?.id ?? '–', to: offered?.id ?? '–' })}</p>
            <TextArea label={t('key.reason')} isRequired autoFocus maxLength={500} value={reason} onChange={setReason} />
            {trust.error !== null && <ErrorPanel error={trust.error} isInline />}
          </div>
        </Dialog>
      )}
    </>
  );
}

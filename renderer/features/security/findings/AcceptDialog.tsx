import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { longestAcceptanceDays } from '../../../../shared/security/findings/finding.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Button, DateField, Dialog, ErrorPanel, TextArea } from '../../../ui/index.ts';
import styles from './findings.module.css';

const day = 86_400_000;
const isoDay = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
};
/** The end of that day here. */
const endOf = (text: string): number => new Date(`${text}T23:59:59`).getTime();

/** Somebody carries the risk of these findings: why, and until when. */
export function AcceptDialog({ ids, title, onClose, onDone }: { ids: readonly number[]; title: string; onClose: () => void; onDone: () => void }): ReactNode {
  const { t } = useTranslation('security-findings');
  const accept = useAction('findings.accept');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<string | null>(() => isoDay(Date.now() + 90 * day));
  const [isTried, setTried] = useState(false);
  const latest = isoDay(Date.now() + longestAcceptanceDays * day);
  const isWrongDay = until === null || until < isoDay(Date.now()) || until > latest;
  const save = (): void => {
    setTried(true);
    if (reason.trim() === '' || isWrongDay || until === null) return;
    void accept.run({ ids: [...ids], reason: reason.trim(), until: endOf(until) }).then((done) => { if (done !== null) onDone(); });
  };
  return (
    <Dialog isOpen isModal onClose={onClose} title={t('accept.title')} actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="primary" isPending={accept.isPending} onPress={save} data-testid="findings-accept-save">{t('accept.save')}</Button></>}>
      <div className={styles.stack}>
        <p className={styles.muted}>{title}</p>
        <TextArea label={t('accept.reason')} isRequired autoFocus maxLength={1000} value={reason} onChange={setReason} hint={t('accept.reasonHint')} error={isTried && reason.trim() === '' ? t('accept.reasonMissing') : null} data-testid="findings-accept-reason" />
        <DateField label={t('accept.until')} isRequired value={until} onChange={setUntil} hint={t('accept.untilHint', { days: longestAcceptanceDays })} error={isTried && isWrongDay ? t('accept.untilWrong', { days: longestAcceptanceDays }) : null} />
        {accept.error !== null && <ErrorPanel error={accept.error} isInline />}
      </div>
    </Dialog>
  );
}

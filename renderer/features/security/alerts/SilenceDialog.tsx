import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { silenceHours, type FiredAlert } from '../../../../shared/security/alerts/alert.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, Checkbox, Dialog, ErrorPanel, Select, TextArea } from '../../../ui/index.ts';
import styles from './alerts.module.css';

type Hours = (typeof silenceHours)[number];

/** Silences what carries the chosen labels, with a reason and an end: neither may be left out. */
export function SilenceDialog({ alert, onClose }: { alert: FiredAlert; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-alerts');
  const format = useFormat();
  const silence = useAction('alerts.silence');
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState<Hours>(4);
  const [isTried, setTried] = useState(false);
  const [left, setLeft] = useState<readonly string[]>([]);
  const labels = Object.entries(alert.labels);
  const isEmpty = labels.every(([name]) => left.includes(name));
  const isShort = reason.trim().length < 3;
  const send = (): void => {
    setTried(true);
    if (isShort || isEmpty) return;
    void silence.run({ id: alert.id, without: [...left], reason: reason.trim(), hours }).then((made) => { if (made?.holds === true) onClose(); });
  };
  if (silence.data?.holds === false) {
    return (
      <Dialog isOpen isModal onClose={onClose} size="medium" title={t('silence.title', { name: alert.name })} actions={<Button variant="primary" onPress={onClose}>{t('close')}</Button>}>
        <Banner tone="warning" data-testid="silence-empty">{t('silence.doesNotHold')}</Banner>
      </Dialog>
    );
  }
  return (
    <Dialog
      isOpen isModal onClose={onClose} size="medium" title={t('silence.title', { name: alert.name })}
      actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="primary" isPending={silence.isPending} onPress={send} data-testid="silence-send">{t('silence.send')}</Button></>}
    >
      <div className={styles.form}>
        <TextArea label={t('silence.reason')} hint={t('silence.reasonHint')} isRequired autoFocus rows={2} maxLength={1000} error={isTried && isShort ? t('silence.reasonMissing') : null} value={reason} onChange={setReason} data-testid="silence-reason" />
        <Select label={t('silence.for')} options={silenceHours.map((value) => ({ value: String(value), label: t(`silence.hours.${value}`), note: format.moment(Date.now() + value * 3_600_000) }))} value={String(hours)} onChange={(value) => setHours(Number(value) as Hours)} />
        <fieldset className={styles.labels}>
          <legend>{t('silence.labels')}</legend>
          {labels.map(([name, value]) => <Checkbox key={name} isSelected={!left.includes(name)} onChange={(isOn) => setLeft(isOn ? left.filter((one) => one !== name) : [...left, name])}><span className={styles.code}>{name} = {value}</span></Checkbox>)}
          <p className={styles.muted}>{isEmpty ? t('silence.noLabels') : t('silence.labelsHint')}</p>
        </fieldset>
        {silence.error !== null && <ErrorPanel error={silence.error} isInline />}
      </div>
    </Dialog>
  );
}

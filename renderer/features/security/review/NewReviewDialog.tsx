import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Button, DateField, Dialog, ErrorPanel, Select } from '../../../ui/index.ts';
import { periodOf, presets, type Preset } from './period.ts';
import styles from './review.module.css';

/** Which period to look at, and how much of the log there is to look at. */
export function NewReviewDialog({ onClose, onStarted }: { onClose: () => void; onStarted: (id: string) => void }): ReactNode {
  const { t } = useTranslation('security-review');
  const format = useFormat();
  const start = useAction('review.start');
  const status = useCall('audit.status', undefined);
  const [preset, setPreset] = useState<Preset>('quarter');
  const [own, setOwn] = useState<{ from: string | null; to: string | null }>({ from: null, to: null });
  const [isTried, setTried] = useState(false);
  const begin = (): void => {
    setTried(true);
    const period = periodOf(preset, own, Date.now());
    if (period !== null) void start.run(period).then((review) => { if (review !== null) onStarted(review.id); });
  };
  const verified = status.data?.verified ?? null;
  return (
    <Dialog isOpen isModal onClose={onClose} title={t('new.title')} actions={<><Button onPress={onClose}>{t('action.cancel')}</Button><Button variant="primary" isPending={start.isPending} onPress={begin} data-testid="review-start">{t('new.start')}</Button></>}>
      <div className={styles.stack} data-testid="review-form">
        <Select label={t('new.period')} options={presets.map((value) => ({ value, label: t(`new.${value}`) }))} value={preset} onChange={setPreset} data-testid="review-period" />
        {preset === 'own' && (
          <div className={styles.pair}>
            <DateField label={t('new.from')} value={own.from} onChange={(from) => setOwn({ ...own, from })} />
            <DateField label={t('new.to')} value={own.to} onChange={(to) => setOwn({ ...own, to })} error={isTried && periodOf(preset, own, Date.now()) === null ? t('new.wrong') : null} />
          </div>
        )}
        {status.data !== undefined && <p className={styles.muted}>{t('new.cached', { size: format.integer(status.data.size), verified: verified === null ? t('new.notVerified') : t('new.verified', { size: format.integer(verified.size), at: format.dateTime(verified.at) }) })}</p>}
        {start.error !== null && <ErrorPanel error={start.error} isInline />}
      </div>
    </Dialog>
  );
}

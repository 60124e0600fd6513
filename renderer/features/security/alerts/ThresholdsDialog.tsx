import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { defaultLocalRules, localRulesSchema, type LocalRules } from '../../../../shared/security/alerts/alert.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Button, Checkbox, Dialog, ErrorPanel, LiveDecimalField } from '../../../ui/index.ts';
import styles from './alerts.module.css';

/** When this app raises an alert by itself. */
export function ThresholdsDialog({ rules, onClose }: { rules: LocalRules; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-alerts');
  const save = useAction('alerts.setRules');
  const [percent, setPercent] = useState<string | null>(String(Math.round((rules.errorRate ?? defaultLocalRules.errorRate ?? 0) * 1e4) / 100));
  const [seconds, setSeconds] = useState<string | null>(String(rules.latency ?? defaultLocalRules.latency));
  const [on, setOn] = useState({ errorRate: rules.errorRate !== null, latency: rules.latency !== null, notReady: rules.notReady });
  // Null is what a success answers; a failure stays on view.
  useEffect(() => { if (save.data === null) onClose(); }, [save.data, onClose]);
  const parsed = localRulesSchema.safeParse({ errorRate: on.errorRate ? Number(percent ?? 'x') / 100 : null, latency: on.latency ? Number(seconds ?? 'x') : null, notReady: on.notReady });
  const wrong = (field: string): string | null => (!parsed.success && parsed.error.issues.some(({ path }) => path[0] === field) ? t(`thresholds.${field}Wrong`) : null);
  return (
    <Dialog
      isOpen onClose={onClose} size="medium" title={t('thresholds.title')}
      actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="primary" isPending={save.isPending} isDisabled={!parsed.success} onPress={() => { if (parsed.success) void save.run(parsed.data); }} data-testid="thresholds-save">{t('thresholds.save')}</Button></>}
    >
      <div className={styles.form} data-testid="thresholds">
        <p className={styles.words}>{t('thresholds.hint')}</p>
        <div className={styles.threshold}><Checkbox isSelected={on.errorRate} onChange={(errorRate) => setOn({ ...on, errorRate })}>{t('local.errorRate')}</Checkbox><LiveDecimalField label={t('thresholds.errorRate')} minDigits={0} isDisabled={!on.errorRate} error={wrong('errorRate')} value={percent} onChange={setPercent} /></div>
        <div className={styles.threshold}><Checkbox isSelected={on.latency} onChange={(latency) => setOn({ ...on, latency })}>{t('local.latency')}</Checkbox><LiveDecimalField label={t('thresholds.latency')} minDigits={0} isDisabled={!on.latency} error={wrong('latency')} value={seconds} onChange={setSeconds} /></div>
        <div className={styles.threshold}><Checkbox isSelected={on.notReady} onChange={(notReady) => setOn({ ...on, notReady })}>{t('local.notReady')}</Checkbox><span className={styles.muted}>{t('thresholds.notReady')}</span></div>
        {save.error !== null && <ErrorPanel error={save.error} isInline />}
      </div>
    </Dialog>
  );
}

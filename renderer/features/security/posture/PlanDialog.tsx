import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../../bridge/queries.ts';
import { Button, Dialog, ErrorPanel, Skeleton } from '../../../ui/index.ts';
import styles from './posture.module.css';

/** What a check would send, before anything is sent. */
export function PlanDialog({ onClose, onStart, isPending }: { onClose: () => void; onStart: () => void; isPending: boolean }): ReactNode {
  const { t } = useTranslation('security-posture');
  const { data: plan, error, isSlow } = useCall('posture.plan', undefined);
  return (
    <Dialog
      isOpen onClose={onClose} size="large" title={t('plan.title')}
      actions={<><Button onPress={onClose}>{t('action.cancel')}</Button><Button variant="primary" autoFocus isPending={isPending} isDisabled={plan === undefined} onPress={onStart} data-testid="posture-start">{t('plan.start')}</Button></>}
    >
      {error !== null && <ErrorPanel error={error} isInline />}
      {plan === undefined ? isSlow && <Skeleton lines={6} /> : (
        <div className={styles.plan} data-testid="posture-plan">
          <p>{t('plan.intro', { server: plan.server, count: plan.requests })}</p>
          <table className={styles.asks} aria-label={t('plan.table')}>
            <thead><tr><th scope="col">{t('plan.column.what')}</th><th scope="col">{t('plan.column.why')}</th><th scope="col">{t('plan.column.count')}</th></tr></thead>
            <tbody>
              {plan.asks.map(({ method, path, why, count }, index) => (
                <tr key={`${index} ${path}`}><th scope="row" className={styles.code}>{method} {path}</th><td>{t(`plan.${why}`)}</td><td>{count}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}

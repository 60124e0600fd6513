import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PosturePlan } from '../../../../shared/security/posture/result.ts';
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
        // Longer than small windows, so the keyboard has to be able to scroll it.
        <div className={styles.plan} tabIndex={0} role="region" aria-label={t('plan.table')} data-testid="posture-plan">
          <p>{t('plan.intro', { server: plan.server, count: plan.requests })}</p>
          <table className={styles.asks} aria-label={t('plan.table')}>
            <thead><tr><th scope="col">{t('plan.column.what')}</th><th scope="col">{t('plan.column.why')}</th><th scope="col">{t('plan.column.count')}</th></tr></thead>
            <tbody>
              {groupsOf(plan).map(({ why, asks }) => (
                <tr key={why}>
                  <th scope="row">{asks.length > 4 ? <details><summary>{t('plan.paths', { count: asks.length })}</summary><Paths asks={asks} /></details> : <Paths asks={asks} />}</th>
                  <td>{t(`plan.${why}`)}</td><td>{asks.reduce((sum, { count }) => sum + count, 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}

function Paths({ asks }: { asks: PosturePlan['asks'] }): ReactNode {
  return <ul className={styles.sent}>{asks.map(({ method, path }, index) => <li key={`${index} ${path}`} className={styles.code}>{method} {path}</li>)}</ul>;
}

/** Requests for one reason belong together. */
const groupsOf = ({ asks }: PosturePlan): { why: string; asks: PosturePlan['asks'] }[] => [...new Set(asks.map(({ why }) => why))].map((why) => ({ why, asks: asks.filter((ask) => ask.why === why) }));

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dutyRules, roleSetsFor, type DutyConflict } from '../../../shared/rbac/duties.ts';
import { Badge, Banner, cx } from '../../ui/index.ts';
import styles from './access.module.css';

/** Which duties should not lie with one person, with which roles they do, and whether they do here. */
export function Duties({ conflicts }: { conflicts: readonly DutyConflict[] }): ReactNode {
  const { t } = useTranslation('access');
  return (
    <div className={styles.view}>
      <p className={styles.lead}>{t('duties.lead')}</p>
      <div className={styles.note} data-testid="duties-own">
        {conflicts.length === 0
          ? <Banner tone="success">{t('duties.none')}</Banner>
          : <Banner tone="warning">{t('duties.own', { count: conflicts.length })}</Banner>}
      </div>
      <table className={styles.table} aria-label={t('view.duties')} data-testid="access-duties">
        <thead><tr><th scope="col">{t('duties.pair')}</th><th scope="col">{t('duties.severity')}</th><th scope="col">{t('duties.you')}</th><th scope="col">{t('duties.sets')}</th></tr></thead>
        <tbody>
          {dutyRules.map((rule) => {
            const own = conflicts.find(({ id }) => id === rule.id);
            const severity = own?.severity ?? rule.severity;
            return (
              <tr key={rule.id} data-conflict={rule.id} data-own={own !== undefined} className={cx(own !== undefined && styles.mine)}>
                <th scope="row" className={styles.wrap}>{t(`action.${rule.duties[0]}`)} + {t(`action.${rule.duties[1]}`)}</th>
                <td>{severity === 'high' ? <Badge tone="danger" icon="warning">{t('duties.high')}</Badge> : <Badge tone="warning" icon="info">{t('duties.medium')}</Badge>}</td>
                <td className={styles.wrap}>{own === undefined ? t('duties.apart') : t(own.isPrevented ? 'duties.prevented' : 'duties.together')}</td>
                <td className={styles.wrap}>{roleSetsFor(rule).map((set) => set.join(' + ')).join(' · ')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

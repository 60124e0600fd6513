import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useIncidentWatch } from '../../app/useWaiting.ts';
import { useFormat } from '../../i18n/format.ts';
import { Icon } from '../../ui/index.ts';
import styles from './overview.module.css';

/** Incidents that are open and the clock that ends next. Nothing open, nothing on screen. */
export function OpenIncidents(): ReactNode {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const watch = useIncidentWatch();
  if (watch === null || watch.open === 0) return null;
  const { open, overdue, next } = watch;
  return (
    <section aria-labelledby="overview-incidents" data-testid="overview-incidents">
      <div className={styles.head}><h2 id="overview-incidents">{t('incidents.title')}</h2><Link to="/security/incidents">{t('incidents.open', { count: open, shown: format.integer(open) })}</Link></div>
      <ul className={styles.lines}>
        {overdue > 0 && <li data-part="rejected"><Icon name="warning" /><Link to="/security/incidents">{t('incidents.overdue', { count: overdue, shown: format.integer(overdue) })}</Link></li>}
        {next !== null && <li data-part="waiting"><Icon name="clock" /><Link to={`/security/incidents/${next.incident}`}>{t('incidents.next', { title: next.title, clock: t(`incidents.clock.${next.clock}`), when: format.moment(next.dueAt) })}</Link></li>}
      </ul>
    </section>
  );
}

import { lazy, Suspense, useEffect, useId, useState, type ReactNode } from 'react';
import { NavLink } from 'react-router';
import { useTranslation } from 'react-i18next';
import { cx, Hidden, Icon, Tooltip } from '../ui/index.ts';
import { useFormat } from '../i18n/format.ts';
import { areas, toolAreas, type Area } from './areas.ts';
import { useApprovalRights, useIncidentWatch, usePolicyReason, useSecurityReason, useWaitingCount } from './useWaiting.ts';
import styles from './rail.module.css';

/** Milliseconds after which alerts are looked for: long after the first screen is painted. */
const calmAfter = 10_000;
const AlertWatch = lazy(() => import('../features/security/alerts/Watch.tsx'));

/** The way to every area. */
export function Rail(): ReactNode {
  const { t } = useTranslation('shell');
  const waiting = useWaitingCount();
  const incidents = useIncidentWatch()?.open ?? 0;
  const [alerts, setAlerts] = useState(0);
  const [isCalm, setCalm] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(true), calmAfter);
    return () => clearTimeout(timer);
  }, []);
  const rights = useApprovalRights();
  const policyReason = usePolicyReason();
  const securityReason = useSecurityReason();
  const reasonFor = (area: Area): string | null => {
    if (area.id === 'policies') return policyReason;
    if (area.id === 'security') return securityReason;
    return area.id === 'approvals' ? rights.reason : null;
  };
  const counts: Partial<Record<Area['id'], { count: number; text: string }>> = {
    approvals: { count: waiting, text: t('rail.waiting', { count: waiting }) }, security: { count: incidents + alerts, text: [incidents > 0 && t('rail.incidents', { count: incidents }), alerts > 0 && t('rail.alerts', { count: alerts })].filter(Boolean).join(', ') },
  };
  const entry = (area: Area): ReactNode => <li key={area.id}><Entry area={area} reason={reasonFor(area)} {...counts[area.id]} /></li>;
  return (
    <nav aria-label={t('rail.label')} className={styles.rail}>
      {isCalm && securityReason === null && <Suspense><AlertWatch onCount={setAlerts} /></Suspense>}
      <ul>{areas.map(entry)}</ul>
      <ul className={styles.tools}>{toolAreas.map(entry)}</ul>
    </nav>
  );
}

function Entry({ area, reason, count = 0, text = '' }: { area: Area; reason: string | null; count?: number; /** What the count says, for assistive technology. */ text?: string }): ReactNode {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const reasonId = useId();
  const label = t(`area.${area.id}`);
  const inside = <><Icon name={area.icon} /><span className={styles.label}>{label}</span></>;
  if (reason !== null) {
    return (
      <>
        <Tooltip text={reason} native placement="right">
          <span role="link" aria-disabled tabIndex={0} aria-describedby={reasonId} className={cx(styles.entry, styles.off)}>{inside}</span>
        </Tooltip>
        <Hidden id={reasonId}>{reason}</Hidden>
      </>
    );
  }
  return (
    <NavLink to={area.path} draggable={false} className={({ isActive }) => cx(styles.entry, isActive && styles.current)}>
      {inside}
      {count > 0 && <span className={styles.count} title={text}><span aria-hidden>{format.integer(count)}</span><Hidden>{text}</Hidden></span>}
    </NavLink>
  );
}

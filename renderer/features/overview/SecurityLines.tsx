import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { mayInCentre } from '../../../shared/rbac/centre.ts';
import type { OverviewLine } from '../../../shared/security/overview.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { accessOf, useAccount } from '../../state/session.ts';
import { Age, ErrorPanel, Icon, type IconName } from '../../ui/index.ts';
import styles from './overview.module.css';

const signs: Readonly<Record<OverviewLine['tone'], IconName>> = { good: 'success', warning: 'warning', bad: 'error', unknown: 'info' };

/** For administrators and auditors: the score and what of the security centre is due. Which lines there are, main says. */
export function SecurityLines(): ReactNode {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const account = useAccount();
  const isReader = account !== null && mayInCentre(accessOf(account), 'read');
  const { data, error, refetch } = useCall('score.overview', undefined, { enabled: isReader });
  if (!isReader) return null;
  if (error !== null) return <ErrorPanel error={error} title={t('security.title')} onRetry={refetch} isInline />;
  if (data === undefined || data.length === 0) return null;
  return (
    <section aria-labelledby="overview-security" data-testid="overview-security">
      <div className={styles.head}><h2 id="overview-security">{t('security.title')}</h2><Link to="/security">{t('security.open')}</Link></div>
      <ul className={styles.due}>
        {data.map(({ id, tone, text, params, at, link }) => (
          <li key={id} data-tone={tone}>
            <Icon name={signs[tone]} />
            <span><Link to={link}>{t(text, { ...params, ...(params['score'] === undefined ? {} : { score: format.decimal(params['score'], { min: 1 }) }) })}</Link>{at !== null && id !== 'score' && <div className={styles.muted}><Age at={at} form="relative" oldAfter={Infinity} /></div>}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

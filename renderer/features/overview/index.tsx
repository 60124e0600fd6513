import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { addTexts } from '../../i18n/index.ts';
import { useAccount } from '../../state/session.ts';
import { useSync } from '../../state/sync.ts';
import { Age, Page, PageHeader, StatusLine } from '../../ui/index.ts';
import { cachedDocuments, isFirstPull } from './cache-facts.ts';
import { Facts } from './Facts.tsx';
import { MyDrafts, OutboxLines } from './MyWork.tsx';
import { Notices } from './Notices.tsx';
import { OpenIncidents } from './OpenIncidents.tsx';
import { SecurityLines } from './SecurityLines.tsx';
import { RecentlyChanged, WaitingForMe } from './Lists.tsx';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/overview.json', { eager: true, import: 'default' }));

export { readAhead } from './Lists.tsx';
import styles from './overview.module.css';

/** My day: what waits for me, what changed, how fresh the data is, and what went wrong meanwhile. */
export default function OverviewScreen(): ReactNode {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const account = useAccount();
  const sync = useSync(({ state }) => state);
  const documents = cachedDocuments(sync);
  const age = isFirstPull(sync) ? t('status.firstPull') : <Age key="age" at={sync?.finishedAt ?? null} />;
  const status = <StatusLine items={[t('status.cached', { count: documents, shown: format.integer(documents) }), age]} end={t('status.keys')} />;
  return (
    <Page header={<PageHeader title={t('title')} detail={account === null ? null : t('greeting', { name: account.displayName, date: format.date(Date.now()) })} />} status={status}>
      <div className={styles.grid}>
        <div className={styles.wide}><OpenIncidents /><OutboxLines /><WaitingForMe /><MyDrafts /><RecentlyChanged /></div>
        <aside className={styles.side} aria-label={t('side')}><SecurityLines /><Notices /><Facts /></aside>
      </div>
    </Page>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { useConnection } from '../../state/connection.ts';
import { useActiveProfile } from '../../state/profiles.ts';
import { useSync } from '../../state/sync.ts';
import { Age, DefinitionList } from '../../ui/index.ts';
import { cachedDocuments, isFirstPull } from './cache-facts.ts';
import styles from './overview.module.css';

/** How fresh what one sees is, and where it comes from. */
export function Facts(): ReactNode {
  const { t } = useTranslation(['overview', 'shell']);
  const format = useFormat();
  const sync = useSync(({ state }) => state);
  const connection = useConnection(({ state }) => state);
  const lastContactAt = connection?.lastContactAt ?? null;
  const profile = useActiveProfile();
  return (
    <section aria-labelledby="overview-facts">
      <div className={styles.head}><h2 id="overview-facts">{t('facts.title')}</h2></div>
      <DefinitionList items={[
        { label: t('facts.server'), value: profile?.name ?? '–' },
        { label: t('facts.connection'), value: t(`connection.${connection?.status ?? 'unknown'}`, { ns: 'shell' }) },
        { label: t('facts.lastContact'), value: lastContactAt === null ? '–' : format.moment(lastContactAt) },
        { label: t('facts.cached'), value: format.integer(cachedDocuments(sync)) },
        { label: t('facts.finished'), value: isFirstPull(sync) ? t('facts.firstPull') : <Age at={sync?.finishedAt ?? null} form="relative" /> },
        { label: t('facts.sync'), value: t(`sync.status.${sync?.status ?? 'idle'}`, { ns: 'shell' }) },
      ]} />
    </section>
  );
}

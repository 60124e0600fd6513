import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button } from '../../../../ui/index.ts';
import type { TabProps } from '../IncidentDetail.tsx';
import { namespace } from '../words.ts';
import styles from '../incidents.module.css';

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Places that two people have changed at once: both versions, and the choice. */
export function Conflicts({ stored: { incident, conflicts }, doing, reason }: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  if (conflicts.length === 0) return null;
  const settle = (path: string, take: 'mine' | 'theirs'): void => void doing.run('incidents.resolve', { id: incident.id, path, take });
  return (
    <section aria-label={t('conflicts.title')} data-testid="incident-conflicts">
      <Banner tone="warning">{t('conflicts.lead', { count: conflicts.length })}</Banner>
      <table className={styles.table}>
        <thead><tr><th scope="col">{t('conflicts.place')}</th><th scope="col">{t('conflicts.mine')}</th><th scope="col">{t('conflicts.theirs')}</th><td /></tr></thead>
        <tbody>
          {conflicts.map(({ path, mine, theirs }) => (
            <tr key={path}>
              <th scope="row"><code>{path}</code></th><td className={styles.wrap}>{shown(mine)}</td><td className={styles.wrap}>{shown(theirs)}</td>
              <td><div className={styles.buttons}>
                <Button isDisabled={reason !== null} reason={reason} isPending={doing.isPending} onPress={() => settle(path, 'mine')}>{t('conflicts.takeMine')}</Button>
                <Button isDisabled={reason !== null} reason={reason} isPending={doing.isPending} onPress={() => settle(path, 'theirs')}>{t('conflicts.takeTheirs')}</Button>
              </div></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMessage } from '../../i18n/errors.ts';
import { useFormat } from '../../i18n/format.ts';
import { useNotices } from '../../state/notices.ts';
import { Icon, IconButton } from '../../ui/index.ts';
import styles from './overview.module.css';

/** What happened that no one asked for: it stays until it was read. */
export function Notices(): ReactNode {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const message = useMessage();
  const list = useNotices((notices) => notices.list);
  const dismiss = useNotices((notices) => notices.dismiss);
  return (
    <section aria-labelledby="overview-notices">
      <div className={styles.head}><h2 id="overview-notices">{t('notices.title')}</h2></div>
      {list.length === 0 ? <p className={styles.muted}>{t('notices.none')}</p> : (
        <ul>
          {list.map(({ id, at, error }) => (
            <li key={id} className={styles.notice}>
              <Icon name="warning" className={styles.noticeIcon} />
              <div className={styles.noticeText}>{message(error)}<div className={styles.muted}>{format.moment(at)} · {error.code}{error.correlationId !== null && ` · ${error.correlationId}`}</div></div>
              <IconButton icon="close" label={t('notices.dismiss')} onPress={() => dismiss(id)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { MatchedEntry } from '../../../shared/domain/audit.ts';
import { logAddress } from '../../app/addresses.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge, Button, DefinitionList, IconButton } from '../../ui/index.ts';
import { documentAddress } from './EntryPane.tsx';
import { useActionName } from './names.ts';
import styles from './audit.module.css';

/** One entry of the journal, and the ways from it to the log and to the document. */
export function JournalPane({ entry, onClose }: { entry: MatchedEntry; onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation('audit');
  const format = useFormat();
  const navigate = useNavigate();
  const nameOf = useActionName();
  const { detail, index } = entry;
  const address = documentAddress(entry.resource);
  /** Where it failed, the detail is the code of an error, and people have words for it. */
  const inWords = detail !== null && i18n.exists(`errors:${detail}`) ? `${t(`errors:${detail}`)} (${detail})` : detail;
  return (
    <div className={styles.pane} data-testid="journal-entry">
      <header className={styles.paneHead}>
        <h2>{t('entry.title', { number: format.integer(entry.seq) })}</h2>
        {entry.status === 'missing' && <Badge tone="danger" icon="warning">{t('journal.status.missing')}</Badge>}
        <IconButton icon="close" label={t('entry.close')} onPress={onClose} />
      </header>
      <div className={styles.paneBody}>
        {entry.status === 'missing' && <p className={styles.text}>{t('journal.missingHere')}</p>}
        <DefinitionList items={[
          { label: t('column.at'), value: <time dateTime={new Date(entry.at).toISOString()}>{format.dateTime(entry.at)}</time> },
          { label: t('column.actor'), value: entry.actor === '' ? null : entry.actor },
          { label: t('column.action'), value: nameOf(entry.action) },
          { label: t('column.resource'), value: entry.resource },
          { label: t('column.outcome'), value: entry.outcome === 'refused' ? t('outcome.refused') : t(`journal.outcome.${entry.outcome}`) },
          { label: t('journal.server'), value: index === null ? t(`journal.status.${entry.status}`) : t('journal.foundAt', { number: format.integer(index + 1) }) },
          { label: t('journal.detail'), value: inWords },
          { label: t('entry.correlation'), value: entry.correlationId === null ? null : <span className={styles.code}>{entry.correlationId}</span> },
          { label: t('proof.leaf'), value: <span className={styles.code}>{entry.hash}</span> },
        ]} />
        <div className={styles.buttons}>
          {index !== null && <Button icon="audit" onPress={() => void navigate(logAddress({ index }))} data-testid="journal-open-log">{t('journal.openLog')}</Button>}
          {address !== null && <Button icon="documents" onPress={() => void navigate(address)}>{t('entry.openDocument')}</Button>}
        </div>
      </div>
    </div>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxCommand } from '../../../shared/domain/outbox.ts';
import { useWords } from '../documents/words.ts';
import { CommandState } from './EntryState.tsx';
import styles from './outbox.module.css';

/** Which document a pane is about, what is to happen to it, and how far that is. */
export function PaneTitle({ command }: { command: OutboxCommand }): ReactNode {
  const { t } = useTranslation('outbox');
  const words = useWords();
  return (
    <header className={styles.paneHead}>
      <div className={styles.paneTitle}>
        <h2><span className={styles.type}>{words.type(command.key.type)}</span> {command.key.number}</h2>
        <p>{t(`kind.${command.kind}`)}{command.partnerName !== null && ` · ${command.partnerName}`}</p>
      </div>
      <CommandState command={command} />
    </header>
  );
}

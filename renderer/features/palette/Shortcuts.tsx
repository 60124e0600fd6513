import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { currentCommands, useCommands, type Command, type CommandGroup } from '../../state/commands.ts';
import { reachable } from '../../state/shortcuts.ts';
import { Dialog, Kbd } from '../../ui/index.ts';
import styles from './palette.module.css';

const groups: readonly CommandGroup[] = ['document', 'view', 'navigation', 'session', 'general'];

/** What every table does with keys; no command, because the table itself handles them. */
const tableKeys: readonly { keys: string; text: string }[] = [
  { keys: 'ArrowUp', text: 'shortcuts.rowUp' }, { keys: 'ArrowDown', text: 'shortcuts.rowDown' }, { keys: 'PageUp', text: 'shortcuts.pageUp' }, { keys: 'PageDown', text: 'shortcuts.pageDown' },
  { keys: 'Home', text: 'shortcuts.first' }, { keys: 'End', text: 'shortcuts.last' }, { keys: 'Enter', text: 'shortcuts.openRow' },
];

/** All keys that work now, by subject. */
export function Shortcuts({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('shell');
  const commands = reachable(currentCommands(useCommands(({ list }) => list)));
  const section = (group: CommandGroup): readonly Command[] => commands.filter((command) => (command.group ?? 'general') === group);
  return (
    <Dialog isOpen onClose={onClose} title={t('shortcuts.title')} size="medium">
      <div className={styles.groups}>
        {groups.filter((group) => section(group).length > 0).map((group) => (
          <section key={group} className={styles.group}>
            <h3 className={styles.groupTitle}>{t(`shortcuts.group.${group}`)}</h3>
            {section(group).map(({ id, title, shortcut = '' }) => <div key={id} className={styles.line}><span>{title}</span><Kbd keys={shortcut} /></div>)}
          </section>
        ))}
        <section className={styles.group}>
          <h3 className={styles.groupTitle}>{t('shortcuts.group.table')}</h3>
          {tableKeys.map(({ keys, text }) => <div key={keys} className={styles.line}><span>{t(text)}</span><Kbd keys={keys} /></div>)}
        </section>
      </div>
    </Dialog>
  );
}

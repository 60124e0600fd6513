import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { currentCommands, useCommands } from '../../state/commands.ts';
import { cx, Icon, Kbd, type IconName } from '../../ui/index.ts';
import { useWords } from '../documents/words.ts';
import { rank } from './match.ts';
import styles from './palette.module.css';

type Entry = { id: string; title: string; icon: IconName; note?: string; shortcut?: string | undefined; isEnabled: boolean; run: () => void };

/** Documents are found beside the commands; this many are enough to see that there are more in the list. */
const documentLimit = 8;
/** Shorter texts match half the cache. */
const shortestSearch = 2;

/** One field for everything: commands by name, documents by number, partner or text. */
export function Palette({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('shell');
  const [text, setText] = useState('');
  const [cursor, setCursor] = useState(0);
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const commands = useCommandEntries(text);
  const documents = useDocumentEntries(text.trim());
  const entries = [...commands, ...documents];
  const active = Math.min(cursor, entries.length - 1);
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined || !entry.isEnabled) return;
    onClose();
    // After the dialog has given the focus back, so that the command may take it.
    setTimeout(entry.run);
  };
  const keyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setCursor(Math.max(0, Math.min(entries.length - 1, active + step)));
    else if (event.key === 'Enter') run(entries[active]);
    else return;
    event.preventDefault();
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()} className={styles.backdrop ?? ''}>
      <Modal className={styles.modal ?? ''}>
        <AriaDialog aria-label={t('palette.open')} className={styles.dialog ?? ''}>
          <div className={styles.field}>
            <Icon name="search" />
            <input
              ref={field} role="combobox" aria-expanded aria-controls={listId} aria-label={t('palette.open')} aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
              spellCheck={false} autoComplete="off" placeholder={t('palette.placeholder')} value={text} className={styles.input} onKeyDown={keyDown}
              onChange={(event) => { setText(event.target.value); setCursor(0); }}
            />
            <Kbd keys="Escape" />
          </div>
          <ul id={listId} role="listbox" aria-label={t('palette.results')} className={styles.list}>
            {entries.map((entry, index) => (
              <li
                key={entry.id} id={`${listId}-${index}`} role="option" aria-selected={index === active} aria-disabled={!entry.isEnabled}
                ref={index === active ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
                className={cx(styles.entry, index === active && styles.active, !entry.isEnabled && styles.off)}
                onPointerMove={() => setCursor(index)} onClick={() => run(entry)}
              >
                <Icon name={entry.icon} /><span className={styles.title}>{entry.title}</span>
                {entry.note !== undefined && <span className={styles.note}>{entry.note}</span>}
                {entry.shortcut !== undefined && <Kbd keys={entry.shortcut} />}
              </li>
            ))}
            {entries.length === 0 && <li className={styles.none}>{t('palette.none', { text })}</li>}
          </ul>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function useCommandEntries(text: string): Entry[] {
  const list = useCommands((commands) => commands.list);
  const offered = currentCommands(list).filter((command) => command.isHidden !== true);
  return rank(offered, text).map((command) => {
    const isEnabled = command.isEnabled !== false;
    return {
      id: command.id, title: command.title, icon: command.group === 'navigation' ? 'chevronRight' : 'send', isEnabled, run: command.run, shortcut: command.shortcut,
      ...(!isEnabled && command.reason ? { note: command.reason } : {}),
    };
  });
}

function useDocumentEntries(text: string): Entry[] {
  const words = useWords();
  const format = useFormat();
  const navigate = useNavigate();
  const searched = useDeferredValue(text);
  const isEnabled = searched.length >= shortestSearch;
  const found = useCall('documents.list', { text: searched, sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: documentLimit }, { enabled: isEnabled });
  if (!isEnabled || found.data === undefined) return [];
  return found.data.rows.map((row) => ({
    id: `${row.type}/${row.number}`, title: [row.number, row.partnerName].filter((part) => part !== null).join(' · '), icon: 'documents', isEnabled: true,
    note: `${words.type(row.type)} · ${format.money(row.gross)}`, run: () => void navigate(`/documents/${row.type}/${encodeURIComponent(row.number)}`),
  }));
}

import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, ErrorPanel, Icon, IconButton } from '../../../ui/index.ts';
import { PrintMenu } from '../../paper/PrintMenu.tsx';
import { useWords } from '../words.ts';
import type { Outlook } from './guards.ts';
import type { Problem } from './problems.ts';
import { SaveStatus } from './SaveStatus.tsx';
import { keepMine, takeElsewhere } from './store.ts';
import type { PaperSource } from '../../paper/Preview.tsx';
import { Versions, type Look } from './Versions.tsx';
import { useWorking } from './working.ts';
import styles from './form.module.css';

export type FormBarProps = {
  id: string;
  isSending: boolean;
  canUndo: boolean;
  canRedo: boolean;
  error: AppError | null;
  /** When the draft was stored from another place, while there are changes here. */
  elsewhereAt: number | null;
  outlook: Outlook;
  /** What keeps it from being sent, once that was tried. */
  open: readonly Problem[];
  onSend: (submit: boolean) => void;
  onLeave: () => void;
  onDiscard: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onGo: (path: string) => void;
  onLook: (look: Look) => void;
};

/** What is typed now, for printing: asked for when it is printed, so that typing does not draw the bar again. */
function onPaper(id: string): PaperSource | null {
  const content = useWorking.getState().drafts[id]?.content;
  return content === undefined ? null : { kind: 'draft', content };
}

/** What can be done with the draft, what will happen then, and whether it is stored. Typing does not draw it again. */
export const FormBar = memo(function FormBar({ id, isSending, canUndo, canRedo, error, elsewhereAt, outlook, open, onSend, onLeave, onDiscard, onUndo, onRedo, onGo, onLook }: FormBarProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const why = outlook.submit === null ? null : words.about(outlook.submit);
  const closed = outlook.send === null ? null : words.about(outlook.send);
  const [first] = open;
  useCommand({ id: 'documents.save', title: t('edit.send'), group: 'document', shortcut: 'Ctrl+S', isEnabled: closed === null, reason: closed, run: () => onSend(false) });
  useCommand({ id: 'documents.submit', title: t('edit.sendAndSubmit'), group: 'document', shortcut: 'Ctrl+Enter', isEnabled: why === null, reason: why, run: () => onSend(true) });
  useCommand({ id: 'documents.cancelEdit', title: t('edit.leave'), group: 'document', shortcut: 'Escape', run: onLeave });
  useCommand({ id: 'documents.discard', title: t('edit.discard'), group: 'document', run: onDiscard });
  useCommand({ id: 'documents.undo', title: t('edit.undo'), group: 'document', shortcut: 'Ctrl+Z', run: onUndo });
  useCommand({ id: 'documents.redo', title: t('edit.redo'), group: 'document', shortcut: 'Ctrl+Y', run: onRedo });
  useCommand({ id: 'documents.redo.shift', title: t('edit.redo'), group: 'document', shortcut: 'Ctrl+Shift+Z', isHidden: true, run: onRedo });
  return (
    <section className={styles.bar} aria-label={t('action.bar')}>
      <div className={styles.buttons}>
        <Button variant="primary" icon="check" shortcut="Ctrl+S" isPending={isSending} isDisabled={closed !== null} reason={closed} onPress={() => onSend(false)} data-testid="save">{t('edit.send')}</Button>
        <Button icon="send" shortcut="Ctrl+Enter" isDisabled={why !== null} reason={why} onPress={() => onSend(true)} data-testid="save-submit">{t('edit.sendAndSubmit')}</Button>
        <IconButton icon="undo" label={t('edit.undo')} shortcut="Ctrl+Z" isDisabled={!canUndo} onPress={onUndo} data-testid="undo" />
        <IconButton icon="redo" label={t('edit.redo')} shortcut="Ctrl+Y" isDisabled={!canRedo} onPress={onRedo} data-testid="redo" />
        <PrintMenu document={null} source={() => onPaper(id)} title="" isReady />
        <Versions id={id} onLook={onLook} />
        <IconButton icon="trash" label={t('edit.discard')} onPress={onDiscard} data-testid="discard" />
        <Button variant="quiet" shortcut="Escape" onPress={onLeave} data-testid="leave">{t('edit.leave')}</Button>
      </div>
      <div className={styles.second}><WhatWillHappen outlook={outlook} why={why} /><SaveStatus id={id} isSending={isSending} /></div>
      {open.length > 0 && (
        <p className={styles.problems} role="alert">
          <Icon name="error" /><span>{t('edit.problems', { count: open.length })}</span>
          {first !== undefined && <button type="button" onClick={() => onGo(first.path)}>{t('edit.toFirst')}</button>}
        </p>
      )}
      <div className={styles.messages}>
        {elsewhereAt !== null && <Elsewhere id={id} savedAt={elsewhereAt} />}
        {error !== null && <ErrorPanel error={{ ...error, fieldErrors: [] }} title={t('edit.notSent')} onRetry={() => onSend(false)} isInline />}
      </div>
    </section>
  );
});

/** One line that says what the next key press leads to, and what the approval will refuse. */
function WhatWillHappen({ outlook, why }: { outlook: Outlook; why: string | null }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const isOffline = useIsOffline();
  const later = outlook.later.map(words.about);
  return (
    <p className={styles.outlook} data-testid="outlook">
      <span>{t(outlook.send !== null ? 'outlook.closed' : isOffline ? 'outlook.offline' : why === null ? 'outlook.online' : 'outlook.sendOnly')}{why === null ? '' : ` ${why}`}</span>
      {later.length > 0 && <span className={styles.later}><Icon name="warning" />{later.join(' ')}</span>}
    </p>
  );
}

/** The draft was stored from another place while there were changes here. Both stay: one in the form, one among the versions. */
function Elsewhere({ id, savedAt }: { id: string; savedAt: number }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  return (
    <Banner tone="warning" action={<><Button variant="primary" onPress={() => keepMine(id)} data-testid="keep-mine">{t('elsewhere.keepMine')}</Button><Button onPress={() => takeElsewhere(id)} data-testid="take-theirs">{t('elsewhere.takeTheirs')}</Button></>}>
      {t('elsewhere.text', { time: format.moment(savedAt) })}
    </Banner>
  );
}

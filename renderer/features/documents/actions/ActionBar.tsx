import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import { seenOf } from '../../../../shared/domain/seen.ts';
import type { WorkflowAction } from '../../../../shared/domain/workflow.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useCommand } from '../../../state/commands.ts';
import { Button, ErrorPanel, Icon, type IconName } from '../../../ui/index.ts';
import { canNote, useNoted } from '../../outbox/noted.ts';
import { NotedBanner } from '../../outbox/NotedBanner.tsx';
import { PrintMenu } from '../../paper/PrintMenu.tsx';
import { useWords } from '../words.ts';
import { editBlockers, reasonsOf, type ActionView, type Blocker } from './action-model.ts';
import { FollowMenu } from './FollowMenu.tsx';
import { ReasonForm } from './ReasonForm.tsx';
import type { Account } from '../../../../shared/domain/session.ts';
import styles from './actions.module.css';

const look: Readonly<Record<WorkflowAction, { icon: IconName; shortcut: string }>> = {
  submit: { icon: 'send', shortcut: 'Ctrl+Enter' }, approve: { icon: 'check', shortcut: 'F8' }, reject: { icon: 'reject', shortcut: 'Shift+F8' }, post: { icon: 'post', shortcut: 'F9' },
};

export type ActionBarProps = {
  record: DocumentRecord;
  account: Account;
  views: readonly ActionView[];
  /** False while the record on screen is not (yet) the one that was asked for. */
  isReady: boolean;
  /** An action begins: what earlier ones left on screen is history. */
  onStart: () => void;
  onEdit: () => void;
  /** The server changed the document, or refused because it had changed: read it again. */
  onDone: () => Promise<void>;
};

/** What can be done next with a document and, greyed, what cannot and why. Refusals stand here, where they arose. */
export function ActionBar({ record, account, views, isReady, onStart, onEdit, onDone }: ActionBarProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const { run, isPending, error, reset } = useAction('workflow.transition');
  const [running, setRunning] = useState<WorkflowAction | null>(null);
  const [asking, setAsking] = useState<WorkflowAction | null>(null);
  const { type, number } = record.document;
  const [followError, setFollowError] = useState<AppError | null>(null);
  const note = useAction('decisions.add');
  const noted = useNoted().get(`${type}/${number}`);
  const label = (view: ActionView): string => (canNote(view) ? t(`action.later.${view.action}`) : words.action(view.action));
  const why = (blockers: readonly Blocker[]): string => reasonsOf(blockers).map(words.about).join(' ');
  const send = async (action: WorkflowAction, reason?: string): Promise<void> => {
    const view = views.find((one) => one.action === action);
    if (view !== undefined && canNote(view)) {
      // Never sent by itself: it waits for a second look when the network is back.
      if (await note.run({ type, number, action: view.action, reason: reason ?? null }) !== null) setAsking(null);
      return;
    }
    setRunning(action);
    const result = await run({ type, number, action, seen: seenOf(record), ...(reason !== undefined && { reason }) });
    setRunning(null);
    if (result !== null) setAsking(null);
    await onDone();
  };
  const start = (view: ActionView): void => {
    if (!isReady || isPending || noted !== undefined || (view.blockers.length > 0 && !canNote(view))) return;
    reset();
    onStart();
    if (view.needsReason) setAsking(view.action);
    else void send(view.action);
  };
  const edit = editBlockers({ record, account });
  const blockedNext = views.filter((view) => view.isNext && view.blockers.length > 0 && !canNote(view));
  const asked = views.find((view) => view.action === asking && view.isNext);
  return (
    <section className={styles.bar} aria-label={t('action.bar')}>
      <div className={styles.buttons}>
        {views.map((view) => {
          const isBlocked = view.blockers.length > 0 && !canNote(view);
          const isMain = view.isNext && view.action !== 'reject' && !isBlocked;
          return (
            <Button
              key={view.action} icon={look[view.action].icon} variant={isMain ? 'primary' : 'default'} shortcut={look[view.action].shortcut}
              isDisabled={isBlocked || !isReady || (noted !== undefined && view.isNext)} reason={isBlocked ? why(view.blockers) : noted !== undefined && view.isNext ? t('action.isNoted') : null} isPending={isPending && running === view.action} onPress={() => start(view)} data-testid={`action-${view.action}`}
            >
              {label(view)}
            </Button>
          );
        })}
        <Button icon="edit" shortcut="F2" isDisabled={edit.length > 0 || !isReady} reason={edit.length > 0 ? why(edit) : null} onPress={onEdit} data-testid="action-edit">{t('action.edit')}</Button>
        <FollowMenu document={record.document} account={account} isReady={isReady} onError={setFollowError} />
        <PrintMenu document={{ type, number }} source={() => ({ kind: 'document', key: { type, number } })} title={words.type(type)} isReady={isReady} />
      </div>
      {views.map((view) => <ActionCommand key={view.action} view={view} why={why} start={start} />)}
      <EditCommand reason={why(edit)} onEdit={onEdit} />
      {noted !== undefined && <NotedBanner decision={noted} />}
      {followError !== null && <div className={styles.error}><ErrorPanel error={followError} title={t('flow.follow.failed')} isInline /></div>}
      {note.error !== null && <div className={styles.error}><ErrorPanel error={note.error} title={t('action.notNoted')} isInline /></div>}
      {blockedNext.length > 0 && (
        <ul className={styles.why}>
          {blockedNext.map((view) => <li key={view.action} data-testid={`blocked-${view.action}`}><Icon name="lock" /><span><b>{words.action(view.action)}:</b> {why(view.blockers)}</span></li>)}
        </ul>
      )}
      {asked !== undefined && (
        <ReasonForm
          key={`${number}-${asked.action}`} title={t(asked.action === 'reject' ? 'reason.reject' : 'reason.ownApproval')} hint={asked.isOwn ? t('reason.ownHint') : undefined} confirm={label(asked)}
          isDanger={asked.action === 'reject'} isPending={isPending} onConfirm={(reason) => void send(asked.action, reason)} onCancel={() => { setAsking(null); reset(); }}
        />
      )}
      {error !== null && <div className={styles.error}><ErrorPanel error={{ ...error, ...translated(error, words.about) }} title={t('action.refused')} isInline /></div>}
    </section>
  );
}

/** Amounts and states in a refusal are shown as the rest of the screen shows them. */
function translated({ messageKey, params }: { messageKey: string; params: Record<string, string> }, about: (message: { messageKey: string; params: Record<string, string> }) => string): object {
  return messageKey.startsWith('guards.') ? { messageKey: 'documents.plain', params: { text: about({ messageKey, params }) } } : {};
}

function ActionCommand({ view, why, start }: { view: ActionView; why: (blockers: readonly Blocker[]) => string; start: (view: ActionView) => void }): ReactNode {
  const words = useWords();
  const isEnabled = view.blockers.length === 0 || canNote(view);
  useCommand({ id: `documents.${view.action}`, title: words.action(view.action), group: 'document', shortcut: look[view.action].shortcut, isEnabled, reason: isEnabled ? null : why(view.blockers), run: () => start(view) });
  return null;
}

function EditCommand({ reason, onEdit }: { reason: string; onEdit: () => void }): ReactNode {
  const { t } = useTranslation('documents');
  useCommand({ id: 'documents.edit', title: t('action.edit'), group: 'document', shortcut: 'F2', isEnabled: reason === '', reason: reason === '' ? null : reason, run: onEdit });
  return null;
}

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { toDocument } from '../../../../shared/domain/draft-document.ts';
import type { OutboxCommand } from '../../../../shared/domain/outbox.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { useMessage } from '../../../i18n/errors.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, ErrorPanel } from '../../../ui/index.ts';
import { DocumentSheet } from '../detail/DocumentSheet.tsx';
import { takeBack } from './held.ts';
import { isHeld } from './savers.ts';
import type { Working } from './working.ts';
import styles from './form.module.css';

const nothing: ReadonlyMap<number, never> = new Map<number, never>();

/** The command that carries a draft, and the submit that follows it. */
function useCommandOf(id: string): { command: OutboxCommand | null; submits: boolean } {
  const { data } = useCall('outbox.list', undefined);
  const command = data?.find(({ draftId }) => draftId === id) ?? null;
  return { command, submits: command !== null && (data ?? []).some(({ kind, after }) => kind === 'submit' && after === command.id) };
}

/** A draft that is on its way: for reading, with where it stands and what can be done about it. */
export function WaitingDraft({ working, onLeft, children }: { working: Working; onLeft: () => void; children: (bar: ReactNode, body: ReactNode) => ReactNode }): ReactNode {
  const { t } = useTranslation('documents');
  const message = useMessage();
  const format = useFormat();
  const navigate = useNavigate();
  const isOffline = useIsOffline();
  const { command, submits } = useCommandOf(working.id);
  const [failed, setFailed] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { state } = working;
  const run = async (action: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setFailed(null);
    try {
      await action();
    } catch (thrown) {
      setFailed(errorOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const fetchBack = (): void => void run(() => takeBack(working.id));
  const isSending = command?.state === 'sending';
  useCommand({ id: 'documents.edit', title: t('waiting.takeBack'), group: 'document', shortcut: 'F2', isEnabled: !isSending && state !== 'conflict', reason: isSending ? t('waiting.sending') : null, run: fetchBack });
  useCommand({ id: 'documents.cancelEdit', title: t('edit.leave'), group: 'document', shortcut: 'Escape', run: onLeft });
  const why = command?.error === null || command?.error === undefined ? null : message(command.error);
  const text = (): string => {
    if (state === 'conflict') return t('waiting.conflict');
    if (state === 'rejected') return t('waiting.rejected');
    const when = t(isSending ? 'waiting.sending' : isOffline ? 'waiting.offline' : 'waiting.queued');
    return [when, submits ? t('waiting.thenSubmit') : null, command === null ? null : t('waiting.since', { time: format.moment(command.queuedAt) })].filter((part) => part !== null).join(' ');
  };
  const bar = (
    <section className={styles.bar} aria-label={t('action.bar')} data-testid="waiting-draft" data-state={state}>
      <div className={styles.buttons}>
        {state === 'conflict' && command !== null && <Button variant="primary" icon="chain" onPress={() => void navigate(`/outbox/${command.id}`)} data-testid="open-conflict">{t('waiting.openConflict')}</Button>}
        {state !== 'conflict' && <Button variant={state === 'rejected' ? 'primary' : 'default'} icon="edit" shortcut="F2" isPending={isBusy} isDisabled={isSending} reason={isSending ? t('waiting.sending') : null} onPress={fetchBack} data-testid="take-back">{t(state === 'rejected' ? 'waiting.mend' : 'waiting.takeBack')}</Button>}
        {state === 'queued' && !isSending && command !== null && <Button icon="refresh" isDisabled={isOffline} reason={isOffline ? t('pane.offline') : null} onPress={() => void run(() => call('outbox.retry', { id: command.id }))}>{t('waiting.retry')}</Button>}
        <Button variant="quiet" icon="sync" onPress={() => void navigate('/outbox')}>{t('waiting.outbox')}</Button>
      </div>
      {state === 'rejected' && command !== null && command.error !== null
        ? <div className={styles.messages}><ErrorPanel error={command.error} title={text()} isInline /></div>
        : <Banner tone={state === 'queued' ? 'accent' : 'warning'} icon={state === 'queued' ? 'clock' : 'warning'}>{text()}{isHeld(working.id) && <p className={styles.why}>{t('waiting.typed')}</p>}{why !== null && <p className={styles.why}>{why}</p>}</Banner>}
      {failed !== null && <div className={styles.messages}><ErrorPanel error={failed} isInline /></div>}
    </section>
  );
  return <>{children(bar, <DocumentSheet record={{ document: toDocument(working.content), workflow: null, etag: null, changedAt: null, fetchedAt: command?.queuedAt ?? 0 }} findings={nothing} />)}</>;
}

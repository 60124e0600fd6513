import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { toDocument } from '../../../shared/domain/draft-document.ts';
import type { OutboxCommand } from '../../../shared/domain/outbox.ts';
import { useCall } from '../../bridge/queries.ts';
import { useMessage } from '../../i18n/errors.ts';
import { useFormat } from '../../i18n/format.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Button, DefinitionList, ErrorPanel, Icon, useNow } from '../../ui/index.ts';
import type { Blocker } from '../documents/actions/action-model.ts';
import { DocumentSheet } from '../documents/detail/DocumentSheet.tsx';
import { addressOfCommand } from './address.ts';
import { actionsOf, whyWaiting } from './outbox-model.ts';
import { PaneTitle } from './PaneTitle.tsx';
import { usePlaceWords } from './place-words.ts';
import { useDone } from './useDone.ts';
import styles from './outbox.module.css';

const noFindings: ReadonlyMap<number, Blocker> = new Map();

export type CommandPaneProps = { command: OutboxCommand; commands: readonly OutboxCommand[]; onWithdrawn: (command: OutboxCommand) => void };

/** One thing that waits, or was refused: why, since when, what it carries, and what can be done with it. */
export function CommandPane({ command, commands, onWithdrawn }: CommandPaneProps): ReactNode {
  const { t } = useTranslation('outbox');
  const format = useFormat();
  const message = useMessage();
  const navigate = useNavigate();
  const isOffline = useIsOffline();
  const now = useNow();
  const retry = useDone('outbox.retry');
  const withdraw = useDone('outbox.withdraw');
  const draft = useCall('drafts.get', { id: command.draftId ?? '' }, { enabled: command.draftId !== null, keepPrevious: false });
  const places = usePlaceWords(command.key.type);
  const actions = actionsOf(command, isOffline);
  const why = whyWaiting(command, { isOffline, now, commands });
  const isRejected = command.state === 'rejected';
  const retryReason = actions.retryReason === null ? null : t(`reason.${actions.retryReason}`);
  const withdrawReason = actions.withdrawReason === null ? null : t(`reason.${actions.withdrawReason}`);
  const tryNow = (): void => void retry.run({ id: command.id });
  const takeBack = async (): Promise<void> => {
    if (actions.canWithdraw && await withdraw.run({ id: command.id })) onWithdrawn(command);
  };
  useCommand({ id: 'outbox.retry', title: t('action.retry'), group: 'document', shortcut: 'F5', isEnabled: actions.canRetry, reason: retryReason, run: tryNow });
  useCommand({ id: 'outbox.withdraw', title: t('action.withdraw'), group: 'document', shortcut: 'F2', isEnabled: actions.canWithdraw, reason: withdrawReason, run: () => void takeBack() });
  useCommand({ id: 'outbox.openDocument', title: t('action.open'), group: 'document', shortcut: 'Ctrl+O', run: () => void navigate(addressOfCommand(command)) });
  const failed = retry.error ?? withdraw.error;
  const content = draft.data?.content;
  return (
    <article className={styles.pane} aria-label={`${t(`kind.${command.kind}`)} ${command.key.number}`} data-testid="outbox-command" data-number={command.key.number} data-state={command.state}>
      <PaneTitle command={command} />
      <div className={styles.actions}>
        <Button variant={isRejected ? 'primary' : 'default'} icon="edit" shortcut="F2" isPending={withdraw.isPending} isDisabled={!actions.canWithdraw} reason={withdrawReason} onPress={() => void takeBack()} data-testid="withdraw">
          {t(command.draftId === null ? 'action.withdrawSubmit' : isRejected ? 'action.mend' : 'action.withdraw')}
        </Button>
        <Button icon="refresh" shortcut="F5" isPending={retry.isPending} isDisabled={!actions.canRetry} reason={retryReason} onPress={tryNow} data-testid="retry">{t('action.retry')}</Button>
        <Button icon="documents" onPress={() => void navigate(addressOfCommand(command))} data-testid="open-document">{t('action.open')}</Button>
      </div>
      {failed !== null && <div className={styles.notice}><ErrorPanel error={failed} title={t(withdraw.error === null ? 'failed.retry' : 'failed.withdraw')} isInline /></div>}
      {isRejected && command.error !== null
        ? <div className={styles.notice}><ErrorPanel error={{ ...command.error, fieldErrors: command.error.fieldErrors.map((field) => ({ ...field, path: places.wirePath(field.path) })) }} title={t('rejected.title')} /><p className={styles.advice}>{t('rejected.advice')}</p></div>
        : <p className={styles.why} data-testid="why"><Icon name={isOffline ? 'offline' : 'clock'} /><span>{message({ messageKey: why.messageKey, params: { ...why.params, when: why.at === undefined ? '' : format.moment(why.at) } })}{command.error !== null && <span className={styles.last}>{t('why.last', { text: message(command.error) })}</span>}</span></p>}
      <div className={styles.facts}>
        <DefinitionList columns={2} items={[
          { label: t('fact.since'), value: <span title={format.dateTime(command.queuedAt)}>{format.relative(command.queuedAt, now)}</span> },
          { label: t('fact.attempts'), value: format.integer(command.attempts) },
          { label: t('fact.next'), value: command.nextAttemptAt === null || isRejected ? '–' : isOffline ? t('fact.whenOnline') : format.time(command.nextAttemptAt) },
          { label: t('fact.correlation'), value: command.error?.correlationId ?? '–' },
        ]} />
      </div>
      {content !== undefined && (
        <div className={styles.sheet} role="group" aria-label={t('carries')}>
          <DocumentSheet record={{ document: toDocument(content), workflow: null, etag: null, changedAt: null, fetchedAt: draft.data?.savedAt ?? 0 }} findings={noFindings} />
        </div>
      )}
    </article>
  );
}

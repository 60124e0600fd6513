import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { Decision, OutboxCommand } from '../../../shared/domain/outbox.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { useOutbox } from '../../state/outbox.ts';
import { Age, Banner, Button, EmptyState, ErrorPanel, Page, PageHeader, ProgressBar, SplitPane, StatusLine, type DataTableHandle } from '../../ui/index.ts';
import { useWorkingAccount } from '../documents/working-account.ts';
import { addressOfDraft, openTakenBack } from './address.ts';
import { CommandPane } from './CommandPane.tsx';
import { ConflictPane, type Resolved } from './ConflictPane.tsx';
import { DecisionReview } from './DecisionReview.tsx';
import { OutboxList } from './OutboxList.tsx';
import { OutcomeBanner, type Outcome } from './OutcomeBanner.tsx';
import { entriesOf, nextAfter, type OutboxEntry } from './outbox-model.ts';
import { useDone } from './useDone.ts';
import { useRun } from './useRun.ts';
import styles from './outbox.module.css';

const noCommands: readonly OutboxCommand[] = [];
const noDecisions: readonly Decision[] = [];

/** The outbox: what is not on the server yet, why, and what a person can do about it. */
export function OutboxScreen(): ReactNode {
  const { t } = useTranslation('outbox');
  const format = useFormat();
  const navigate = useNavigate();
  const account = useWorkingAccount();
  const isOffline = useIsOffline();
  const state = useOutbox((store) => store.state);
  const commands = useCall('outbox.list', undefined);
  const decisions = useCall('decisions.list', undefined);
  const entries = useMemo(() => entriesOf(commands.data ?? noCommands, decisions.data ?? noDecisions), [commands.data, decisions.data]);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const table = useRef<DataTableHandle>(null);
  const retryAll = useDone('outbox.retry');
  const exporting = useAction('outbox.export');
  const run = useRun(state);
  const wanted = useParams()['*'] ?? '';
  const entry = entries.find(({ id }) => id === wanted) ?? entries[0];
  const go = useCallback((target: OutboxEntry | undefined): void => void navigate(target === undefined ? '/outbox' : `/outbox/${target.id}`, { replace: true }), [navigate]);
  // What is over leaves the list with the next answer; the cursor goes on to what comes after it.
  const leave = (id: string): void => go(nextAfter(entries.filter((other) => other.id !== id), entries, id));

  const waiting = (commands.data ?? noCommands).filter((command) => command.state === 'waiting' || command.state === 'reconcile').length;
  const retryReason = isOffline ? t('reason.offline') : waiting === 0 ? t('reason.nothing') : null;
  const exportReason = entries.some(({ kind }) => kind === 'command') ? null : t('reason.nothing');
  const sendAll = (): void => void (retryReason === null && retryAll.run({ id: null }));
  const save = (): void => void (exportReason === null && exporting.run().then((saved) => saved !== null && setOutcome({ kind: 'exported', path: saved.path })));
  useCommand({ id: 'outbox.retryAll', title: t('action.retryAll'), group: 'document', shortcut: 'Shift+F5', isEnabled: retryReason === null, reason: retryReason, run: sendAll });
  useCommand({ id: 'outbox.export', title: t('action.export'), group: 'document', isEnabled: exportReason === null, reason: exportReason, run: save });
  const step = (by: 1 | -1) => (): void => {
    const index = entries.findIndex(({ id }) => id === entry?.id) + by;
    if (entries[index] !== undefined) go(entries[index]);
  };
  // In a conflict the same keys go through its places.
  useCommand({ id: 'outbox.next', title: t('command.next'), group: 'view', shortcut: 'J', isFallback: true, run: step(1) });
  useCommand({ id: 'outbox.previous', title: t('command.previous'), group: 'view', shortcut: 'K', isFallback: true, run: step(-1) });
  useCommand({ id: 'outbox.list', title: t('command.list'), group: 'view', shortcut: 'F6', isHidden: true, run: () => table.current?.focus() });
  if (account === null) return null;

  const resolved = (command: OutboxCommand) => (result: Resolved): void => {
    setOutcome({ kind: 'resolved', command, result });
    // A conflict that came anew stays in sight.
    if (result.kind === 'sent' && result.outcome.status === 'queued' && result.outcome.command.state === 'conflict') return;
    leave(command.id);
    table.current?.focus();
  };
  const withdrawn = (gone: OutboxCommand): void => {
    if (gone.draftId === null) return leave(gone.id);
    // The draft opens all the same when it cannot be read ahead: its own screen says what is wrong.
    const address = addressOfDraft(gone.draftId);
    void openTakenBack(gone).catch(() => undefined).then(() => navigate(address));
  };
  const pane = (): ReactNode => {
    if (entry === undefined) return null;
    if (entry.kind === 'decision') {
      return <DecisionReview key={entry.id} decision={entry.decision} account={account} onDone={(decided) => { setOutcome({ kind: 'decided', ...decided }); leave(entry.id); table.current?.focus(); }} />;
    }
    const { command } = entry;
    if (command.state === 'conflict') return <ConflictPane key={entry.id} command={command} onResolved={resolved(command)} />;
    return <CommandPane key={entry.id} command={command} commands={commands.data ?? noCommands} onWithdrawn={withdrawn} />;
  };
  const failed = commands.error ?? decisions.error;
  const notDone = retryAll.error ?? exporting.error;
  const oldestAt = state?.oldestAt ?? null;
  const empty = failed === null && commands.data !== undefined && decisions.data !== undefined && <EmptyState icon="success" title={t('empty.title')} hint={t('empty.hint')} />;
  const count = t('count', { count: entries.length, shown: format.integer(entries.length) });
  return (
    <Page
      header={(
        <PageHeader
          title={t('title')} detail={commands.data === undefined ? undefined : count}
          actions={(
            <>
              <Button icon="archive" isPending={exporting.isPending} isDisabled={exportReason !== null} reason={exportReason} onPress={save} data-testid="outbox-export">{t('action.export')}</Button>
              <Button icon="send" shortcut="Shift+F5" isPending={retryAll.isPending} isDisabled={retryReason !== null} reason={retryReason} onPress={sendAll} data-testid="retry-all">{t('action.retryAll')}</Button>
            </>
          )}
        />
      )}
      status={<StatusLine items={[count, oldestAt !== null && <span key="oldest">{t('oldest')} <Age at={oldestAt} form="relative" /></span>, isOffline && t('offline')]} end={entry === undefined ? undefined : t(entry.kind === 'decision' ? 'keys.decision' : entry.command.state === 'conflict' ? 'keys.conflict' : 'keys.list')} />}
    >
      <div className={styles.screen}>
        {isOffline && entries.length > 0 && <Banner tone="neutral" icon="offline">{t('offlineBanner')}</Banner>}
        {outcome !== null && <OutcomeBanner outcome={outcome} onDismiss={() => setOutcome(null)} />}
        {failed !== null && <div className={styles.notice}><ErrorPanel error={failed} title={t('failed.read')} onRetry={() => { commands.refetch(); decisions.refetch(); }} isInline /></div>}
        {notDone !== null && <div className={styles.notice}><ErrorPanel error={notDone} title={t(retryAll.error === null ? 'failed.export' : 'failed.retry')} isInline /></div>}
        {run !== null && <div className={styles.notice}><ProgressBar label={t('sending')} value={run.done / run.of} detail={t('sendingOf', { done: format.integer(run.done), of: format.integer(run.of) })} /></div>}
        <div className={styles.body}>
          <SplitPane storageKey="outbox" label={t('divider')} initial={40} minimum={320} start={<OutboxList ref={table} entries={entries} selected={entry?.id ?? null} onSelect={go} empty={empty} />} end={pane()} />
        </div>
      </div>
    </Page>
  );
}

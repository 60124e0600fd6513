import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conflict, OutboxCommand, SendOutcome } from '../../../shared/domain/outbox.ts';
import { allConflicts, closedState, mergeDocuments, resolve } from '../../../shared/domain/merge.ts';
import type { Side } from '../../../shared/domain/merge-values.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Banner, Button, EmptyState, ErrorPanel, Skeleton } from '../../ui/index.ts';
import { Totals } from '../documents/detail/Totals.tsx';
import { choicesFor, choose, forgetChoices, useChoices } from './choices.ts';
import { articleOf, mergedByThemselves, nextUndecided, positionOf, stepTo } from './conflict-model.ts';
import { ConflictHead } from './ConflictHead.tsx';
import { ConflictRows } from './ConflictRows.tsx';
import { FinalConflict } from './FinalConflict.tsx';
import { MergedLines } from './MergedLines.tsx';
import { MergedPlaces } from './MergedPlaces.tsx';
import { PaneTitle } from './PaneTitle.tsx';
import { usePlaceWords } from './place-words.ts';
import { useDone } from './useDone.ts';
import styles from './conflict.module.css';

/** What became of a conflict, for the screen to say. */
export type Resolved = { kind: 'sent'; outcome: SendOutcome } | { kind: 'theirs' } | { kind: 'newDraft'; draftId: string };

export type ConflictPaneProps = { command: OutboxCommand; onResolved: (resolved: Resolved) => void };

/** A document that changed here and on the server: what both made of it, and one decision per place. */
export function ConflictPane({ command, onResolved }: ConflictPaneProps): ReactNode {
  const { t } = useTranslation('outbox');
  const { data, error, isSlow, refetch } = useCall('outbox.conflict', { id: command.id }, { keepPrevious: false });
  if (error !== null) return <><PaneTitle command={command} /><div className={styles.notice}><ErrorPanel error={error} title={t('conflict.failed')} onRetry={refetch} isInline /></div></>;
  if (data === undefined) return isSlow ? <div className={styles.notice}><Skeleton lines={8} /></div> : null;
  if (data === null) return <EmptyState icon="success" title={t('conflict.over')} />;
  const closed = closedState(data.theirs);
  return closed === null ? <Open key={command.id} conflict={data} onResolved={onResolved} /> : <FinalConflict conflict={data} state={closed} onResolved={onResolved} />;
}

function Open({ conflict, onResolved }: { conflict: Conflict; onResolved: (resolved: Resolved) => void }): ReactNode {
  const { t } = useTranslation('outbox');
  const isOffline = useIsOffline();
  const { command, base, mine, mineLineIds, theirs } = conflict;
  const made = useChoices((store) => store.made[command.id]);
  const { choices, isAnew } = choicesFor(made, conflict);
  const plan = useMemo(() => mergeDocuments({ base: base?.document ?? null, mine, mineLineIds, theirs: theirs.document }), [base, mine, mineLineIds, theirs]);
  const merge = useMemo(() => resolve(plan, choices), [plan, choices]);
  const conflicts = useMemo(() => allConflicts(plan), [plan]);
  const merged = useMemo(() => mergedByThemselves(plan), [plan]);
  const words = usePlaceWords(mine.type);
  const lines = useMemo(() => ({ position: (id: number) => positionOf(plan, id), article: (id: number) => articleOf(plan.plan, id) }), [plan]);
  const [current, setCurrent] = useState<string | null>(() => conflicts[0]?.path ?? null);
  const send = useAction('outbox.resolve');
  const takeTheirs = useDone('outbox.takeTheirs');
  const asNewDraft = useAction('outbox.asNewDraft');
  const isBusy = send.isPending || takeTheirs.isPending || asNewDraft.isPending;
  const open = merge.conflicts.length;
  const decided = conflicts.length - open;
  const failed = send.error ?? takeTheirs.error ?? asNewDraft.error;

  // After a new state of the server, the cursor stands on the first place again.
  useEffect(() => setCurrent((path) => (conflicts.some((one) => one.path === path) ? path : conflicts[0]?.path ?? null)), [conflicts]);
  const step = (by: 1 | -1): void => setCurrent(stepTo(conflicts, current, by));
  const pick = (path: string, side: Side): void => choose(conflict, path, side);
  const pickHere = (side: Side) => (): void => { if (current !== null) pick(current, side); };
  const submit = async (): Promise<void> => {
    if (isBusy) return;
    // The first place that is open gets the cursor: sending is refused with what is missing in sight.
    if (open > 0) return setCurrent(nextUndecided(conflicts, choices, null) ?? merge.conflicts[0]?.path ?? null);
    const outcome = await send.run({ id: command.id, document: merge.document, lineIds: merge.lineIdsOnTheirs });
    if (outcome === null) return;
    forgetChoices(command.id);
    onResolved({ kind: 'sent', outcome });
  };
  const theirsNow = async (): Promise<void> => {
    if (!await takeTheirs.run({ id: command.id })) return;
    forgetChoices(command.id);
    onResolved({ kind: 'theirs' });
  };
  const newDraft = async (): Promise<void> => {
    const draft = await asNewDraft.run({ id: command.id });
    if (draft !== null) onResolved({ kind: 'newDraft', draftId: draft.id });
  };
  useCommand({ id: 'outbox.nextPlace', title: t('command.nextPlace'), group: 'view', shortcut: 'J', run: () => step(1) });
  useCommand({ id: 'outbox.previousPlace', title: t('command.previousPlace'), group: 'view', shortcut: 'K', run: () => step(-1) });
  useCommand({ id: 'outbox.chooseBase', title: t('command.choose.base'), group: 'document', shortcut: '1', isEnabled: base !== null, reason: t('conflict.noBase'), run: pickHere('base') });
  useCommand({ id: 'outbox.chooseMine', title: t('command.choose.mine'), group: 'document', shortcut: '2', run: pickHere('mine') });
  useCommand({ id: 'outbox.chooseTheirs', title: t('command.choose.theirs'), group: 'document', shortcut: '3', run: pickHere('theirs') });
  useCommand({ id: 'outbox.send', title: t('conflict.send'), group: 'document', shortcut: 'Ctrl+Enter', run: () => void submit() });

  return (
    <article className={styles.pane} aria-label={t('conflict.title', { number: command.key.number })} data-testid="conflict" data-number={command.key.number}>
      <PaneTitle command={command} />
      {isAnew && <Banner tone="warning">{t('conflict.anew')}</Banner>}
      <div className={styles.scroll}>
        <p className={styles.explain}>{t(conflicts.length === 0 ? 'conflict.nothing' : base === null ? 'conflict.explainNew' : 'conflict.explain', { count: conflicts.length })}</p>
        <ConflictHead conflict={conflict} />
        {conflicts.length > 0 && (
          <ConflictRows id={command.id} conflicts={conflicts} choices={choices} current={current} hasBase={base !== null} words={words} lines={lines} onChoose={pick} onCurrent={setCurrent} onStep={step} />
        )}
        {merged.length > 0 && <MergedPlaces merged={merged} words={words} lines={lines} />}
        <MergedLines merge={merge} choices={choices} />
      </div>
      {failed !== null && <div className={styles.notice}><ErrorPanel error={failed} title={t('conflict.notSent')} isInline /></div>}
      <Totals totals={merge.document.totals} note={<span role="status">{t('conflict.decided', { done: decided, of: conflicts.length })}</span>} />
      <footer className={styles.foot}>
        <Button variant="primary" icon="send" shortcut="Ctrl+Enter" isPending={send.isPending} isDisabled={open > 0 || isBusy} reason={open > 0 ? t('conflict.stillOpen', { count: open }) : null} onPress={() => void submit()} data-testid="resolve">
          {t(isOffline ? 'conflict.sendLater' : 'conflict.send')}
        </Button>
        <Button icon="server" isPending={takeTheirs.isPending} isDisabled={isBusy} onPress={() => void theirsNow()} data-testid="take-theirs">{t('conflict.takeTheirs')}</Button>
        <Button icon="copy" isPending={asNewDraft.isPending} isDisabled={isBusy} onPress={() => void newDraft()} data-testid="as-new-draft">{t('conflict.asNewDraft')}</Button>
      </footer>
    </article>
  );
}

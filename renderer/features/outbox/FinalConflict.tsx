import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conflict } from '../../../shared/domain/outbox.ts';
import { mergeDocuments, places, type ClosedState } from '../../../shared/domain/merge.ts';
import { useAction } from '../../bridge/queries.ts';
import { useCommand } from '../../state/commands.ts';
import { Banner, Button, ErrorPanel } from '../../ui/index.ts';
import { articleOf, positionOf } from './conflict-model.ts';
import { ConflictHead } from './ConflictHead.tsx';
import type { Resolved } from './ConflictPane.tsx';
import { MergedPlaces } from './MergedPlaces.tsx';
import { PaneTitle } from './PaneTitle.tsx';
import { usePlaceWords } from './place-words.ts';
import { useDone } from './useDone.ts';
import styles from './conflict.module.css';

/** The document was submitted meanwhile, or is further than that: nothing is put together any more, but nothing typed is lost either. */
export function FinalConflict({ conflict, state, onResolved }: { conflict: Conflict; state: ClosedState; onResolved: (resolved: Resolved) => void }): ReactNode {
  const { t } = useTranslation('outbox');
  const { command, base, mine, mineLineIds, theirs } = conflict;
  const plan = useMemo(() => mergeDocuments({ base: base?.document ?? null, mine, mineLineIds, theirs: theirs.document }), [base, mine, mineLineIds, theirs]);
  const different = useMemo(() => places(plan.plan).filter(({ outcome }) => outcome !== 'same'), [plan]);
  const words = usePlaceWords(mine.type);
  const lines = { position: (id: number) => positionOf(plan, id), article: (id: number) => articleOf(plan.plan, id) };
  const takeTheirs = useDone('outbox.takeTheirs');
  const asNewDraft = useAction('outbox.asNewDraft');
  const isBusy = takeTheirs.isPending || asNewDraft.isPending;
  const failed = takeTheirs.error ?? asNewDraft.error;
  const newDraft = async (): Promise<void> => {
    const draft = isBusy ? null : await asNewDraft.run({ id: command.id });
    if (draft !== null) onResolved({ kind: 'newDraft', draftId: draft.id });
  };
  const theirsNow = async (): Promise<void> => {
    if (!isBusy && await takeTheirs.run({ id: command.id })) onResolved({ kind: 'theirs' });
  };
  useCommand({ id: 'outbox.send', title: t('conflict.asNewDraft'), group: 'document', shortcut: 'Ctrl+Enter', run: () => void newDraft() });
  return (
    <article className={styles.pane} aria-label={t('conflict.title', { number: command.key.number })} data-testid="final-conflict" data-number={command.key.number}>
      <PaneTitle command={command} />
      <Banner tone="warning" icon="lock">{t(`final.${state}`)}</Banner>
      <div className={styles.scroll}>
        <p className={styles.explain}>{t('final.explain')}</p>
        <ConflictHead conflict={conflict} />
        <MergedPlaces merged={different} words={words} lines={lines} isOpen title={t('final.differences', { count: different.length })} />
      </div>
      {failed !== null && <div className={styles.notice}><ErrorPanel error={failed} title={t('final.failed')} isInline /></div>}
      <footer className={styles.foot}>
        <Button variant="primary" icon="copy" shortcut="Ctrl+Enter" isPending={asNewDraft.isPending} isDisabled={isBusy} onPress={() => void newDraft()} data-testid="as-new-draft">{t('conflict.asNewDraft')}</Button>
        <Button icon="server" isPending={takeTheirs.isPending} isDisabled={isBusy} onPress={() => void theirsNow()} data-testid="take-theirs">{t('conflict.takeTheirs')}</Button>
      </footer>
    </article>
  );
}

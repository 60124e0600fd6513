import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { Button, ErrorPanel, Icon } from '../../../ui/index.ts';
import { actionViews, reasonsOf } from '../actions/action-model.ts';
import { Totals } from '../detail/Totals.tsx';
import { useFormSpec } from '../useFormSpec.ts';
import { useWords } from '../words.ts';
import { Conflict, isConflict, RebasedNote } from './Conflict.tsx';
import { draftTotals, filledLines, toDocument, type DraftAction } from './draft.ts';
import { useDrafts, type DraftName, type Entry } from './drafts.ts';
import { HeaderFields } from './HeaderFields.tsx';
import type { LineNote } from './LineRow.tsx';
import { LinesGrid } from './LinesGrid.tsx';
import { belowCost, problemsOf, shownProblems, type Problem } from './problems.ts';
import { isDirty } from './rebase.ts';
import { useSave } from './useSave.ts';
import styles from './form.module.css';

export type DocumentFormProps = {
  name: DraftName;
  entry: Entry;
  account: Account;
  /** The server has it now. */
  onSaved: (record: DocumentRecord, thenSubmit: boolean) => void;
  /** The form was left without saving. */
  onLeft: () => void;
  /** Brings the form into sight, when something in it is to be looked at. */
  onShow?: () => void;
  /** Where bar and form stand: the bar takes the place of the actions, so that nothing jumps when editing begins. */
  children: (bar: ReactNode, body: ReactNode) => ReactNode;
};

/** A document being written: header, lines and totals in the place where they are read. */
export function DocumentForm({ name, entry, account, onSaved, onLeft, onShow, children }: DocumentFormProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const { draft } = entry;
  const spec = useFormSpec(draft.type);
  const isOffline = useIsOffline();
  const [isAsking, setAsking] = useState(false);
  const change = useCallback((action: DraftAction) => useDrafts.getState().change(name, action), [name]);
  const problems = useMemo(() => problemsOf(draft, spec), [draft, spec]);
  const { isSaving, save } = useSave(name, problems);
  const dirty = useMemo(() => isDirty(draft), [draft]);
  const shown = useMemo(() => [...entry.fromServer, ...shownProblems(draft, problems)], [draft, problems, entry.fromServer]);
  const errors = useMemo(() => new Map(shown.map((problem) => [problem.path, words.about(problem)])), [shown, words]);
  const notes = useMemo(() => lineNotes(shown, belowCost(draft), words.about), [shown, draft, words]);
  const form = useRef<HTMLDivElement>(null);

  const submit = useMemo(() => actionViews({ account, isOffline, isDirty: false, record: { document: toDocument(draft), workflow: null, etag: null, changedAt: null, fetchedAt: 0 } }).find((view) => view.action === 'submit'), [account, isOffline, draft]);
  const blockers = submit?.blockers ?? [];
  const why = blockers.length === 0 ? null : reasonsOf(blockers).map(words.about).join(' ');
  const goTo = (problem: Problem | undefined): void => {
    onShow?.();
    // After the next frame, because the form may have to come into sight first.
    requestAnimationFrame(() => focusProblem(form.current, problem));
  };
  const run = async (thenSubmit: boolean): Promise<void> => {
    // The cell being typed in becomes a value before anything is judged.
    (document.activeElement as HTMLElement | null)?.blur();
    if (problems.length > 0) goTo(problems[0]);
    const record = await save();
    if (record !== null) onSaved(record, thenSubmit);
  };
  const cancel = (): void => {
    if (dirty && !isAsking) return setAsking(true);
    useDrafts.getState().discard(name);
    onLeft();
  };
  useCommand({ id: 'documents.save', title: t('edit.save'), group: 'document', shortcut: 'Ctrl+S', run: () => void run(false) });
  useCommand({ id: 'documents.submit', title: t('edit.saveAndSubmit'), group: 'document', shortcut: 'Ctrl+Enter', isEnabled: why === null, reason: why, run: () => void run(true) });
  useCommand({ id: 'documents.cancelEdit', title: t('edit.cancel'), group: 'document', shortcut: 'Escape', run: () => (isAsking ? setAsking(false) : cancel()) });

  const open = draft.attempted ? problems : [];
  const bar = (
    <section className={styles.bar} aria-label={t('action.bar')}>
      <div className={styles.buttons}>
        <Button variant="primary" icon="check" shortcut="Ctrl+S" isPending={isSaving} onPress={() => void run(false)} data-testid="save">{t('edit.save')}</Button>
        <Button icon="send" shortcut="Ctrl+Enter" isDisabled={why !== null} reason={why} onPress={() => void run(true)} data-testid="save-submit">{t('edit.saveAndSubmit')}</Button>
        <Button variant="quiet" shortcut="Escape" onPress={cancel}>{t('edit.cancel')}</Button>
        <span className={styles.state} role="status">{t(isSaving ? 'edit.saving' : dirty ? 'edit.unsaved' : 'edit.unchanged')}</span>
      </div>
      {open.length > 0 && <ProblemSummary problems={open} onGo={goTo} />}
      {isAsking && dirty && (
        <div className={styles.question} role="alertdialog" aria-label={t('edit.discardTitle')}>
          <p>{t('edit.discardQuestion')}</p>
          <Button variant="danger" onPress={cancel} autoFocus>{t('edit.discard')}</Button>
          <Button onPress={() => setAsking(false)}>{t('edit.continue')}</Button>
        </div>
      )}
      <div className={styles.messages}>
        {entry.error !== null && (isConflict(entry.error, draft.isNew)
          ? <Conflict name={name} error={entry.error} draft={draft} />
          : <ErrorPanel error={{ ...entry.error, fieldErrors: [] }} title={t('edit.notSaved')} onRetry={() => void run(false)} isInline />)}
        {entry.rebased !== null && <RebasedNote rebased={entry.rebased} spec={spec} />}
      </div>
    </section>
  );
  const body = (
    <div className={styles.form}>
      <div className={styles.scroll}>
        <HeaderFields draft={draft} spec={spec} errors={errors} change={change} />
        {documentTypeInfo[draft.type].hasLines && <LinesGrid lines={draft.lines} removed={entry.removed} notes={notes} change={change} />}
      </div>
      <Totals totals={draftTotals(draft)} note={errors.get('totals') ?? (documentTypeInfo[draft.type].hasLines ? t('line.count', { count: filledLines(draft).length }) : undefined)} />
    </div>
  );
  return <div ref={form} className={styles.contents}>{children(bar, body)}</div>;
}

function ProblemSummary({ problems, onGo }: { problems: readonly Problem[]; onGo: (problem: Problem) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const [first] = problems;
  return (
    <p className={styles.problems} role="alert">
      <Icon name="error" /><span>{t('edit.problems', { count: problems.length })}</span>
      {first !== undefined && <button type="button" onClick={() => onGo(first)}>{t('edit.toFirst')}</button>}
    </p>
  );
}

/** Puts the focus where a problem is. */
function focusProblem(form: HTMLElement | null, problem: Problem | undefined): void {
  if (form === null || problem === undefined) return;
  const line = /^lines\.(\d+)\.(\w+)$/.exec(problem.path);
  const selector = line === null ? `[data-path="${CSS.escape(problem.path)}"] :is(input, textarea, button)` : `[data-cell="${line[1] ?? ''}:${line[2] ?? ''}"]`;
  form.querySelector<HTMLElement>(selector)?.focus();
}

/** What stands beside the lines: errors first, then prices below cost. */
function lineNotes(errors: readonly Problem[], warnings: readonly Problem[], about: (problem: Problem) => string): ReadonlyMap<number, LineNote[]> {
  const notes = new Map<number, LineNote[]>();
  const add = (isError: boolean) => (problem: Problem): void => {
    const [, id, column = ''] = /^lines\.(\d+)\.(\w+)$/.exec(problem.path) ?? [];
    if (id !== undefined) notes.set(Number(id), [...(notes.get(Number(id)) ?? []), { column, text: about(problem), isError }]);
  };
  errors.forEach(add(true));
  warnings.forEach(add(false));
  return notes;
}

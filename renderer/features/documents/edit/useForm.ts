import { useCallback, useMemo, useState } from 'react';
import type { FormSpec } from '../../../../shared/domain/form-spec.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import type { WorkflowState } from '../../../../shared/domain/workflow.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useFormSpec } from '../useFormSpec.ts';
import { useWords } from '../words.ts';
import type { ContentAction } from './content.ts';
import type { LineColumn } from './lines.ts';
import { assumedRates, lineFindings, outlook, type Outlook } from './guards.ts';
import type { LineNote } from './LineRow.tsx';
import { readBlock, reportOf } from './paste.ts';
import { problemsOf, shownProblems, unreadableCells, type Problem } from './problems.ts';
import { askRates } from './rates.ts';
import { change as changeDraft, travel } from './store.ts';
import { patch, useWorking, visit as visitPlaces, type Working } from './working.ts';

export type FormModel = {
  spec: FormSpec;
  /** Everything that keeps it from being sent. */
  problems: readonly Problem[];
  unreadable: readonly Problem[];
  /** Texts of what may be shown, by path. */
  errors: ReadonlyMap<string, string>;
  /** What stands beside the lines, by their id. */
  notes: ReadonlyMap<number, readonly LineNote[]>;
  outlook: Outlook;
  change: (action: ContentAction) => void;
  visit: (path: string) => void;
  paste: (line: number, column: LineColumn, cells: string[][]) => void;
  travel: (direction: 'undo' | 'redo') => void;
  /** Brings a place into sight and the cursor to it. */
  goTo: (path: string) => void;
  /** What keeps another state of it from being sent, for the moment after the last cell was left. */
  judge: (content: Working['content']) => readonly Problem[];
  wanted: { path: string } | null;
};

function lineNotes(errors: readonly Problem[], findings: ReturnType<typeof lineFindings>, about: (problem: Problem) => string): ReadonlyMap<number, LineNote[]> {
  const notes = new Map<number, LineNote[]>();
  const add = (problem: Problem, tone: LineNote['tone']): void => {
    const [, id, column = ''] = /^lines\.(\d+)\.(\w+)$/.exec(problem.path) ?? [];
    if (id !== undefined) notes.set(Number(id), [...(notes.get(Number(id)) ?? []), { column, text: about(problem), tone }]);
  };
  for (const problem of errors) add(problem, 'error');
  for (const finding of findings) add(finding, finding.tone);
  return notes;
}

/** Keeps the notes of a line the same object while they say the same, so that its row is not drawn again. */
function useStableNotes(notes: ReadonlyMap<number, LineNote[]>): ReadonlyMap<number, readonly LineNote[]> {
  const [known] = useState(() => new Map<number, { text: string; notes: readonly LineNote[] }>());
  return useMemo(() => new Map([...notes].map(([id, list]) => {
    const text = list.map((note) => `${note.column} ${note.tone} ${note.text}`).join('\n');
    const before = known.get(id);
    if (before?.text === text) return [id, before.notes] as const;
    known.set(id, { text, notes: list });
    return [id, list] as const;
  })), [notes, known]);
}

/** What a form shows of a draft, and what can be done in it. */
export function useForm(working: Working, account: Account, state: WorkflowState): FormModel {
  const { id, content, visited, attempted, fromServer } = working;
  const words = useWords();
  const { language } = useFormat();
  const spec = useFormSpec(content.type);
  const [wanted, setWanted] = useState<{ path: string } | null>(null);
  const problems = useMemo(() => problemsOf(content, spec), [content, spec]);
  const shown = useMemo(() => [...fromServer, ...shownProblems(problems, visited, attempted)], [problems, visited, attempted, fromServer]);
  const errors = useMemo(() => new Map(shown.map((problem) => [problem.path, words.about(problem)])), [shown, words]);
  const findings = useMemo(() => [...lineFindings(content), ...assumedRates(content)], [content]);
  const notes = useStableNotes(useMemo(() => lineNotes(shown, findings, words.about), [shown, findings, words]));
  const change = useCallback((action: ContentAction) => {
    changeDraft(id, action);
    if (action.type === 'pickArticle') void askRates(id, [action.line], action.item.id);
    else if (action.type === 'settleCell') void askRates(id, [action.line]);
    else if (action.type === 'fill') void askRates(id, action.to);
  }, [id]);
  const visit = useCallback((path: string) => visitPlaces(id, [path]), [id]);
  const paste = useCallback((line: number, column: LineColumn, cells: string[][]) => {
    const before = useWorking.getState().drafts[id]?.content.lines ?? [];
    const block = readBlock(cells, { column, position: before.findIndex((one) => one.id === line), language });
    changeDraft(id, { type: 'paste', line, columns: block.columns, rows: block.rows, language: block.language });
    const after = useWorking.getState().drafts[id];
    if (after === undefined) return;
    visitPlaces(id, unreadableCells(problemsOf(after.content, spec)).map(({ path }) => path));
    void askRates(id, after.content.lines.slice(block.position, block.position + block.rows.length).map((one) => one.id));
    patch(id, { notice: { kind: 'pasted', report: reportOf(block, after.content.lines) } });
  }, [id, language, spec]);
  const goTo = useCallback((path: string) => setWanted({ path }), []);
  const go = useCallback((direction: 'undo' | 'redo') => {
    const place = travel(id, direction);
    if (place !== null) setWanted({ path: place });
  }, [id]);
  return {
    spec, problems, unreadable: useMemo(() => unreadableCells(shown), [shown]), errors, notes,
    outlook: useMemo(() => outlook(content, account, state), [content, account, state]), change, visit, paste, travel: go, goTo, wanted, judge: (other) => problemsOf(other, spec),
  };
}

import { create } from 'zustand';
import { documentTypes, type DocumentType } from '../../../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../../../shared/domain/document.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { onPersonLeft } from '../working-account.ts';
import { draftReducer, filledLines, type Draft, type DraftAction, type LineDraft } from './draft.ts';
import { pathOf, serverProblems, type Problem } from './problems.ts';
import { isDirty, rebase } from './rebase.ts';

/** One document being written, with what happened to it. */
export type Entry = {
  draft: Draft;
  /** Why the last attempt to save failed; it stays until the next attempt. */
  error: AppError | null;
  /** What the server said about single fields; each leaves with the next change of its field. */
  fromServer: readonly Problem[];
  /** The line deleted last, until it is brought back or another change makes it history. */
  removed: { index: number; line: LineDraft } | null;
  /** What putting the changes on top of the server's state did. */
  rebased: { taken: readonly string[]; both: readonly string[] } | null;
};

/** Names a draft. A new document has no number of its own yet, so there is one new draft a type. */
export type DraftName = string;
export const draftName = ({ type, number }: DocumentKey): DraftName => `${type}/${number}`;
export const newDraftName = (type: DocumentType): DraftName => `new/${type}`;

type Drafts = {
  entries: Readonly<Record<DraftName, Entry>>;
  /** The draft thrown away last, for bringing it back. */
  discarded: { name: DraftName; entry: Entry } | null;
  open: (name: DraftName, draft: Draft) => void;
  change: (name: DraftName, action: DraftAction) => void;
  failed: (name: DraftName, error: AppError, sent: Draft) => void;
  rebase: (name: DraftName, theirs: DocumentRecord) => void;
  /** Saved, or left unchanged: nothing of it is worth keeping. */
  close: (name: DraftName) => void;
  /** Thrown away by the person; can be brought back once. */
  discard: (name: DraftName) => void;
  restore: () => DraftName | null;
  forgetDiscarded: () => void;
  clear: () => void;
};

const without = <T>(entries: Readonly<Record<string, T>>, name: string): Record<string, T> => Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name));

/** The field an action changes, as the path that problems use. */
function changedPath(action: DraftAction): string | null {
  switch (action.type) {
    case 'set': return action.name;
    case 'setDate': return 'date';
    case 'setPartner': return 'partnerId';
    case 'setField': return pathOf(action.name);
    case 'setArticle': return `lines.${action.line}.article`;
    case 'typeCell': return `lines.${action.line}.${action.column}`;
    case 'pickArticle': case 'deleteLine': return `lines.${action.line}`;
    default: return null;
  }
}

function changed(entry: Entry, action: DraftAction): Entry {
  const path = changedPath(action);
  const index = action.type === 'deleteLine' ? entry.draft.lines.findIndex((line) => line.id === action.line) : -1;
  const line = entry.draft.lines[index];
  const keepsRemoved = action.type === 'visit' || action.type === 'settleCell' || action.type === 'attempt';
  return {
    ...entry,
    draft: draftReducer(entry.draft, action),
    fromServer: path === null ? entry.fromServer : entry.fromServer.filter((one) => one.path !== path && !one.path.startsWith(`${path}.`)),
    removed: line !== undefined ? { index, line } : keepsRemoved ? entry.removed : null,
  };
}

/**
 * Everything being written, by document: leaving a document or a screen, a failed save and going offline lose nothing as
 * long as the window lives.
 */
export const useDrafts = create<Drafts>((set, get) => {
  const update = (name: DraftName, change: (entry: Entry) => Entry): void => set(({ entries }) => {
    const entry = entries[name];
    return entry === undefined ? {} : { entries: { ...entries, [name]: change(entry) } };
  });
  return {
    entries: {},
    discarded: null,
    open: (name, draft) => set(({ entries }) => (entries[name] === undefined ? { entries: { ...entries, [name]: { draft, error: null, fromServer: [], removed: null, rebased: null } } } : {})),
    change: (name, action) => update(name, (entry) => changed(entry, action)),
    failed: (name, error, sent) => update(name, (entry) => ({ ...entry, error, rebased: null, fromServer: serverProblems(error, filledLines(sent).map((line) => line.id)) })),
    rebase: (name, theirs) => update(name, (entry) => {
      const { draft, taken, both } = rebase(entry.draft, theirs);
      return { ...entry, draft, error: null, fromServer: [], rebased: { taken, both } };
    }),
    close: (name) => set(({ entries }) => ({ entries: without(entries, name) })),
    discard: (name) => set(({ entries }) => {
      const entry = entries[name];
      return entry === undefined ? {} : { entries: without(entries, name), ...(isDirty(entry.draft) && { discarded: { name, entry } }) };
    }),
    restore: () => {
      const { discarded, entries } = get();
      if (discarded === null) return null;
      set({ discarded: null, entries: { ...entries, [discarded.name]: discarded.entry } });
      return discarded.name;
    },
    forgetDiscarded: () => set({ discarded: null }),
    clear: () => set({ entries: {}, discarded: null }),
  };
});

// Drafts belong to the person who typed them: the next one at this computer must not see them.
onPersonLeft(() => useDrafts.getState().clear());

/** The types of which a new document is being written. */
export const openNewTypes = (entries: Drafts['entries']): DocumentType[] => documentTypes.filter((type) => entries[newDraftName(type)] !== undefined);

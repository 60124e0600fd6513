import { create } from 'zustand';
import { filledLines, isUnreadable, numberColumns } from '../../../../shared/domain/draft-document.ts';
import type { Draft, DraftContent } from '../../../../shared/domain/draft.ts';
import type { DocumentKey, DocumentRecord } from '../../../../shared/domain/document.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import type { SaveState } from './autosave.ts';
import { changeContent, proposeNumber, type ContentAction } from './content.ts';
import { noHistory, redo, remember, undo, type History } from './history.ts';
import type { PasteReport } from './paste.ts';
import { pathOf, serverProblems, type Problem } from './problems.ts';

/** What the last change did, said at the foot of the lines until the next one. */
export type Notice = { kind: 'removed'; count: number } | { kind: 'pasted'; report: PasteReport } | { kind: 'filled'; count: number };

/** One draft being written in this window. The store in the cache holds its content too; the rest is of this window. */
export type Working = {
  id: string;
  /** The stored document it changes; null for a new one. */
  base: DocumentRecord | null;
  content: DraftContent;
  /** `open` drafts are written to; the others wait for their command. */
  state: Draft['state'];
  save: SaveState;
  history: History;
  /** Places that were left once: only those show what is wrong with them. */
  visited: Readonly<Record<string, true>>;
  /** Set by the first attempt to send: from then on everything wrong is shown. */
  attempted: boolean;
  isSending: boolean;
  /** What the command carries that was sent last, and under which number: what is typed since goes on from there. */
  sent: { content: DraftContent; number: string } | null;
  /** Why the last attempt to send failed; it stays until the next attempt. */
  error: AppError | null;
  /** What the server said about single fields; each leaves with the next change of its field. */
  fromServer: readonly Problem[];
  notice: Notice | null;
  /** The draft as somebody stored it in another place, while this window has changes of its own. */
  elsewhere: Draft | null;
};

export const keyOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;

export type WorkingStore = {
  drafts: Readonly<Record<string, Working>>;
  /** Documents whose form is open, with the id of its draft. */
  forms: Readonly<Record<string, string>>;
};

/**
 * The drafts being written, so that leaving a screen and coming back keeps cursor history and marks. Their content is
 * stored in the encrypted cache by store.ts; at the lock and at sign-out it leaves this memory.
 */
export const useWorking = create<WorkingStore>(() => ({ drafts: {}, forms: {} }));

/** A draft of the cache, or one that begins, as it is opened here. */
export const workingFrom = (draft: Pick<Draft, 'id' | 'base' | 'content' | 'state'>, savedAt: number | null): Working => ({
  id: draft.id, base: draft.base, content: draft.content, state: draft.state, save: savedAt === null ? { status: 'untouched' } : { status: 'saved', savedAt },
  history: noHistory,
  // What could not be read when it was left is wrong from the start.
  visited: Object.fromEntries(draft.content.lines.flatMap((line) => numberColumns.filter((column) => isUnreadable(line[column])).map((column) => [`lines.${line.id}.${column}`, true] as const))), attempted: false, isSending: false, sent: null, error: null, fromServer: [], notice: null, elsewhere: null,
});

export function put(working: Working): void {
  useWorking.setState(({ drafts }) => ({ drafts: { ...drafts, [working.id]: working } }));
}

/** Changes what is known of a draft; nothing when it is not open here. */
export function patch(id: string, change: Partial<Working> | ((working: Working) => Partial<Working>)): void {
  useWorking.setState(({ drafts }) => {
    const before = drafts[id];
    return before === undefined ? {} : { drafts: { ...drafts, [id]: { ...before, ...(typeof change === 'function' ? change(before) : change) } } };
  });
}

export function drop(id: string): void {
  useWorking.setState(({ drafts }) => ({ drafts: Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== id)) }));
}

/** The place an action changes, as the path that problems use; null where it is many. */
function placeOf(action: ContentAction): string | null {
  switch (action.type) {
    case 'set': return action.name;
    case 'setDate': return 'date';
    case 'setPartner': return 'partnerId';
    case 'setField': return pathOf(action.name);
    case 'setArticle': case 'pickArticle': return `lines.${action.line}.article`;
    case 'typeCell': case 'settleCell': return `lines.${action.line}.${action.column}`;
    default: return null;
  }
}

const noticeOf = (action: ContentAction): Notice | null => {
  if (action.type === 'deleteLines') return { kind: 'removed', count: action.lines.length };
  return action.type === 'fill' ? { kind: 'filled', count: action.to.length } : null;
};

/** The working copy after a change, or itself when nothing changed. */
export function changed(working: Working, action: ContentAction, at: number): Working {
  const content = changeContent(working.content, action);
  if (content === working.content) return working;
  const place = placeOf(action);
  // Leaving a cell turns its text into a value, and a known rate comes by itself: no steps of their own, or undo would seem to do nothing.
  const isQuiet = action.type === 'settleCell' || action.type === 'knownRate';
  const history = isQuiet ? { ...working.history, open: null } : remember(working.history, working.content, place, at);
  return {
    ...working, content, history,
    fromServer: place === null ? working.fromServer : working.fromServer.filter((one) => one.path !== place),
    notice: isQuiet ? working.notice : noticeOf(action),
  };
}

/** A step back or forward with the place it concerns; null when there is none. */
export function travelled(working: Working, direction: 'undo' | 'redo'): { working: Working; place: string | null } | null {
  const found = (direction === 'undo' ? undo : redo)(working.history, working.content);
  return found === null ? null : { place: found.place, working: { ...working, content: found.content, history: found.history, notice: null } };
}

/** Takes a number from the server. It is no change of the person's, so it makes no step and no draft. */
export const numbered = (working: Working, number: string, provisional: boolean): Working => ({ ...working, content: proposeNumber(working.content, number, provisional) });

/** The server refused what was sent: its complaints stand at their fields. */
export const refused = (working: Working, error: AppError): Partial<Working> =>
  ({ error, attempted: true, fromServer: serverProblems(error, filledLines(working.content).map((line) => line.id)) });

export const visit = (id: string, paths: readonly string[]): void => patch(id, ({ visited }) =>
  (paths.every((path) => visited[path] === true) ? {} : { visited: { ...visited, ...Object.fromEntries(paths.map((path) => [path, true] as const)) } }));

/** The draft of a document that is open here. */
export const draftOf = ({ drafts }: WorkingStore, key: DocumentKey): Working | undefined =>
  Object.values(drafts).find(({ base }) => base !== null && base.document.type === key.type && base.document.number === key.number);

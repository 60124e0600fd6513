import { blankContent, contentOf } from '../../../../shared/domain/draft-document.ts';
import type { Draft } from '../../../../shared/domain/draft.ts';
import type { DocumentType } from '../../../../shared/domain/document-types.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import { call, CallError, errorOf } from '../../../bridge/call.ts';
import { onEvent } from '../../../bridge/events.ts';
import { isShut, useLock } from '../../../state/lock.ts';
import { beforeLeaving } from '../../../state/unstored.ts';
import { onPersonLeft } from '../working-account.ts';
import { Autosave, type Stored } from './autosave.ts';
import type { ContentAction } from './content.ts';
import { holding } from './held.ts';
import { flush, get, isHeld, reread, savers, storedOf } from './savers.ts';
import { changed, drop, keyOf, numbered, patch, put, travelled, useWorking, workingFrom, type Working } from './working.ts';

const now = (): number => Date.now();
const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Begins a draft in the cache, or changes it there. @throws CallError, `draft.changedElsewhere` also when the document has another draft */
async function write(id: string, content: Working['content'], version: number | null): Promise<Stored> {
  if (version !== null) return call('drafts.save', { id, version, content });
  const draft = await call('drafts.create', { id, content, base: get(id)?.base ?? null });
  if (draft.id !== id) {
    adopt(id, draft);
    return storedOf(draft);
  }
  return draft.version === 1 ? storedOf(draft) : call('drafts.save', { id, version: draft.version, content });
}

function saverOf(id: string, stored: Stored | null): Autosave {
  const known = savers.get(id);
  if (known !== undefined) return known;
  wire();
  const made = new Autosave({
    now, after,
    save: (content, version) => write(id, content, version),
    changed: (save) => {
      patch(id, { save });
      if (save.status !== 'failed') return;
      if (save.error.code === 'draft.changedElsewhere') void lookElsewhere(id);
      // A command carries it by now: what was typed waits for what becomes of that.
      if (save.error.code === 'draft.locked') {
        savers.get(id)?.pause();
        lookAfter(id);
      }
    },
  }, stored);
  savers.set(id, made);
  return made;
}

function forget(id: string): void {
  savers.get(id)?.end();
  savers.delete(id);
  drop(id);
  const number = given.get(id);
  if (number === undefined) return;
  given.delete(id);
  releaseNumber(number);
}

/** The server's numbers that new forms show: whether a draft bears its number, main knows. */
const given = new Map<string, { type: DocumentType; number: string }>();
const releaseNumber = (number: { type: DocumentType; number: string }): void => void call('documents.releaseNumber', number).catch(() => undefined);

/** The document had a draft already, begun in another place: this window goes on with that one. */
function adopt(id: string, draft: Draft): void {
  const mine = get(id);
  forget(id);
  openStored(draft);
  if (mine === undefined) return;
  patch(draft.id, { elsewhere: draft, content: mine.content, history: mine.history });
  savers.get(draft.id)?.pause('draft.changedElsewhere');
  if (mine.base !== null) showForm(mine.base.document, draft.id);
}

/** Somebody stored this draft from another place: theirs is shown as a choice, mine stays in the form. */
async function lookElsewhere(id: string): Promise<void> {
  const draft = await call('drafts.get', { id }).catch(() => null);
  if (draft !== null) patch(id, { elsewhere: draft });
}

/** Takes over a draft of the cache; one that is open here already keeps its cursor history. */
export function openStored(draft: Draft, { isShown = false } = {}): void {
  if (get(draft.id) === undefined) {
    saverOf(draft.id, storedOf(draft));
    put(workingFrom(draft, draft.savedAt));
  }
  if (isShown && draft.base !== null) showForm(draft.base.document, draft.id);
}

/** Opens a draft by its id. @returns false when there is none (any more). @throws CallError */
export async function openDraft(id: string): Promise<boolean> {
  if (get(id) !== undefined) return true;
  const draft = await call('drafts.get', { id });
  if (draft !== null) openStored(draft);
  return draft !== null;
}

/** Begins a new document. It becomes a draft in the cache with the first change; `today` as `YYYY-MM-DD`. */
export function beginNew(id: string, type: DocumentType, today: string): void {
  if (get(id) !== undefined) return;
  saverOf(id, null);
  put(workingFrom({ id, base: null, content: blankContent(type, today), state: 'open' }, null));
  // Without a number the form still works: the field stays empty and says that one is needed.
  void call('documents.nextNumber', { type }).then(({ number, provisional }) => {
    if (!provisional && get(id) === undefined) releaseNumber({ type, number });
    else if (!provisional) given.set(id, { type, number });
    patch(id, (working) => numbered(working, number, provisional));
  }, () => undefined);
}

/** Opens a stored document for editing. */
export function beginEdit(record: DocumentRecord): void {
  const id = crypto.randomUUID();
  saverOf(id, null);
  put(workingFrom({ id, base: record, content: contentOf(record.document), state: 'open' }, null));
  showForm(record.document, id);
}

export const showForm = (key: { type: DocumentType; number: string }, id: string): void => useWorking.setState(({ forms }) => ({ forms: { ...forms, [keyOf(key)]: id } }));
export const hideForm = (key: { type: DocumentType; number: string }): void =>
  useWorking.setState(({ forms }) => ({ forms: Object.fromEntries(Object.entries(forms).filter(([name]) => name !== keyOf(key))) }));

function take(id: string, next: Working): void {
  put(next);
  if (next.state === 'open') savers.get(id)?.change(next.content);
}

/** A change by the person: shown at once, stored with the next pause. */
export function change(id: string, action: ContentAction): void {
  const before = get(id);
  if (before === undefined || before.state !== 'open') return;
  const next = changed(before, action, now());
  if (next !== before) take(id, next);
}

/** One step back or forward. @returns the place it concerns; null when there is none */
export function travel(id: string, direction: 'undo' | 'redo'): string | null {
  const before = get(id);
  const found = before === undefined || before.state !== 'open' ? null : travelled(before, direction);
  if (found !== null) take(id, found.working);
  return found?.place ?? null;
}

/** Makes sure that the cache has the draft, also when nothing was changed. @throws CallError */
export async function ensureStored(id: string): Promise<void> {
  const saver = savers.get(id);
  const working = get(id);
  if (saver === undefined || working === undefined) return;
  if (saver.stored === null && saver.isIdle) saver.change(working.content);
  await saver.flush();
}

const { goOnFrom, settle } = holding({ close, beginEdit, change });
export { goOnFrom };

/** Goes on with what somebody stored in another place; mine can be undone to. */
export function takeElsewhere(id: string): void {
  const working = get(id);
  if (working?.elsewhere === null || working === undefined) return;
  const theirs = working.elsewhere;
  const saver = savers.get(id);
  saver?.end();
  savers.delete(id);
  saverOf(id, storedOf(theirs));
  put({ ...changed(working, { type: 'replace', content: theirs.content }, now()), elsewhere: null, state: theirs.state, save: { status: 'saved', savedAt: theirs.savedAt } });
}

/** Stores mine on top of theirs; theirs stays among the versions. */
export function keepMine(id: string): void {
  const working = get(id);
  if (working === undefined || working.elsewhere === null) return;
  const saver = saverOf(id, null);
  saver.resume(storedOf(working.elsewhere));
  patch(id, { elsewhere: null, state: working.elsewhere.state });
  saver.change(working.content);
}

/** Leaves a form: what was typed is stored; a draft that never was changed leaves nothing behind. */
export async function leave(id: string): Promise<void> {
  const working = get(id);
  if (working?.base) hideForm(working.base.document);
  await flush(id).catch(() => undefined);
  if (savers.get(id)?.stored === null && savers.get(id)?.isIdle === true) forget(id);
}

/** It is on the server, or thrown away: nothing of it is worth keeping here. */
export function close(id: string): void {
  const working = get(id);
  if (working?.base) hideForm(working.base.document);
  forget(id);
}

/** Throws a draft away. @returns whether there was one to bring back. @throws CallError when the cache cannot */
export async function discard(id: string): Promise<boolean> {
  await flush(id).catch(() => undefined);
  const isStored = savers.get(id)?.stored !== null;
  if (isStored) await call('drafts.discard', { id });
  close(id);
  return isStored;
}

async function storeAll(): Promise<void> {
  const flushAll = (): Promise<PromiseSettledResult<void>[]> => Promise.allSettled([...savers.values()].map((saver) => saver.flush()));
  const held = [...savers.keys()].filter(isHeld);
  const [first] = await Promise.all([flushAll(), Promise.allSettled(held.map(settle))]);
  const results = held.length === 0 ? first : await flushAll();
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw new CallError(errorOf(failed.reason));
}

/** At the lock the content leaves this memory; only what could not be stored stays, because nowhere else has it. */
function emptyAtLock(): void {
  for (const [id, saver] of savers) {
    const placed = saver.isHeld ? settle(id) : Promise.resolve();
    void placed.then(() => saver.flush()).then(() => { if (isShut(useLock.getState().state)) forget(id); }, () => undefined);
  }
}

/** Ties the drafts of this window to the events of main, the lock, sign-out and the closing of the window, when there is the first one. */
let isWired = false;
function wire(): void {
  if (isWired) return;
  isWired = true;
  beforeLeaving(storeAll);
  useLock.subscribe(({ state }, { state: before }) => { if (isShut(state) && !isShut(before)) emptyAtLock(); });
  // Drafts belong to the person who typed them: the next one at this computer must not see them.
  onPersonLeft(() => {
    for (const id of savers.keys()) forget(id);
    useWorking.setState({ drafts: {}, forms: {} });
  });
  onEvent('drafts.changed', ({ ids }) => {
    for (const id of ids) lookAfter(id);
  });
  // A command that failed may be taken back now; that changes no draft.
  onEvent('outbox.changed', () => {
    for (const id of [...savers.keys()].filter(isHeld)) lookAfter(id);
  });
  window.addEventListener('beforeunload', (event) => {
    if ([...savers.values()].every((saver) => saver.isIdle)) return;
    event.preventDefault();
    void storeAll().then(() => window.close(), () => undefined);
  });
}

/** Something may have happened to a draft that is open here. */
export function lookAfter(id: string): void {
  const [working, saver] = [get(id), savers.get(id)];
  if (working === undefined || working.isSending || saver === undefined) return;
  // What cannot be placed yet is kept, and looked after with the next event.
  if (saver.isHeld) void settle(id).catch(() => undefined);
  else if (saver.isIdle && saver.stored !== null) void follow(id);
}

/** What happened to a draft elsewhere in the app or in another window. */
async function follow(id: string): Promise<void> {
  const draft = await call('drafts.get', { id }).catch(() => undefined);
  const working = get(id);
  const stored = savers.get(id)?.stored;
  if (draft === undefined || working === undefined || stored === null || stored === undefined || savers.get(id)?.isIdle !== true) return;
  if (draft === null) return close(id);
  if (draft.version === stored.version && draft.state === working.state && draft.content.number === working.content.number) return;
  if (draft.version > stored.version) {
    forget(id);
    openStored(draft);
    patch(id, { history: changed(working, { type: 'replace', content: draft.content }, now()).history, visited: working.visited, attempted: working.attempted });
  } else await reread(id);
}

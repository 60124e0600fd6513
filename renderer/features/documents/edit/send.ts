import { contentOf, filledLines, withReadyRow } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { OutboxCommand } from '../../../../shared/domain/outbox.ts';
import { setAnswer } from '../../../bridge/answers.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { beginEdit, change, close, ensureStored, goOnSaving, pauseSaving, reread, showForm } from './store.ts';
import { draftOf, patch, refused, useWorking } from './working.ts';

/** How sending ended, as far as the screen has to follow; null when the draft stays open with its reason. */
export type Sent = { status: 'stored'; record: DocumentRecord } | { status: 'waiting' } | null;

/**
 * What was typed while the draft was on its way, as a change of what is stored now: lines that were sent get the ids of
 * the stored ones, because these are what the merge goes by.
 */
export function carryOver(content: DraftContent, sent: DraftContent, record: DocumentRecord): DraftContent {
  const stored = contentOf(record.document);
  const position = new Map(filledLines(sent).map(({ id }, index) => [id, index]));
  let { nextLineId } = stored;
  const lines = content.lines.map((line) => ({ ...line, id: position.get(line.id) ?? nextLineId++ }));
  return withReadyRow({ ...content, number: stored.number, numberProvisional: false, lines, nextLineId });
}

/** Makes a refused command a draft again, with what the server said at its fields. @throws CallError */
async function takeBack(id: string, command: OutboxCommand): Promise<void> {
  await call('outbox.withdraw', { id: command.id });
  await reread(id);
  patch(id, (working) => (command.error === null ? {} : refused(working, command.error)));
}

async function send(id: string, submit: boolean): Promise<Sent> {
  await ensureStored(id);
  const sent = useWorking.getState().drafts[id]?.content;
  if (sent === undefined) return null;
  // While a command carries it the draft cannot be written; what is typed meanwhile waits in this window.
  pauseSaving(id);
  const outcome = await call('drafts.send', { id, submit });
  const typed = useWorking.getState().drafts[id]?.content ?? sent;
  if (outcome.status === 'stored') {
    const { record } = outcome;
    setAnswer('documents.cached', { type: record.document.type, number: record.document.number }, record);
    close(id);
    if (typed !== sent) {
      beginEdit(record);
      const next = draftOf(useWorking.getState(), record.document);
      if (next !== undefined) {
        change(next.id, { type: 'replace', content: carryOver(typed, sent, record) });
        showForm(record.document, next.id);
      }
    }
    return { status: 'stored', record };
  }
  if (outcome.command.kind === 'submit') {
    // The document is stored; only its submit waits or was refused, which stands beside the document then.
    const record = await call('documents.cached', outcome.command.key);
    close(id);
    return record === null ? { status: 'waiting' } : { status: 'stored', record };
  }
  if (outcome.command.state === 'rejected') {
    await takeBack(id, outcome.command);
    return null;
  }
  if (typed !== sent && outcome.command.state === 'waiting') {
    // It did not go yet, and there is more to it now.
    await takeBack(id, outcome.command);
    return null;
  }
  await reread(id);
  return { status: 'waiting' };
}

/** Sends a draft. Whatever comes back, it stays in the cache until the server has it. */
export async function sendDraft(id: string, submit: boolean): Promise<Sent> {
  if (useWorking.getState().drafts[id]?.isSending !== false) return null;
  patch(id, { isSending: true, error: null, fromServer: [] });
  try {
    return await send(id, submit);
  } catch (thrown) {
    const error = errorOf(thrown);
    // Stored or not, open or not: what the cache says counts from here.
    await reread(id).catch(() => null);
    goOnSaving(id);
    patch(id, (working) => refused(working, error));
    return null;
  } finally {
    patch(id, { isSending: false });
  }
}

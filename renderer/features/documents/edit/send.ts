import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import { setAnswer } from '../../../bridge/answers.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { takeBack } from './held.ts';
import { goOnSaving, isHeld, pauseSaving, reread } from './savers.ts';
import { close, ensureStored, goOnFrom, lookAfter } from './store.ts';
import { patch, refused, useWorking } from './working.ts';

/** How sending ended, as far as the screen has to follow; null when the draft stays open with its reason. */
export type Sent = { status: 'stored'; record: DocumentRecord } | { status: 'waiting' } | null;

async function send(id: string, submit: boolean): Promise<Sent> {
  await ensureStored(id);
  const sent = useWorking.getState().drafts[id]?.content;
  if (sent === undefined) return null;
  // While a command carries it the draft cannot be written; what is typed meanwhile waits in this window.
  pauseSaving(id, sent);
  const outcome = await call('drafts.send', { id, submit });
  if (outcome.status === 'stored') {
    const { record } = outcome;
    setAnswer('documents.cached', { type: record.document.type, number: record.document.number }, record);
    goOnFrom(id, record);
    return { status: 'stored', record };
  }
  const { command } = outcome;
  if (command.kind === 'submit') {
    // The document is stored; only its submit waits or was refused, which stands beside the document then.
    const record = (await call('documents.cached', command.key)) ?? (isHeld(id) ? await call('documents.refresh', command.key) : null);
    if (record === null) close(id);
    else goOnFrom(id, record);
    return record === null ? { status: 'waiting' } : { status: 'stored', record };
  }
  patch(id, ({ sent: known }) => ({ sent: known === null ? null : { ...known, number: command.key.number } }));
  if (command.state === 'rejected') {
    await takeBack(id, command);
    return null;
  }
  if (isHeld(id) && command.state !== 'sending') {
    // It did not go yet, and there is more to it now. If it goes this very moment after all, its end is waited for.
    await takeBack(id, command).catch(() => undefined);
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
    // What happened to it meanwhile was left to this sending.
    lookAfter(id);
  }
}

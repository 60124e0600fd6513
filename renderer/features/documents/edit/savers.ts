import type { Draft } from '../../../../shared/domain/draft.ts';
import { call } from '../../../bridge/call.ts';
import type { Autosave, Stored } from './autosave.ts';
import { patch, useWorking, type Working } from './working.ts';

/** What stores the drafts that are open here, by their ids. */
export const savers = new Map<string, Autosave>();

/** A draft that is open here. */
export const get = (id: string): Working | undefined => useWorking.getState().drafts[id];
/** Main rounds and adds nothing, so what is stored is what was given. */
export const storedOf = ({ version, savedAt }: Stored): Stored => ({ version, savedAt });

/** Stores what is still only here. @throws CallError */
export async function flush(id: string): Promise<void> {
  await savers.get(id)?.flush();
}

/** From here on a command carries `content`; what is typed meanwhile waits in this window. */
export function pauseSaving(id: string, content: Working['content']): void {
  savers.get(id)?.pause();
  patch(id, { sent: { content, number: content.number } });
}

/** Whether there is more here than what is on its way, and it cannot be stored yet. */
export const isHeld = (id: string): boolean => savers.get(id)?.isHeld === true;

/** Goes on storing, where the draft is still one to be written. */
export function goOnSaving(id: string): void {
  const saver = savers.get(id);
  if (saver !== undefined && get(id)?.state === 'open' && get(id)?.elsewhere === null) saver.resume(saver.stored);
}

/** The draft in the cache changed its state or number: takes that over, and goes on storing on top of it. */
export async function reread(id: string): Promise<Draft | null> {
  const draft = await call('drafts.get', { id });
  const saver = savers.get(id);
  if (draft === null || saver === undefined || get(id) === undefined) return draft;
  const { number, numberProvisional } = draft.content;
  patch(id, ({ content, sent }) => ({
    state: draft.state, base: draft.base, sent: sent === null ? null : { ...sent, number },
    content: content.number === number && content.numberProvisional === numberProvisional ? content : { ...content, number, numberProvisional },
  }));
  const working = get(id);
  if (draft.state !== 'open' || working === undefined || working.elsewhere !== null) return draft;
  // Merged on its way and then taken back: neither side may go over the other.
  if (saver.isHeld && draft.version !== saver.stored?.version) patch(id, { elsewhere: draft });
  else {
    if (!saver.isIdle) saver.change(working.content);
    saver.resume(storedOf(draft));
  }
  return draft;
}

import { initialStatus } from '../../../../shared/domain/document-types.ts';
import { call } from '../../../bridge/call.ts';
import { discard, ensureStored, openStored } from './store.ts';
import { useWorking } from './working.ts';

/**
 * Makes a document of its own of what was typed for one that nobody may change any more. The changes themselves go where
 * thrown away drafts are. @returns the id of the new draft; null when there was nothing (any more) @throws CallError
 */
export async function asNew(id: string): Promise<string | null> {
  await ensureStored(id);
  const working = useWorking.getState().drafts[id];
  if (working === undefined || working.isSending) return null;
  const { type } = working.content;
  const { number, provisional } = await call('documents.nextNumber', { type });
  const draft = await call('drafts.create', { id: crypto.randomUUID(), content: { ...working.content, number, numberProvisional: provisional, status: initialStatus(type) }, base: null });
  openStored(draft);
  await discard(id);
  return draft.id;
}

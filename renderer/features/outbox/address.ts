import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { OutboxCommand } from '../../../shared/domain/outbox.ts';
import { reread } from '../documents/edit/savers.ts';
import { openDraft } from '../documents/edit/store.ts';
import { patch, refused } from '../documents/edit/working.ts';

/** Where a document is shown; its open draft is shown there too. */
export const addressOf = ({ type, number }: DocumentKey): string => `/documents/${type}/${encodeURIComponent(number)}`;

export const addressOfDraft = (id: string): string => `/documents/draft/${id}`;

/** What a command is about: a document that is not on the server yet is shown by its draft. */
export const addressOfCommand = ({ kind, key, draftId }: OutboxCommand): string => (kind === 'create' && draftId !== null ? addressOfDraft(draftId) : addressOf(key));

/** Opens the draft of a command that was taken back, with what the server said against it at its fields. @throws CallError */
export async function openTakenBack({ draftId, error }: OutboxCommand): Promise<void> {
  if (draftId === null || !await openDraft(draftId)) return;
  await reread(draftId);
  if (error !== null) patch(draftId, (working) => refused(working, error));
}

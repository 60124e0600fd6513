import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { OutboxCommand } from '../../../../shared/domain/outbox.ts';
import { call } from '../../../bridge/call.ts';
import { carryOver } from './carry-over.ts';
import type { ContentAction } from './content.ts';
import { get, isHeld, reread } from './savers.ts';
import { draftOf, patch, refused, useWorking } from './working.ts';

/** What the drafts of this window can do for it. */
export type Desk = { close: (id: string) => void; beginEdit: (record: DocumentRecord) => void; change: (id: string, action: ContentAction) => void };

/** Takes back the command that carries the draft: it is written on, with what the server said at its fields. @throws CallError outbox.sending */
export async function takeBack(id: string, known?: OutboxCommand): Promise<void> {
  // Asked anew: right after a second attempt a list in a window may still name the command of the first.
  const command = known ?? (await call('outbox.list')).find(({ draftId }) => draftId === id);
  if (command !== undefined) await call('outbox.withdraw', { id: command.id });
  await reread(id);
  const error = command?.error ?? null;
  if (error !== null) patch(id, (working) => refused(working, error));
}

/** What becomes of that which is typed while a draft is on its way. */
export function holding({ close, beginEdit, change }: Desk): { goOnFrom: (id: string, record: DocumentRecord) => void; settle: (id: string) => Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();

  /** The server has the draft: what was typed since it was sent becomes a change of what is stored now. */
  function goOnFrom(id: string, record: DocumentRecord): void {
    const working = get(id);
    const isTyped = isHeld(id) && working?.content !== working?.sent?.content;
    close(id);
    if (working === undefined || !isTyped) return;
    beginEdit(record);
    const next = draftOf(useWorking.getState(), record.document);
    if (next !== undefined) change(next.id, { type: 'replace', content: carryOver(working.content, working.sent?.content ?? working.content, record) });
  }

  /** One attempt at {@link holding}'s `settle`. */
  async function place(id: string): Promise<void> {
    const working = get(id);
    if (working === undefined || working.isSending || working.elsewhere !== null || !isHeld(id)) return;
    const command = (await call('outbox.list')).find(({ draftId }) => draftId === id);
    if (command !== undefined && command.state !== 'sending') return takeBack(id, command);
    if ((await reread(id)) !== null) return;
    const { type, number } = get(id)?.content ?? working.content;
    const record = await call('documents.cached', { type, number: get(id)?.sent?.number ?? number });
    // Not there either: somebody threw it away.
    if (record === null) close(id);
    else goOnFrom(id, record);
  }

  return {
    goOnFrom,
    /**
     * Finds a place for what is held: in the draft, once its command can be taken back, or in a change of the document that
     * it became. One after the other, so that no event is answered with what was read before it. @throws CallError
     */
    settle: (id) => {
      const turn = last.then(() => place(id));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

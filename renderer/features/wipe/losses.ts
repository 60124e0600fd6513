import type { DraftSummary } from '../../../shared/domain/draft.ts';
import type { OutboxCommand } from '../../../shared/domain/outbox.ts';

/** One thing that is on this computer only. */
export type Loss = { id: string; number: string; partner: string | null };
export type Losses = { drafts: Loss[]; commands: Loss[] };

/** What a wipe loses for good: drafts, and what waits to be sent. A draft that a command carries counts once, as the command. */
export function lossesOf(drafts: readonly DraftSummary[], commands: readonly OutboxCommand[]): Losses {
  const carried = new Set(commands.map(({ draftId }) => draftId));
  return {
    drafts: drafts.filter(({ id }) => !carried.has(id)).map(({ id, number, partnerName }) => ({ id, number, partner: partnerName })),
    commands: commands.map(({ id, key, partnerName }) => ({ id, number: key.number, partner: partnerName })),
  };
}

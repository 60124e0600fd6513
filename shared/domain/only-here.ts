import type { DraftSummary } from './draft.ts';
import type { OutboxCommand } from './outbox.ts';

/** How much of a person's work is on this computer and nowhere else. A plain type: the window asks for it before its first paint, when no schema is read. */
export type OnlyHere = {
  /** Drafts that nobody has sent. */
  drafts: number;
  /** Documents with a command that is not on the server yet. */
  documents: number;
  /** Decisions noted for later. */
  decisions: number;
};

export const nothingOnlyHere: OnlyHere = { drafts: 0, documents: 0, decisions: 0 };

/** Counts it. A draft that a command carries counts once, as the document that waits. */
export function countOnlyHere(drafts: readonly Pick<DraftSummary, 'state'>[], commands: readonly Pick<OutboxCommand, 'key'>[], decisions: readonly unknown[]): OnlyHere {
  return {
    drafts: drafts.filter(({ state }) => state === 'open').length,
    documents: new Set(commands.map(({ key }) => `${key.type}/${key.number}`)).size,
    decisions: decisions.length,
  };
}

export const addOnlyHere = (a: OnlyHere, b: OnlyHere): OnlyHere => ({ drafts: a.drafts + b.drafts, documents: a.documents + b.documents, decisions: a.decisions + b.decisions });

export const isAnythingOnlyHere = ({ drafts, documents, decisions }: OnlyHere): boolean => drafts + documents + decisions > 0;

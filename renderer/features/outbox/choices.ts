import { create } from 'zustand';
import type { Conflict } from '../../../shared/domain/outbox.ts';
import type { Side } from '../../../shared/domain/merge-values.ts';
import { onPersonLeft } from '../documents/working-account.ts';

type Made = { /** The server's document they were made about. */ about: string; choices: Readonly<Record<string, Side>> };

/** The choices of half-decided conflicts by command, so that looking something up elsewhere does not cost them. */
export const useChoices = create<{ made: Readonly<Record<string, Made>> }>(() => ({ made: {} }));

onPersonLeft(() => useChoices.setState({ made: {} }));

const none: Readonly<Record<string, Side>> = {};
const aboutOf = ({ theirs }: Conflict): string => JSON.stringify(theirs.document);

/** The choices for a conflict; `isAnew` when some were made about an earlier state of the server, which no longer count. */
export function choicesFor(made: Made | undefined, conflict: Conflict): { choices: Readonly<Record<string, Side>>; isAnew: boolean } {
  if (made === undefined) return { choices: none, isAnew: false };
  return made.about === aboutOf(conflict) ? { choices: made.choices, isAnew: false } : { choices: none, isAnew: true };
}

export function choose(conflict: Conflict, path: string, side: Side): void {
  const { id } = conflict.command;
  useChoices.setState(({ made }) => ({ made: { ...made, [id]: { about: aboutOf(conflict), choices: { ...choicesFor(made[id], conflict).choices, [path]: side } } } }));
}

/** The conflict is over. */
export const forgetChoices = (id: string): void => useChoices.setState(({ made }) => ({ made: Object.fromEntries(Object.entries(made).filter(([name]) => name !== id)) }));

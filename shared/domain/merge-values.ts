import type { BusinessDocument, DocumentLine } from './document.ts';
import { decimal } from './money.ts';

export type FieldValue = BusinessDocument['fields'][string];
export type Side = 'base' | 'mine' | 'theirs';
export type Partner = { id: string | null; name: string | null };

/**
 * What a merge makes of one value: left alone by both, changed by one, changed by both alike (`agreed`), or changed by
 * both differently.
 */
export type Outcome = 'same' | 'mine' | 'theirs' | 'agreed' | 'conflict';

/** One value with its three sides. `path` names it: `date`, `partner`, `fields.notes`, `lines.3`, `lines.3.qty`, `lines.order`. */
export type Slot<T> = { path: string; base: T; mine: T; theirs: T; outcome: Outcome };

export const lineColumns = ['article', 'qty', 'price', 'cost', 'vatRate'] as const;
export type LineColumn = (typeof lineColumns)[number];

const isBlank = (value: FieldValue | undefined): boolean => value === undefined || value === null || value === '';

/** Equal for a person: an empty text, null and a missing value are one, and so are 12.5 and its text, which servers mix. */
export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  if (isBlank(a) || isBlank(b)) return isBlank(a) && isBlank(b);
  if (a === b) return true;
  return typeof a !== typeof b && typeof a !== 'boolean' && typeof b !== 'boolean' && decimal(a) !== null && decimal(a) === decimal(b);
}

/** Partners are compared by number. A name that one side does not know is no difference; another name is. */
export function samePartner(a: Partner, b: Partner): boolean {
  if (!sameValue(a.id, b.id)) return false;
  return sameValue(a.name, b.name) || (!isBlank(a.id) && (isBlank(a.name) || isBlank(b.name)));
}

/** Equal cells: decimals by their value, `10.50` is `10.5`. */
export const sameCell = (a: string | null, b: string | null, column: LineColumn): boolean =>
  a === b || (column !== 'article' && a !== null && b !== null && decimal(a) === decimal(b));

export const sameLine = (a: DocumentLine, b: DocumentLine): boolean => lineColumns.every((column) => sameCell(a[column], b[column], column));

/** Two people's changes of one value, told by how equal the three are. */
export function outcomeOf<T>(base: T, mine: T, theirs: T, same: (a: T, b: T) => boolean): Outcome {
  const isMine = !same(base, mine);
  const isTheirs = !same(base, theirs);
  if (!isMine) return isTheirs ? 'theirs' : 'same';
  if (!isTheirs) return 'mine';
  return same(mine, theirs) ? 'agreed' : 'conflict';
}

export const slotOf = <T>(path: string, base: T, mine: T, theirs: T, same: (a: T, b: T) => boolean): Slot<T> => ({ path, base, mine, theirs, outcome: outcomeOf(base, mine, theirs, same) });

/** The side whose value counts. What nobody decided yet stays as the server has it. */
export function sideOf(slot: { path: string; outcome: Outcome }, choices: Readonly<Record<string, Side>>): Side {
  if (slot.outcome === 'conflict') return choices[slot.path] ?? 'theirs';
  return slot.outcome === 'mine' ? 'mine' : 'theirs';
}

import { places, type FieldConflict, type Merge, type MergePlan } from '../../../shared/domain/merge.ts';
import type { LineSlot, NumberedLine } from '../../../shared/domain/merge-lines.ts';
import { lineColumns, sideOf, type LineColumn, type Outcome, type Side } from '../../../shared/domain/merge-values.ts';
import type { DocumentLine } from '../../../shared/domain/document.ts';

export const sides: readonly Side[] = ['base', 'mine', 'theirs'];

/** Position of a line as a person counts: in the result, else where it stood on the server, with us, or at first. */
export function positionOf(merge: Pick<Merge, 'lineIds' | 'plan'>, lineId: number): number {
  const { order } = merge.plan.lines;
  for (const ids of [merge.lineIds, order.theirs, order.mine, order.base]) {
    const index = ids.indexOf(lineId);
    if (index >= 0) return index + 1;
  }
  return 0;
}

/** The article by which a person knows a line. */
export function articleOf({ lines }: MergePlan, lineId: number): string {
  const slot = lines.lines.find(({ id }) => id === lineId);
  return (slot?.theirs ?? slot?.mine ?? slot?.base)?.article ?? '';
}

/** The conflict to go to with J and K; it does not run over the ends. */
export function stepTo(conflicts: readonly FieldConflict[], current: string | null, by: 1 | -1): string | null {
  const index = conflicts.findIndex(({ path }) => path === current);
  return conflicts[index < 0 ? 0 : Math.max(0, Math.min(conflicts.length - 1, index + by))]?.path ?? null;
}

/** The next conflict below that is not decided, else the first one above; null when all are. */
export function nextUndecided(conflicts: readonly FieldConflict[], choices: Readonly<Record<string, Side>>, current: string | null): string | null {
  const index = conflicts.findIndex(({ path }) => path === current);
  return [...conflicts.slice(index + 1), ...conflicts.slice(0, Math.max(0, index))].find(({ path }) => choices[path] === undefined)?.path ?? null;
}

/** How a value of the result came about. `open` is a conflict that is not decided. */
export type Origin = 'same' | 'mine' | 'theirs' | 'agreed' | 'chosen' | 'open';

const originOf = (slot: { path: string; outcome: Outcome }, choices: Readonly<Record<string, Side>>): Origin =>
  (slot.outcome === 'conflict' ? (choices[slot.path] === undefined ? 'open' : 'chosen') : slot.outcome);

/** One line of the table below the conflicts: the result, with the origin of each cell; `isGone` where the result has it no more. */
export type MergedRow = { id: number; line: DocumentLine; isGone: boolean; origin: Origin; cells: Readonly<Record<LineColumn, Origin>> };

const everywhere = (origin: Origin): Record<LineColumn, Origin> => Object.fromEntries(lineColumns.map((column) => [column, origin])) as Record<LineColumn, Origin>;

function rowOf(slot: LineSlot, made: DocumentLine | undefined, choices: Readonly<Record<string, Side>>): MergedRow | null {
  const shown = made ?? slot.theirs ?? slot.mine ?? slot.base;
  if (shown === null) return null;
  const origin = originOf(slot, choices);
  const cells = slot.cells === null ? everywhere(slot.base === null || made === undefined ? 'same' : origin) : Object.fromEntries(slot.cells.map((cell) => [cell.column, originOf(cell, choices)])) as Record<LineColumn, Origin>;
  return { id: slot.id, line: shown, isGone: made === undefined, origin, cells };
}

/** The lines of the result in order, and those that are gone where they stood. */
export function mergedRows({ plan, document, lineIds }: Merge, choices: Readonly<Record<string, Side>>): MergedRow[] {
  const { lines, order, table } = plan.lines;
  if (table !== null) return table[sideOf(table, choices)].map(({ id, line }: NumberedLine) => ({ id, line, isGone: false, origin: originOf(table, choices), cells: everywhere('same') }));
  const made = new Map(lineIds.map((id, index) => [id, document.lines[index] as DocumentLine]));
  const rows = new Map(lines.map((slot) => [slot.id, rowOf(slot, made.get(slot.id), choices)]));
  const result = [...lineIds];
  // A deleted line is shown behind the one it followed.
  for (const list of [order.base, order.theirs, order.mine]) {
    list.forEach((id, index) => {
      if (result.includes(id)) return;
      const before = list[index - 1];
      result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, id);
    });
  }
  return result.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined || row === null ? [] : [row];
  });
}

/** What was put together without asking, with all three sides. */
export const mergedByThemselves = ({ plan }: Pick<Merge, 'plan'>): ReturnType<typeof places> => places(plan).filter(({ outcome }) => outcome === 'mine' || outcome === 'theirs' || outcome === 'agreed');

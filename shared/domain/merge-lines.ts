import type { DocumentLine } from './document.ts';
import { alignLines } from './merge-align.ts';
import { lineColumns, outcomeOf, sameCell, sameLine, sideOf, slotOf, type LineColumn, type Outcome, type Side, type Slot } from './merge-values.ts';

export type NumberedLine = { id: number; line: DocumentLine };

/** One line with its three sides; null where a side does not have it. With `cells` the line is merged cell by cell. */
export type LineSlot = { id: number; path: string; base: DocumentLine | null; mine: DocumentLine | null; theirs: DocumentLine | null; outcome: Outcome; cells: CellSlot[] | null };
export type CellSlot = Slot<string | null> & { column: LineColumn };

export type LinesPlan = {
  /** Every line of any side: in the order of the base, then what was added here, then what they added. */
  lines: LineSlot[];
  /** The ids of each side in its order. */
  order: Slot<number[]>;
  /** Set where lines cannot be merged one by one: the table of one side is chosen as a whole. */
  table: Slot<NumberedLine[]> | null;
};

/** As many as a document may have; see document.ts. */
const maxLines = 1000;

/**
 * Another article makes another line: its price and cost were chosen with it. So a new article on one side and any other
 * change on the other are not put together, though they touch different cells.
 */
function planLine(id: number, base: DocumentLine, mine: DocumentLine | null, theirs: DocumentLine | null): LineSlot {
  const path = `lines.${id}`;
  const slot = { id, path, base, mine, theirs, cells: null };
  if (mine === null || theirs === null) {
    const left = mine ?? theirs;
    if (left === null) return { ...slot, outcome: 'agreed' };
    if (!sameLine(base, left)) return { ...slot, outcome: 'conflict' };
    return { ...slot, outcome: mine === null ? 'mine' : 'theirs' };
  }
  if (sameLine(mine, theirs)) return { ...slot, outcome: sameLine(base, theirs) ? 'same' : 'agreed' };
  const cells = lineColumns.map((column): CellSlot => ({ ...slotOf<string | null>(`${path}.${column}`, base[column], mine[column], theirs[column], (a, b) => sameCell(a, b, column)), column }));
  const [article] = cells;
  const isChanged = (outcome: Outcome): boolean => cells.some((cell) => cell.outcome === outcome || cell.outcome === 'conflict');
  if (article?.outcome === 'conflict' || (article?.outcome === 'mine' && isChanged('theirs')) || (article?.outcome === 'theirs' && isChanged('mine'))) return { ...slot, outcome: 'conflict' };
  return { ...slot, outcome: outcomeOf(base, mine, theirs, sameLine), cells };
}

const sameOrder = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((id, index) => id === b[index]);

/** Whether lines that all three have were moved, and by whom. */
function orderOutcome(base: readonly number[], mine: readonly number[], theirs: readonly number[]): Outcome {
  const common = new Set(mine.filter((id) => id < base.length && theirs.includes(id)));
  const restricted = (ids: readonly number[]): number[] => ids.filter((id) => common.has(id));
  return outcomeOf(restricted(base), restricted(mine), restricted(theirs), sameOrder);
}

/** The id of each of their lines: the base's, that of a line which both added, or the next free one. */
function idsOfTheirs(base: readonly DocumentLine[], mineById: ReadonlyMap<number, DocumentLine>, mineLineIds: readonly number[], theirs: readonly DocumentLine[]): number[] {
  // They left the lines alone, or ours came back as theirs, as after a lost answer: then there is nothing to guess.
  const baseIds = base.map((_line, id) => id);
  for (const [ids, lineOf] of [[baseIds, (id: number) => base[id]], [mineLineIds, (id: number) => mineById.get(id)]] as const) {
    if (ids.length === theirs.length && ids.every((id, index) => sameLine(lineOf(id) as DocumentLine, theirs[index] as DocumentLine))) return [...ids];
  }
  const aligned = alignLines(base, base.map((_line, id) => mineById.get(id) ?? null), theirs);
  const free = mineLineIds.filter((id) => id >= base.length);
  let nextId = Math.max(base.length - 1, ...mineLineIds) + 1;
  return theirs.map((line, index) => {
    const from = aligned[index] ?? null;
    if (from !== null && mineById.has(from)) return from;
    // Both added the same line, or replaced one by the same: that is one line.
    const met = free.findIndex((id) => sameLine(mineById.get(id) as DocumentLine, line));
    if (met >= 0 && (from === null || !sameLine(base[from] as DocumentLine, line))) return free.splice(met, 1)[0] as number;
    return from ?? nextId++;
  });
}

/**
 * Plans the lines of a merge. `mineLineIds` are those of the draft: 0 … n−1 are the base's lines, higher ones were added
 * here; lines that they added get the next free ids. `base` is null where there is none.
 */
export function planLines(base: readonly DocumentLine[] | null, mine: readonly DocumentLine[], mineLineIds: readonly number[], theirs: readonly DocumentLine[]): LinesPlan {
  const from = base ?? [];
  const mineById = new Map(mineLineIds.map((id, index) => [id, mine[index] as DocumentLine]));
  const added = mineLineIds.filter((id) => id >= from.length);
  const theirsIds = idsOfTheirs(from, mineById, mineLineIds, theirs);
  const theirsById = new Map(theirsIds.map((id, index) => [id, theirs[index] as DocumentLine]));
  const baseIds = from.map((_line, id) => id);
  const lines = [
    ...from.map((line, id) => planLine(id, line, mineById.get(id) ?? null, theirsById.get(id) ?? null)),
    ...[...new Set([...added, ...theirsIds.filter((id) => id >= from.length)])].map((id): LineSlot => {
      const [here, there] = [mineById.get(id) ?? null, theirsById.get(id) ?? null];
      return { id, path: `lines.${id}`, base: null, mine: here, theirs: there, cells: null, outcome: here === null ? 'theirs' : there === null ? 'mine' : 'agreed' };
    }),
  ];
  const order: Slot<number[]> = { path: 'lines.order', base: baseIds, mine: [...mineLineIds], theirs: theirsIds, outcome: orderOutcome(baseIds, mineLineIds, theirsIds) };
  const isOneTable = (base === null && mine.length > 0 && theirs.length > 0 && lines.some(({ outcome }) => outcome !== 'agreed')) || lines.length > maxLines;
  return { lines, order, table: isOneTable ? tableSlot(lines, order) : null };
}

/** Two documents without a common origin, or more lines together than a document may have, are nobody's table when mixed. */
function tableSlot(lines: readonly LineSlot[], order: Slot<number[]>): Slot<NumberedLine[]> {
  const byId = new Map(lines.map((slot) => [slot.id, slot]));
  const side = (name: Side): NumberedLine[] => order[name].map((id) => ({ id, line: byId.get(id)?.[name] as DocumentLine }));
  const same = (a: NumberedLine[], b: NumberedLine[]): boolean => a.length === b.length && a.every(({ line }, index) => sameLine(line, (b[index] as NumberedLine).line));
  return slotOf('lines', side('base'), side('mine'), side('theirs'), same);
}

/** The line as the choices make it; null when it is not in the result. */
function assembleLine(slot: LineSlot, choices: Readonly<Record<string, Side>>): DocumentLine | null {
  if (slot.cells === null || slot.mine === null) return slot[sideOf(slot, choices)];
  return Object.fromEntries(slot.cells.map((cell) => [cell.column, cell[sideOf(cell, choices)]])) as DocumentLine;
}

/**
 * Adds the ids of `list` that are missing in `result`, each behind the one it follows in `list`. `behind` are ids that stay
 * in front of it when they follow the same line.
 */
function weave(result: readonly number[], list: readonly number[], behind: ReadonlySet<number>): number[] {
  const woven = [...result];
  const isIn = new Set(result);
  list.forEach((id, index) => {
    if (isIn.has(id)) return;
    const before = list[index - 1];
    let at = before === undefined ? 0 : woven.indexOf(before) + 1;
    while (behind.has(woven[at] ?? -1)) at++;
    woven.splice(at, 0, id);
    isIn.add(id);
  });
  return woven;
}

/** The lines of the result in their order: moved as the one moved them who did, added ones where they were added, theirs first. */
export function assembleLines({ lines, order, table }: LinesPlan, choices: Readonly<Record<string, Side>>): NumberedLine[] {
  if (table !== null) return table[sideOf(table, choices)];
  const onlyTheirs = new Set(lines.filter(({ base, mine }) => base === null && mine === null).map(({ id }) => id));
  const nothing = new Set<number>();
  const by = sideOf(order, choices);
  const ids = by === 'mine' ? weave(order.mine, order.theirs, nothing) : weave(by === 'theirs' ? order.theirs : weave(order.base, order.theirs, nothing), order.mine, onlyTheirs);
  const byId = new Map(lines.map((slot) => [slot.id, slot]));
  return ids.flatMap((id) => {
    const slot = byId.get(id);
    const line = slot === undefined ? null : assembleLine(slot, choices);
    return line === null ? [] : [{ id, line }];
  });
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentSchema, type BusinessDocument, type DocumentLine } from './document.ts';
import { allConflicts, mergeDocuments, resolve, type Choices, type Merge } from './merge.ts';
import { lineColumns, sameCell, sameLine, sameValue, type Side } from './merge-values.ts';
import { exact, totalsOf } from './money.ts';

/** `MERGE_RUNS=20000` searches longer; a failure prints seed and path that replay it. */
const numRuns = Number((globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env['MERGE_RUNS'] ?? 400);

// Few articles and few numbers, so that equal and nearly equal lines are common.
const article = fc.constantFrom('Weizen', 'Raps', 'Hafer', 'Mais');
const number = fc.constantFrom('0', '1', '2', '10.5');
const optional = fc.option(number, { freq: 4 });
const line = fc.record({ article, qty: number, price: optional, vatRate: optional, cost: optional }) as fc.Arbitrary<DocumentLine>;
const fieldValue = fc.constantFrom('', null, 'a', 'b', 12.5, '12.5', true);
const header = fc.record({
  date: fc.constantFrom('2026-11-22', '2026-11-23', null), status: fc.constantFrom('ENTWURF', 'VERSENDET'),
  partner: fc.constantFrom<readonly (string | null)[]>(['K-1', 'Nord'], ['K-1', null], ['K-2', 'Süd'], [null, 'Neu'], [null, null]),
  fields: fc.dictionary(fc.constantFrom('notes', 'carrier', 'amount'), fieldValue),
});
type Header = typeof header extends fc.Arbitrary<infer T> ? T : never;

type Edit =
  | { do: 'cell'; at: number; column: (typeof lineColumns)[number]; line: DocumentLine }
  | { do: 'delete'; at: number }
  | { do: 'insert'; at: number; line: DocumentLine }
  | { do: 'move'; at: number; to: number };
const at = fc.nat({ max: 20 });
const edits = (articles: boolean): fc.Arbitrary<Edit[]> => fc.array(fc.oneof(
  fc.record({ do: fc.constant('cell' as const), at, column: fc.constantFrom(...lineColumns.filter((column) => articles || column !== 'article')), line }),
  fc.record({ do: fc.constant('delete' as const), at }),
  fc.record({ do: fc.constant('insert' as const), at, line }),
  fc.record({ do: fc.constant('move' as const), at, to: at }),
), { maxLength: 6 });

type Edited = { lines: DocumentLine[]; ids: number[] };
/** What a person makes of lines, with the ids that a draft keeps. */
function edit(from: readonly DocumentLine[], all: readonly Edit[], leavesAdded: boolean): Edited {
  const rows = from.map((one, id) => ({ id, line: one }));
  let next = from.length;
  for (const one of all) {
    const index = rows.length === 0 ? 0 : one.at % rows.length;
    const row = rows[index];
    if (one.do === 'insert') rows.splice(index, 0, { id: next++, line: one.line });
    else if (row === undefined || (one.do === 'cell' && leavesAdded && row.id >= from.length)) continue;
    else if (one.do === 'cell') rows[index] = { id: row.id, line: { ...row.line, [one.column]: one.line[one.column] } };
    else if (one.do === 'delete') rows.splice(index, 1);
    else rows.splice(one.to % rows.length, 0, ...rows.splice(index, 1));
  }
  return { lines: rows.map((row) => row.line), ids: rows.map(({ id }) => id) };
}

const documentOf = ({ date, status, partner, fields }: Header, lines: readonly DocumentLine[]): BusinessDocument => ({
  type: 'sales_offer', number: 'ANG-1', date, status, partnerId: partner[0] ?? null, partnerName: partner[1] ?? null, fields: { ...fields }, lines: [...lines], totals: totalsOf(lines),
});

/**
 * A base and two people's versions of it. `distinct` gives every line an article of its own and leaves it that, and unlike
 * numbers to those that were added: then there is one answer to which line is which, and an oracle can know it.
 */
const scene = (distinct: boolean): fc.Arbitrary<{ base: BusinessDocument; mine: BusinessDocument; ids: number[]; theirs: BusinessDocument; theirsIds: number[] }> =>
  fc.tuple(header, header, header, fc.array(line, { maxLength: 7 }), edits(!distinct), edits(!distinct)).map(([one, two, three, lines, here, there]) => {
    const from = distinct ? lines.map((each, index) => ({ ...each, article: `Artikel ${index}` })) : lines;
    const added = (all: readonly Edit[], who: string): Edit[] => (distinct ? all.map((each, index) => (each.do === 'insert' ? { ...each, line: { ...each.line, article: `${who} ${index}`, qty: exact('77'), price: exact('88'), vatRate: exact('5'), cost: exact('66') } } : each)) : [...all]);
    const [my, their] = [edit(from, added(here, 'hier'), distinct), edit(from, added(there, 'dort'), distinct)];
    return { base: documentOf(one, from), mine: documentOf(two, my.lines), ids: my.ids, theirs: documentOf(three, their.lines), theirsIds: their.ids };
  });

const key = (lines: readonly DocumentLine[]): string[] => lines.map((each) => JSON.stringify(lineColumns.map((column) => each[column])));
const fieldNames = (...documents: BusinessDocument[]): string[] => [...new Set(documents.flatMap(({ fields }) => Object.keys(fields)))];
const withAll = (merge: Merge, side: Side): Merge => resolve(merge, Object.fromEntries(allConflicts(merge).map(({ path }) => [path, side])));
const choose = (merge: Merge, sides: readonly Side[]): Choices => Object.fromEntries(allConflicts(merge).map(({ path }, index) => [path, sides[index % sides.length] ?? 'mine']));
const holds = (check: (scene: { base: BusinessDocument; mine: BusinessDocument; ids: number[]; theirs: BusinessDocument; theirsIds: number[] }) => void, distinct = false): void =>
  fc.assert(fc.property(scene(distinct), check), { numRuns });

/** The same for a person, header and lines in order. */
function expectSame(a: BusinessDocument, b: BusinessDocument): void {
  expect(key(a.lines)).toEqual(key(b.lines));
  expect(fieldNames(a, b).filter((name) => !sameValue(a.fields[name], b.fields[name]))).toEqual([]);
  expect([a.date, a.status, a.partnerId ?? '']).toEqual([b.date, b.status, b.partnerId ?? '']);
}

describe('a merge', () => {
  it('of what only they changed is theirs', () => holds(({ base, theirs }) => {
    const merge = mergeDocuments({ base, mine: base, mineLineIds: base.lines.map((_line, index) => index), theirs });
    expect([merge.conflicts, merge.kept, merge.agreed]).toEqual([[], [], []]);
    expectSame(merge.document, theirs);
    expect(merge.document.totals).toEqual(theirs.totals);
  }));

  it('of what only we changed is mine, line for line', () => holds(({ base, mine, ids }) => {
    const merge = mergeDocuments({ base, mine, mineLineIds: ids, theirs: base });
    expect([merge.conflicts, merge.taken, merge.agreed, merge.lineIds]).toEqual([[], [], [], ids]);
    expectSame(merge.document, mine);
  }));

  it('of our own change that came back asks nothing', () => holds(({ base, mine, ids }) => {
    const merge = mergeDocuments({ base, mine, mineLineIds: ids, theirs: structuredClone(mine) });
    expect([merge.conflicts, merge.taken]).toEqual([[], []]);
    expectSame(merge.document, mine);
  }));

  it('is a valid document with computed totals, whatever is chosen', () => fc.assert(fc.property(scene(false), fc.array(fc.constantFrom<Side>('mine', 'theirs', 'base'), { minLength: 1 }), ({ base, mine, ids, theirs }, sides) => {
    const merge = mergeDocuments({ base, mine, mineLineIds: ids, theirs });
    const chosen = resolve(merge, choose(merge, sides));
    for (const { document, lineIds } of [merge, chosen]) {
      expect(documentSchema.safeParse(document).error).toBeUndefined();
      expect(document.totals).toEqual(totalsOf(document.lines));
      expect([lineIds.length, new Set(lineIds).size]).toEqual([document.lines.length, document.lines.length]);
    }
    expect(chosen.conflicts).toEqual([]);
  }), { numRuns }));

  it('finds the same conflicts from either side', () => holds(({ base, mine, ids, theirs, theirsIds }) => {
    const one = mergeDocuments({ base, mine, mineLineIds: ids, theirs });
    const other = mergeDocuments({ base, mine: theirs, mineLineIds: theirsIds, theirs: mine });
    expect(one.conflicts.map(({ path }) => path).toSorted()).toEqual(other.conflicts.map(({ path }) => path).toSorted());
    for (const conflict of one.conflicts) {
      const mirrored = other.conflicts.find(({ path }) => path === conflict.path);
      if (conflict.kind !== 'order') expect([mirrored?.mine, mirrored?.theirs]).toEqual([conflict.theirs, conflict.mine]);
    }
    const [a, b] = [withAll(one, 'mine').document, withAll(other, 'theirs').document];
    expect(key(a.lines).toSorted()).toEqual(key(b.lines).toSorted());
  }, true));

  it('loses no change: it is in the result or in a conflict', () => holds(({ base, mine, ids, theirs, theirsIds }) => {
    const merge = mergeDocuments({ base, mine, mineLineIds: ids, theirs });
    const asked = new Set(merge.conflicts.map(({ path }) => path));
    for (const [name, side] of [['mine', mine], ['theirs', theirs]] as const) {
      for (const field of fieldNames(base, mine, theirs)) {
        if (sameValue(side.fields[field], base.fields[field]) || asked.has(`fields.${field}`)) continue;
        expect(sameValue(merge.document.fields[field], side.fields[field]), `${name} ${field}`).toBe(true);
      }
      if (side.date !== base.date && !asked.has('date')) expect(merge.document.date).toBe(side.date);
      if (side.partnerId !== base.partnerId && !asked.has('partner')) expect(merge.document.partnerId).toBe(side.partnerId);
      const sideIds = name === 'mine' ? ids : theirsIds;
      const lineOf = (id: number): DocumentLine | undefined => side.lines[sideIds.indexOf(id)];
      const result = (id: number): DocumentLine | undefined => merge.document.lines[merge.lineIds.indexOf(id)];
      base.lines.forEach((from, id) => {
        const [now, made] = [lineOf(id), result(id)];
        if (asked.has(`lines.${id}`)) return;
        if (now === undefined) expect(made, `${name} deleted ${id}`).toBeUndefined();
        else for (const column of lineColumns) if (!sameCell(now[column], from[column], column) && !asked.has(`lines.${id}.${column}`)) expect(made?.[column], `${name} ${id} ${column}`).toBe(now[column]);
      });
      sideIds.forEach((id, index) => {
        if (id >= base.lines.length) expect(key(merge.document.lines)).toContain(key([side.lines[index] as DocumentLine])[0]);
      });
    }
  }, true));

  it('shows every line of both sides, also where lines are equal', () => holds(({ base, mine, ids, theirs }) => {
    const merge = mergeDocuments({ base, mine, mineLineIds: ids, theirs });
    const { lines, order } = merge.plan.lines;
    const side = (name: 'mine' | 'theirs'): string[] => key(order[name].map((id) => lines.find((slot) => slot.id === id)?.[name] as DocumentLine));
    expect([side('mine'), side('theirs')]).toEqual([key(mine.lines), key(theirs.lines)]);
    // Nothing is in the result that nobody wrote: each cell is that of a side of its line.
    merge.document.lines.forEach((made, index) => {
      const slot = lines.find(({ id }) => id === merge.lineIds[index]);
      for (const column of lineColumns) expect([slot?.base, slot?.mine, slot?.theirs].some((each) => each !== null && each !== undefined && each[column] === made[column])).toBe(true);
    });
    // What one side has and the other never touched is there.
    for (const slot of lines) {
      if (slot.base === null) expect(merge.lineIds).toContain(slot.id);
      else if (slot.mine !== null && slot.theirs !== null) expect(merge.lineIds).toContain(slot.id);
    }
  }));

  it('gives with every choice for one side that side back where it changed anything', () => holds(({ base, mine, ids, theirs }) => {
    const merge = mergeDocuments({ base, mine, mineLineIds: ids, theirs });
    for (const name of ['mine', 'theirs'] as const) {
      const chosen = withAll(merge, name);
      for (const slot of merge.plan.lines.lines) {
        if (slot[name] === null || (slot.base !== null && sameLine(slot[name], slot.base))) continue;
        const made = chosen.document.lines[chosen.lineIds.indexOf(slot.id)];
        for (const column of lineColumns) if (slot.base === null || !sameCell(slot[name][column], slot.base[column], column)) expect(made?.[column]).toBe(slot[name][column]);
      }
    }
  }));

  it('keeps the order of the side that moved lines, and of both where none did', () => holds(({ base, mine, ids, theirs }) => {
    const merge = mergeDocuments({ base, mine, mineLineIds: ids, theirs });
    const { order } = merge.plan.lines;
    const within = (list: readonly number[]): number[] => list.filter((id) => order.mine.includes(id) && order.theirs.includes(id) && merge.lineIds.includes(id));
    const leading = order.outcome === 'mine' ? order.mine : order.theirs;
    expect(within(merge.lineIds)).toEqual(within(leading));
    expect(merge.lineIds.filter((id) => leading.includes(id))).toEqual(leading.filter((id) => merge.lineIds.includes(id)));
  }));

  it('of its own result changes nothing any more', () => holds(({ base, mine, ids, theirs }) => {
    const merge = withAll(mergeDocuments({ base, mine, mineLineIds: ids, theirs }), 'mine');
    const again = mergeDocuments({ base: theirs, mine: merge.document, mineLineIds: merge.lineIdsOnTheirs, theirs });
    expect([again.conflicts, again.taken]).toEqual([[], []]);
    expectSame(again.document, merge.document);
    expect(mergeDocuments({ base, mine, mineLineIds: ids, theirs })).toEqual(mergeDocuments({ base, mine, mineLineIds: ids, theirs }));
  }));
});

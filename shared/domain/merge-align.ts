import type { DocumentLine } from './document.ts';
import { lineColumns, sameCell, sameLine } from './merge-values.ts';

/** How alike a line of the base and one of theirs are; 0 when they are two different lines. */
type Likeness = (baseIndex: number, theirsIndex: number) => number;

const equal = 100;
const equalToMine = 90;
const sameArticle = 30;
const perColumn = 10;

/** Number columns in which two lines agree, 0 to 4. */
const agreeing = (a: DocumentLine, b: DocumentLine): number =>
  lineColumns.reduce((count, column) => count + (column !== 'article' && sameCell(a[column], b[column], column) ? 1 : 0), 0);

/**
 * Lines carry no id on the server, so theirs are told by content, first of all by the article. What both made of a line is
 * looked at as well: of several equal lines the one that is still here is meant, or two people who each delete one of a
 * doubled line would delete both.
 */
function likenessOf(base: readonly DocumentLine[], mine: readonly (DocumentLine | null)[], theirs: readonly DocumentLine[]): Likeness {
  return (baseIndex, theirsIndex) => {
    const from = base[baseIndex] as DocumentLine;
    const to = theirs[theirsIndex] as DocumentLine;
    if (from.article !== to.article) return 0;
    const here = mine[baseIndex] ?? null;
    const isAlsoMine = here !== null && sameLine(here, to);
    const columns = agreeing(from, to);
    const score = columns === 4 ? equal : isAlsoMine ? equalToMine : sameArticle + perColumn * columns;
    // The last bits only decide between equals.
    return score * 8 + (here === null ? 0 : 2) + (isAlsoMine ? 4 : 0);
  };
}

/** Another article in the same place with the same numbers, or the very line that mine became: then the article was changed. */
const isReplaced = (from: DocumentLine, here: DocumentLine | null, to: DocumentLine): boolean => agreeing(from, to) >= 3 || (here !== null && sameLine(here, to));

/** The pairs in order with the greatest likeness in sum (a longest common subsequence with weights); O(base × theirs) time and memory. */
function inOrder(rows: number, columns: number, likeness: Likeness, pair: (row: number, column: number) => void): void {
  const width = columns + 1;
  const best = new Int32Array((rows + 1) * width);
  const scores = new Int32Array(rows * columns);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const score = likeness(row, column);
      scores[row * columns + column] = score;
      const skipped = Math.max(best[(row + 1) * width + column] ?? 0, best[row * width + column + 1] ?? 0);
      best[row * width + column] = score === 0 ? skipped : Math.max(skipped, score + (best[(row + 1) * width + column + 1] ?? 0));
    }
  }
  let row = 0;
  let column = 0;
  while (row < rows && column < columns) {
    const score = scores[row * columns + column] ?? 0;
    const here = best[row * width + column];
    if (score > 0 && here === score + (best[(row + 1) * width + column + 1] ?? 0)) pair(row++, column++);
    else if (here === best[(row + 1) * width + column]) row++;
    else column++;
  }
}

/**
 * Which line of the base each of theirs is: the index in the base, or null for a line that they added. Lines in their order
 * first, then what was moved (the most alike first, the nearest among equals), at last lines with another article whose
 * neighbours are known.
 * @param mine what this side made of each line of the base; null where it was deleted here.
 */
export function alignLines(base: readonly DocumentLine[], mine: readonly (DocumentLine | null)[], theirs: readonly DocumentLine[]): (number | null)[] {
  const likeness = likenessOf(base, mine, theirs);
  const aligned = theirs.map((): number | null => null);
  const isTaken = base.map(() => false);
  const pair = (row: number, column: number): void => {
    aligned[column] = row;
    isTaken[row] = true;
  };
  inOrder(base.length, theirs.length, likeness, pair);
  const moved: { row: number; column: number; score: number }[] = [];
  theirs.forEach((_line, column) => {
    if (aligned[column] !== null) return;
    base.forEach((_from, row) => {
      const score = isTaken[row] === true ? 0 : likeness(row, column);
      if (score > 0) moved.push({ row, column, score });
    });
  });
  moved.sort((a, b) => b.score - a.score || Math.abs(a.row - a.column) - Math.abs(b.row - b.column) || a.column - b.column || a.row - b.row);
  for (const { row, column } of moved) if (aligned[column] === null && isTaken[row] !== true) pair(row, column);
  theirs.forEach((to, column) => {
    if (aligned[column] !== null) return;
    const row = column === 0 ? 0 : (aligned[column - 1] ?? base.length) + 1;
    const from = base[row];
    if (from !== undefined && isTaken[row] === false && isReplaced(from, mine[row] ?? null, to)) pair(row, column);
  });
  return aligned;
}

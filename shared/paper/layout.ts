/** Millimetres on A4, after DIN 5008 form B. The style sheet draws what is counted here. */
export const sheet = { bodyTop: 104, nextTop: 34, bodyBottom: 266, lineHeight: 4.2, rowPadding: 2, headHeight: 8, carryHeight: 6.4 } as const;

/** A piece of the letter that is never cut; `html` draws exactly `height` millimetres. */
export type Block = { kind: 'block'; height: number; html: string };
/** A line of the table; `after` is the sum including it, for the carry-over. */
export type Row = { kind: 'row'; height: number; html: string; after: string };
export type Piece = Block | Row;

export type TableParts = {
  head: string;
  /** The carry-over at the foot of a page and at the head of the next; null for tables without prices. */
  carriedOn: ((sum: string) => string) | null;
  carriedOver: ((sum: string) => string) | null;
};

/**
 * Puts the pieces on pages. Rows come with a table head on each page, and with the running sum at the foot of one page
 * and at the head of the next, as German business paper has it.
 * @param firstTop where the body of the first page begins, in millimetres from its upper edge
 */
export function paginate(pieces: readonly Piece[], table: TableParts, firstTop: number): string[][] {
  const pages: string[][] = [[]];
  let left = sheet.bodyBottom - firstTop;
  let inTable = false;
  let sum = '';
  const put = (html: string, height: number): void => {
    pages.at(-1)?.push(html);
    left -= height;
  };
  const turn = (): void => {
    pages.push([]);
    left = sheet.bodyBottom - sheet.nextTop;
    inTable = false;
  };
  pieces.forEach((piece, index) => {
    if (piece.kind === 'block') {
      if (piece.height > left && (pages.at(-1)?.length ?? 0) > 0) turn();
      inTable = false;
      put(piece.html, piece.height);
      return;
    }
    const goesOn = pieces[index + 1]?.kind === 'row';
    const carry = table.carriedOn === null ? 0 : sheet.carryHeight;
    const needed = piece.height + (inTable ? 0 : sheet.headHeight) + (goesOn ? carry : 0);
    if (needed > left && (pages.at(-1)?.length ?? 0) > 0) {
      if (inTable && table.carriedOn !== null) put(table.carriedOn(sum), carry);
      const wasInTable = inTable;
      turn();
      put(table.head, sheet.headHeight);
      if (wasInTable && table.carriedOver !== null) put(table.carriedOver(sum), carry);
      inTable = true;
    }
    if (!inTable) put(table.head, sheet.headHeight);
    inTable = true;
    put(piece.html, piece.height);
    sum = piece.after;
  });
  return pages;
}

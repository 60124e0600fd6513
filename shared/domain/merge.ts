import { documentTypeInfo, type DocumentType } from './document-types.ts';
import type { BusinessDocument, DocumentLine, DocumentRecord } from './document.ts';
import { assembleLines, planLines, type LinesPlan, type NumberedLine } from './merge-lines.ts';
import { samePartner, sameValue, sideOf, slotOf, type FieldValue, type LineColumn, type Outcome, type Partner, type Side, type Slot } from './merge-values.ts';
import { decimal, totalsOf, type Decimal, type Totals } from './money.ts';
import type { WorkflowState } from './workflow.ts';

export type MergeInput = {
  /** What mine started from; null for a new document. */
  base: BusinessDocument | null;
  mine: BusinessDocument;
  /** Ids of the lines of `mine`; see draft.ts. */
  mineLineIds: readonly number[];
  theirs: BusinessDocument;
};

type Sides<T> = { base: T; mine: T; theirs: T };

/** A place that both changed differently. `path` is what a choice names. */
export type FieldConflict =
  | ({ kind: 'field'; path: string } & Sides<FieldValue>)
  | ({ kind: 'partner'; path: string } & Sides<Partner>)
  | ({ kind: 'cell'; path: string; lineId: number; column: LineColumn } & Sides<string | null>)
  /** One side deleted the line (null) and the other changed it, or one chose another article and the other changed something else. */
  | ({ kind: 'line'; path: string; lineId: number } & Sides<DocumentLine | null>)
  | ({ kind: 'order'; path: string } & Sides<number[]>)
  | ({ kind: 'table'; path: string } & Sides<NumberedLine[]>);

export type MergePlan = { theirs: BusinessDocument; hasBase: boolean; fields: Slot<FieldValue>[]; partner: Slot<Partner>; lines: LinesPlan };

export type Merge = {
  /** What comes out. Where a choice is missing it says what the server has. */
  document: BusinessDocument;
  /** Ids of its lines, as in the paths. */
  lineIds: number[];
  /** The same lines as a draft names them whose base is what the server has now. */
  lineIdsOnTheirs: number[];
  /** Not chosen yet. Empty when the document can be sent. */
  conflicts: FieldConflict[];
  /** Paths that only they changed. */
  taken: string[];
  /** Paths that only we changed. */
  kept: string[];
  /** Paths that both changed to the same. */
  agreed: string[];
  /** Every value with its three sides. */
  plan: MergePlan;
};

export type Choices = Readonly<Record<string, Side>>;

/** Totals of a document: of its lines, or of the one amount of a payment, which has no tax. */
export function documentTotals(type: DocumentType, lines: readonly DocumentLine[], fields: BusinessDocument['fields']): Totals {
  if (documentTypeInfo[type].hasLines) return totalsOf(lines);
  const amount = decimal(fields['amount']);
  return totalsOf(amount === null ? [] : [{ qty: '1' as Decimal, price: amount, vatRate: null }]);
}

/** States in which nobody may change a document any more: whoever approves or posts it does so for what they have seen. */
export type ClosedState = Exclude<WorkflowState, 'draft'>;

/** The state that closes a document to changes, whatever was typed. Null when it may be merged. */
export function closedState(record: DocumentRecord): ClosedState | null {
  const state = record.workflow?.state ?? 'draft';
  return state === 'draft' ? null : state;
}

function planOf({ base, mine, mineLineIds, theirs }: MergeInput): MergePlan {
  if (mineLineIds.length !== mine.lines.length || new Set(mineLineIds).size !== mineLineIds.length) throw new RangeError('every line needs an id of its own');
  const names = [...new Set([...Object.keys(theirs.fields), ...Object.keys(base?.fields ?? {}), ...Object.keys(mine.fields)])];
  // Not by plain access: a field may be called like something every object inherits.
  const field = (document: BusinessDocument | null, name: string): FieldValue => (document !== null && Object.hasOwn(document.fields, name) ? document.fields[name] : null) ?? null;
  const partner = (document: BusinessDocument | null): Partner => ({ id: document?.partnerId ?? null, name: document?.partnerName ?? null });
  return {
    theirs,
    hasBase: base !== null,
    fields: [
      slotOf<FieldValue>('date', base?.date ?? null, mine.date, theirs.date, sameValue),
      slotOf<FieldValue>('status', base?.status ?? null, mine.status, theirs.status, sameValue),
      ...names.map((name) => slotOf(`fields.${name}`, field(base, name), field(mine, name), field(theirs, name), sameValue)),
    ],
    partner: slotOf('partner', partner(base), partner(mine), partner(theirs), samePartner),
    lines: planLines(base?.lines ?? null, mine.lines, mineLineIds, theirs.lines),
  };
}

const sidesOf = <T>({ path, base, mine, theirs }: Slot<T>): { path: string } & Sides<T> => ({ path, base, mine, theirs });

/** All the places of a plan with their outcome: the header, then the lines. Where the table is one thing it is one place. */
export function places({ fields, partner, lines }: MergePlan): { outcome: Outcome; conflict: FieldConflict }[] {
  const inLines = lines.lines.flatMap((line): { outcome: Outcome; conflict: FieldConflict }[] => (line.cells === null
    ? [{ outcome: line.outcome, conflict: { kind: 'line', lineId: line.id, ...sidesOf(line) } }]
    : line.cells.map((cell) => ({ outcome: cell.outcome, conflict: { kind: 'cell', lineId: line.id, column: cell.column, ...sidesOf(cell) } }))));
  return [
    { outcome: partner.outcome, conflict: { kind: 'partner', ...sidesOf(partner) } },
    ...fields.map((slot) => ({ outcome: slot.outcome, conflict: { kind: 'field' as const, ...sidesOf(slot) } })),
    ...(lines.table !== null
      ? [{ outcome: lines.table.outcome, conflict: { kind: 'table' as const, ...sidesOf(lines.table) } }]
      : [...inLines, { outcome: lines.order.outcome, conflict: { kind: 'order' as const, ...sidesOf(lines.order) } }]),
  ];
}

/** A partner whose name one side does not know keeps the name of the other. */
function partnerOf({ plan, choices }: { plan: MergePlan; choices: Choices }): Partner {
  const chosen = plan.partner[sideOf(plan.partner, choices)];
  if (chosen.id === null || (chosen.name ?? '') !== '') return chosen;
  const named = [plan.partner.theirs, plan.partner.mine, plan.partner.base].find(({ id, name }) => id === chosen.id && (name ?? '') !== '');
  return named ?? chosen;
}

function idsOnTheirs({ lines, theirs }: MergePlan, result: readonly NumberedLine[]): number[] {
  let next = theirs.lines.length;
  return result.map(({ id }) => {
    const index = lines.order.theirs.indexOf(id);
    return index < 0 ? next++ : index;
  });
}

function assemble(plan: MergePlan, choices: Choices): Merge {
  const all = places(plan);
  const paths = (outcome: Outcome): string[] => all.filter((place) => place.outcome === outcome).map(({ conflict }) => conflict.path);
  const value = (path: string): FieldValue => {
    const slot = plan.fields.find((one) => one.path === path);
    return slot === undefined ? null : slot[sideOf(slot, choices)];
  };
  const fields = Object.fromEntries(plan.fields.filter(({ path }) => path.startsWith('fields.')).map(({ path }) => [path.slice('fields.'.length), value(path)]));
  const numbered = assembleLines(plan.lines, choices);
  const lines = numbered.map(({ line }) => line);
  const partner = partnerOf({ plan, choices });
  const { type, number } = plan.theirs;
  const date = value('date');
  return {
    document: {
      type, number, date: typeof date === 'string' ? date : null, partnerId: partner.id, partnerName: partner.name,
      status: String(value('status') ?? ''), lines, totals: documentTotals(type, lines, fields), fields,
    },
    lineIds: numbered.map(({ id }) => id),
    lineIdsOnTheirs: idsOnTheirs(plan, numbered),
    conflicts: all.filter(({ outcome, conflict }) => outcome === 'conflict' && choices[conflict.path] === undefined).map(({ conflict }) => conflict),
    taken: paths('theirs'),
    kept: paths('mine'),
    agreed: paths('agreed'),
    plan,
  };
}

/**
 * Merges what was changed here into what the server has now, value by value: what one side changed is taken, what both
 * changed differently is a conflict for a person. Lines are merged one by one and within a line cell by cell. Totals are
 * computed, number and type are the server's. A document that was submitted is not for this: see {@link closedState}.
 * @throws RangeError when the ids do not fit the lines of `mine`.
 */
export const mergeDocuments = (input: MergeInput): Merge => assemble(planOf(input), {});

/** The merge with a person's choices for its conflicts, by path. Choices for other paths count for nothing. */
export const resolve = ({ plan }: Pick<Merge, 'plan'>, choices: Choices): Merge => assemble(plan, choices);

/** Every place that both changed differently, chosen or not. */
export const allConflicts = ({ plan }: Pick<Merge, 'plan'>): FieldConflict[] => places(plan).filter(({ outcome }) => outcome === 'conflict').map(({ conflict }) => conflict);

/** A merge that only says what one state of a document has become: everything that changed is `theirs`. */
export const compareDocuments = (before: BusinessDocument, after: BusinessDocument): Merge =>
  mergeDocuments({ base: before, mine: before, mineLineIds: before.lines.map((_line, index) => index), theirs: after });

/** What differs between two states of one document, with both values in `base` and `theirs`. */
export const changesIn = ({ plan }: Pick<Merge, 'plan'>): FieldConflict[] => places(plan).filter(({ outcome }) => outcome === 'theirs').map(({ conflict }) => conflict);

import type { BusinessDocument, DocumentRecord } from '../../../../shared/domain/document.ts';
import { editDraft, toDocument, type Draft, type FieldValue } from './draft.ts';

/** A value that counts as not filled in, whichever way it is written. */
const blank = (value: FieldValue | undefined): boolean => value === undefined || value === null || value === '';
const sameValue = (a: FieldValue | undefined, b: FieldValue | undefined): boolean => (blank(a) && blank(b)) || a === b;
const sameLines = (a: BusinessDocument, b: BusinessDocument): boolean => JSON.stringify(a.lines) === JSON.stringify(b.lines);

const headerNames = ['number', 'date', 'partnerId', 'status'] as const;

/** Where two versions of a document differ, as field paths: `date`, `fields.notes`, `lines`. */
export function differences(a: BusinessDocument, b: BusinessDocument): string[] {
  const names = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]);
  return [
    ...headerNames.filter((name) => !sameValue(a[name], b[name])),
    ...[...names].filter((name) => !sameValue(a.fields[name], b.fields[name])).map((name) => `fields.${name}`),
    ...(sameLines(a, b) ? [] : ['lines']),
  ];
}

/** Text in a number cell that is no number is work too, though the document does not show it. */
const hasUnreadText = (draft: Draft): boolean => draft.lines.some((line) => [line.qty, line.price, line.vatRate, line.cost].some((cell) => cell.value === null && (cell.text ?? '').trim() !== ''));

/** True when leaving the draft would lose something a person typed. */
export const isDirty = (draft: Draft): boolean => differences(draft.base, toDocument(draft)).length > 0 || hasUnreadText(draft);

export type Rebased = {
  draft: Draft;
  /** Changed by the others and taken over, because this draft left it alone. */
  taken: string[];
  /** Changed by both: what was typed here stands, the other value is replaced when saved. */
  both: string[];
};

/**
 * Puts the draft's changes on top of what the server has now. Lines count as one thing: a half-merged table of goods
 * would be nobody's document.
 */
export function rebase(draft: Draft, theirs: DocumentRecord): Rebased {
  const mine = toDocument(draft);
  const changedHere = new Set(differences(draft.base, mine));
  if (hasUnreadText(draft)) changedHere.add('lines');
  const changedThere = differences(draft.base, theirs.document);
  const fresh = editDraft(theirs);
  const names = new Set([...Object.keys(theirs.document.fields), ...Object.keys(draft.fields)]);
  const field = (name: string): [string, FieldValue] => [name, (changedHere.has(`fields.${name}`) ? draft.fields[name] : theirs.document.fields[name]) ?? null];
  const keepPartner = changedHere.has('partnerId');
  return {
    taken: changedThere.filter((path) => !changedHere.has(path)),
    both: changedThere.filter((path) => changedHere.has(path) && differences(theirs.document, mine).includes(path)),
    draft: {
      ...fresh,
      date: changedHere.has('date') ? draft.date : fresh.date,
      status: changedHere.has('status') ? draft.status : fresh.status,
      partnerId: keepPartner ? draft.partnerId : fresh.partnerId,
      partnerName: keepPartner ? draft.partnerName : fresh.partnerName,
      fields: Object.fromEntries([...names].map(field)),
      ...(changedHere.has('lines') && { lines: draft.lines, nextLineId: draft.nextLineId }),
      visited: draft.visited,
      attempted: draft.attempted,
    },
  };
}

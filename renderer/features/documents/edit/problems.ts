import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import { documentNumberSchema } from '../../../../shared/domain/document.ts';
import { dayOf, draftTotals, isBlankCell, isEmptyLine, isUnreadable, numberColumns, typedPartnerNumber } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent, DraftLine } from '../../../../shared/domain/draft.ts';
import type { FormField, FormSpec } from '../../../../shared/domain/form-spec.ts';
import { compare, decimal, exact, zero } from '../../../../shared/domain/money.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';

type FieldValue = DraftContent['fields'][string];

/** Something about one place of the form. `path` names header fields as they are, lines by their id: `lines.7.qty`. */
export type Problem = { path: string; messageKey: string; params: Record<string, string> };

const problem = (path: string, key: string, params: Record<string, string> = {}): Problem => ({ path, messageKey: `documents.problem.${key}`, params });
const maxAmount = exact('9999999999999');

/** The wire's name for a header field as the draft holds it; null for what lives in `fields`. */
export function headerName(field: string): 'number' | 'date' | 'partnerId' | 'status' | null {
  if (field === 'customerId' || field === 'supplierId' || field === 'partnerId') return 'partnerId';
  return field === 'number' || field === 'date' || field === 'status' ? field : null;
}

export const pathOf = (field: string): string => headerName(field) ?? `fields.${field}`;
const isBlank = (value: FieldValue | undefined): boolean => value === undefined || value === null || String(value).trim() === '';

function fieldProblem(content: DraftContent, field: FormField): Problem | null {
  const path = pathOf(field.name);
  const header = headerName(field.name);
  const value = header === null ? content.fields[field.name] : content[header];
  // A partner needs a number: a name that was typed and not chosen is nobody the server knows.
  if (path === 'partnerId' && typedPartnerNumber(content) !== null) return null;
  if (path === 'partnerId' && content.partnerId === null && !isBlank(content.partnerName)) return problem(path, 'partnerUnknown');
  if (isBlank(value)) return field.required ? problem(path, 'required') : null;
  if (field.type === 'date' && dayOf(String(value).slice(0, 10)) === null) return problem(path, 'notDate', { text: String(value) });
  if (field.type === 'number' && decimal(value) === null) return problem(path, 'notDecimal', { text: String(value) });
  if (path === 'number' && !documentNumberSchema.safeParse(value).success) return problem(path, 'number');
  return null;
}

function problemsOfLine(line: DraftLine): Problem[] {
  const at = (column: string): string => `lines.${line.id}.${column}`;
  const found: Problem[] = [];
  if (line.article.trim() === '') found.push(problem(at('article'), 'article'));
  for (const column of numberColumns) {
    const cell = line[column];
    if (isUnreadable(cell)) found.push(problem(at(column), 'notDecimal', { text: (cell.text ?? '').trim() }));
    // Price and rate are always sent: some servers stumble over a line without. ERP-API section 3.
    else if (column !== 'cost' && isBlankCell(cell)) found.push(problem(at(column), 'required'));
  }
  const rate = line.vatRate.value;
  if (rate !== null && (compare(rate, zero) < 0 || compare(rate, exact('100')) > 0)) found.push(problem(at('vatRate'), 'vatRate'));
  return found;
}

const none: readonly Problem[] = [];
const known = new WeakMap<DraftLine, readonly Problem[]>();
/** Remembered with the line, which is never changed in place: 1,000 lines are judged on every key. */
function lineProblems(line: DraftLine): readonly Problem[] {
  const before = known.get(line);
  if (before !== undefined) return before;
  const found = isEmptyLine(line) ? none : problemsOfLine(line);
  known.set(line, found);
  return found;
}

/** Everything that keeps the draft from being sent, in the order of the form. */
export function problemsOf(content: DraftContent, spec: FormSpec): Problem[] {
  const found = spec.fields.map((field) => fieldProblem(content, field)).filter((one) => one !== null);
  if (documentTypeInfo[content.type].hasLines) for (const line of content.lines) found.push(...lineProblems(line));
  const { gross, net } = draftTotals(content);
  if ([gross, net].some((total) => compare(total.replace(/^-/, '') as typeof total, maxAmount) > 0)) found.push(problem('totals', 'tooLarge'));
  return found;
}

/** What may be shown: only where somebody has been, until the first attempt to send. */
export const shownProblems = (problems: readonly Problem[], visited: Readonly<Record<string, true>>, attempted: boolean): Problem[] =>
  problems.filter(({ path }) => attempted || visited[path] === true);

/** Cells that hold something typed which is no number: they are counted and can be jumped to. */
export const unreadableCells = (problems: readonly Problem[]): Problem[] =>
  problems.filter(({ path, messageKey }) => path.startsWith('lines.') && messageKey === 'documents.problem.notDecimal');

/**
 * A server's complaints, at the places of this form. It names fields as the wire does (`customerId`, `lines.0.qty`);
 * positions count the lines that were sent, so they are turned into ids by the lines that were filled in then.
 */
export function serverProblems(error: AppError, sentLines: readonly number[]): Problem[] {
  return error.fieldErrors.map(({ path, messageKey, params }) => {
    const plain = path.replace(/^(body|document|data)\./, '').replace(/\[(\d+)\]/g, '.$1').replace(/^fields\./, '');
    const line = /^lines\.(\d+)(?:\.(\w+))?$/.exec(plain);
    if (line === null) return { path: plain === 'lines' || plain.startsWith('totals') ? plain : pathOf(plain), messageKey, params };
    const id = sentLines[Number(line[1])];
    return { path: id === undefined ? 'lines' : `lines.${id}.${line[2] ?? 'article'}`, messageKey, params };
  });
}

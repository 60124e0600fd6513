import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import { documentNumberSchema } from '../../../../shared/domain/document.ts';
import type { FormField, FormSpec } from '../../../../shared/domain/form-spec.ts';
import { compare, decimal, exact, zero } from '../../../../shared/domain/money.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { draftTotals, isEmptyLine, typedPartnerNumber, type Draft, type LineDraft, type NumberColumn } from './draft.ts';

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

function isMissing(draft: Draft, field: FormField): boolean {
  const header = headerName(field.name);
  const value = header === null ? draft.fields[field.name] : draft[header];
  return value === undefined || value === null || String(value).trim() === '';
}

/** A partner needs a number: a name that was typed and not chosen is nobody the server knows. */
function headerProblems(draft: Draft, spec: FormSpec): Problem[] {
  const found: Problem[] = [];
  for (const field of spec.fields) {
    const path = pathOf(field.name);
    if (path === 'partnerId' && typedPartnerNumber(draft) !== null) continue;
    if (path === 'partnerId' && draft.partnerId === null && (draft.partnerName ?? '').trim() !== '') found.push(problem(path, 'partnerUnknown'));
    else if (field.required && isMissing(draft, field)) found.push(problem(path, 'required'));
  }
  if (draft.number.trim() !== '' && !documentNumberSchema.safeParse(draft.number).success) found.push(problem('number', 'number'));
  return found;
}

const columns: readonly NumberColumn[] = ['qty', 'price', 'vatRate', 'cost'];

function lineProblems(line: LineDraft): Problem[] {
  const at = (column: string): string => `lines.${line.id}.${column}`;
  const found: Problem[] = [];
  if (line.article.trim() === '') found.push(problem(at('article'), 'article'));
  for (const column of columns) {
    const { text, value } = line[column];
    if (value === null && (text ?? '').trim() !== '') found.push(problem(at(column), 'notDecimal', { text: (text ?? '').trim() }));
  }
  const empty = (column: NumberColumn): boolean => line[column].value === null && (line[column].text ?? '').trim() === '';
  if (empty('qty')) found.push(problem(at('qty'), 'required'));
  // Always sent: some servers stumble over a line without price or rate. ERP-API section 3.
  if (empty('price')) found.push(problem(at('price'), 'required'));
  if (empty('vatRate')) found.push(problem(at('vatRate'), 'required'));
  const rate = line.vatRate.value;
  if (rate !== null && (compare(rate, zero) < 0 || compare(rate, exact('100')) > 0)) found.push(problem(at('vatRate'), 'vatRate'));
  return found;
}

/** Everything that keeps the draft from being saved, in the order of the form. */
export function problemsOf(draft: Draft, spec: FormSpec): Problem[] {
  const found = headerProblems(draft, spec);
  if (spec.lines) for (const line of draft.lines) if (!isEmptyLine(line)) found.push(...lineProblems(line));
  const amount = draft.fields['amount'];
  if (!documentTypeInfo[draft.type].hasLines && !isBlank(amount) && decimal(amount) === null) found.push(problem('fields.amount', 'notDecimal', { text: String(amount) }));
  const { gross, net } = draftTotals(draft);
  if ([gross, net].some((total) => compare(total.replace(/^-/, '') as typeof total, maxAmount) > 0)) found.push(problem('totals', 'tooLarge'));
  return found;
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Lines that sell below their cost: allowed to save, refused at approval, so it is said at once. */
export function belowCost(draft: Draft): Problem[] {
  if (documentTypeInfo[draft.type].domain !== 'sales') return [];
  return draft.lines.flatMap((line) => (line.price.value !== null && line.cost.value !== null && compare(line.price.value, line.cost.value) < 0
    ? [{ path: `lines.${line.id}.price`, messageKey: 'documents.line.belowCost', params: { article: line.article, price: line.price.value, cost: line.cost.value } }] : []));
}

/** What may be shown: only where somebody has been, until the first attempt to save. */
export const shownProblems = (draft: Draft, problems: readonly Problem[]): Problem[] => problems.filter(({ path }) => draft.attempted || draft.visited[path] === true);

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

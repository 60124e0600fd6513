import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import { draftTotals, filledLines, numberColumns, type NumberColumn } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent, DraftLine } from '../../../../shared/domain/draft.ts';
import { compare, isAmbiguous, parseTyped, zero, type Decimal } from '../../../../shared/domain/money.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import { checkGuards, rolesFor, scopeFor, type WorkflowState } from '../../../../shared/domain/workflow.ts';
import { decide } from '../../../../shared/rbac/access.ts';
import { numberText, type NumberLanguage } from './lines.ts';
import type { Problem } from './problems.ts';

/** Something to say beside a line; `path` is where it is marked. */
export type LineFinding = Problem & { tone: 'warning' | 'info' };

const priceFindings = new WeakMap<DraftLine, LineFinding | null>();

/** A price below cost may be sent and is refused at the approval, so it is said at once. */
function belowCost(line: DraftLine): LineFinding | null {
  const known = priceFindings.get(line);
  if (known !== undefined) return known;
  const [found] = checkGuards('approve', { domain: 'sales', state: 'pending', total: zero, roles: [], lines: [{ article: line.article, price: line.price.value, cost: line.cost.value }] })
    .filter(({ guard }) => guard === 'priceBelowCost');
  const finding: LineFinding | null = found === undefined ? null : { path: `lines.${line.id}.price`, messageKey: 'documents.line.belowCost', params: found.params, tone: 'warning' };
  priceFindings.set(line, finding);
  return finding;
}

/** What stands in the margin beside the lines, besides what is wrong with them. */
export function lineFindings(content: Pick<DraftContent, 'type' | 'lines'>): LineFinding[] {
  if (documentTypeInfo[content.type].domain !== 'sales') return [];
  return content.lines.map(belowCost).filter((finding) => finding !== null);
}

/** Rates that nobody named: feed, seed and grain have another than most, so what is assumed is said. */
export const assumedRates = ({ lines }: Pick<DraftContent, 'lines'>): LineFinding[] => lines.flatMap(({ id, vatRate }) =>
  (vatRate.assumed === true && vatRate.value !== null ? [{ path: `lines.${id}.vatRate`, messageKey: 'documents.line.assumedRate', params: { rate: vatRate.value }, tone: 'info' as const }] : []));

/** A number being typed whose sign groups here and starts the fraction elsewhere: `1.234` in German. Said while there is time to mend it. */
export type Reading = { column: NumberColumn; text: string; value: Decimal; other: Decimal };

/** What is being typed in a line and could have been meant otherwise. */
export function readings(line: DraftLine, language: NumberLanguage): Reading[] {
  return numberColumns.flatMap((column) => {
    const text = numberText(column, line[column].text ?? '').trim();
    if (!text.includes(language === 'de' ? '.' : ',') || !isAmbiguous(text)) return [];
    const [value, other] = [parseTyped(text, language), parseTyped(text, language === 'de' ? 'en' : 'de')];
    return value === null || other === null ? [] : [{ column, text, value, other }];
  });
}

/** What the next steps on the server will meet, as far as it can be known here. */
export type Outlook = {
  /** Why nothing of it can be sent; null when it can. */
  send: Problem | null;
  /** Why the person who writes cannot submit; null when they can. */
  submit: Problem | null;
  /** What the approval and the posting will refuse as things stand. */
  later: readonly Problem[];
};

/**
 * Looks ahead: the same guards as the server's, with its words in both languages. Nothing here keeps a draft from being stored.
 * @param state of the document that it changes: once it was submitted, what was typed can only become another document
 */
export function outlook(content: DraftContent, account: Account, state: WorkflowState = 'draft'): Outlook {
  const { domain, hasLines } = documentTypeInfo[content.type];
  const at = (messageKey: string, params: Record<string, string>): Problem => ({ path: '', messageKey, params });
  if (state !== 'draft') {
    const closed = at(`documents.blocked.edit.${state}`, {});
    return { send: closed, submit: closed, later: [] };
  }
  const access = decide({ roles: account.roles, scopes: account.scopes, source: account.scopeSource }, { allOf: [scopeFor(domain, 'submit')] });
  const roles = rolesFor(domain, 'submit') ?? [];
  const submit = !access.allowed ? at('documents.blocked.scope', { scope: access.missing.join(', '), roles: access.heldBy.join(', ') })
    : account.roles.some((role) => roles.includes(role)) ? null : at('documents.blocked.role', { roles: roles.join(', ') });
  const later: Problem[] = [];
  const below = lineFindings(content).length;
  if (below > 0) later.push(at(below === 1 ? 'documents.outlook.belowCostOne' : 'documents.outlook.belowCost', { count: String(below) }));
  const { net } = draftTotals(content);
  const isBegun = hasLines ? filledLines(content).length > 0 : content.fields['amount'] !== undefined && content.fields['amount'] !== null;
  if (isBegun && compare(net, zero) <= 0) later.push(at('documents.outlook.totalAboveZero', { total: net }));
  return { send: null, submit, later };
}

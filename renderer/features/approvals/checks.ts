import { documentTypeInfo } from '../../../shared/domain/document-types.ts';
import type { ActionFacts } from '../documents/actions/action-model.ts';
import { actionViews, isOwnSubmission } from '../documents/actions/action-model.ts';

/** `unknown`: the facts are not there, so nothing is claimed. */
export type Check = { id: 'segregation' | 'prices' | 'rights'; status: 'ok' | 'warning' | 'failed' | 'unknown'; messageKey: string; params: Record<string, string> };

const check = (id: Check['id'], status: Check['status'], key: string, params: Record<string, string> = {}): Check => ({ id, status, messageKey: `approvals.check.${id}.${key}`, params });

/** What was checked before an approval, and with what result: the same guards that run when it is sent. */
export function approvalChecks(facts: ActionFacts): Check[] {
  const { record, account } = facts;
  const approve = actionViews(facts).find((view) => view.action === 'approve');
  const blockers = approve?.blockers ?? [];
  const submitter = record.workflow?.submittedBy ?? null;
  const isOwn = isOwnSubmission(record, account);
  const segregation = submitter === null ? check('segregation', 'unknown', 'unknown')
    : !isOwn ? check('segregation', 'ok', 'ok', { user: submitter })
      : approve?.needsReason === true && !blockers.some((blocker) => blocker.kind === 'segregation') ? check('segregation', 'warning', 'admin') : check('segregation', 'failed', 'own');
  const rights = blockers.filter((blocker) => blocker.kind === 'scope' || blocker.kind === 'role');
  const found = [segregation, rights[0] === undefined ? check('rights', 'ok', 'ok') : { id: 'rights' as const, status: 'failed' as const, messageKey: rights[0].messageKey, params: rights[0].params }];
  if (documentTypeInfo[record.document.type].domain !== 'sales' || record.document.lines.length === 0) return found;
  const below = blockers.filter((blocker) => blocker.messageKey === 'guards.priceBelowCost').length;
  const checked = record.document.lines.filter((line) => line.price !== null && line.cost !== null).length;
  const missing = record.document.lines.length - checked;
  const counts = { below: String(below), checked: String(checked), missing: String(missing) };
  const prices = below > 0 ? check('prices', 'failed', 'below', counts) : checked === 0 ? check('prices', 'unknown', 'unknown', counts) : missing > 0 ? check('prices', 'warning', 'partly', counts) : check('prices', 'ok', 'ok', counts);
  return [...found, prices];
}

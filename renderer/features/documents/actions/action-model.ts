import { blockersOf, isOwnSubmission, stateOf, type ActionFacts, type Blocker } from '../../../../shared/domain/action-blockers.ts';
import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import { transitions, workflowActions, type WorkflowAction } from '../../../../shared/domain/workflow.ts';
import { decide } from '../../../../shared/rbac/access.ts';

export { isOwnSubmission, reasonsOf, stateOf, type ActionFacts, type Blocker } from '../../../../shared/domain/action-blockers.ts';

export type ActionView = {
  action: WorkflowAction;
  /** The state fits: this is what comes next for the document, whoever may do it. */
  isNext: boolean;
  blockers: readonly Blocker[];
  /** A reason must be given before it is sent: always for a rejection, and for an admin who approves what they submitted. */
  needsReason: boolean;
  /** Approving what oneself submitted; only an admin may, and the audit says so. */
  isOwn: boolean;
};

/** All four workflow actions, in the order of the workflow, each with everything that stands in its way. */
export function actionViews(facts: ActionFacts): ActionView[] {
  return workflowActions.map((action) => {
    const isOwn = action === 'approve' && isOwnSubmission(facts.record, facts.account);
    return { action, isNext: stateOf(facts.record) === transitions[action].from, blockers: blockersOf(action, facts), needsReason: action === 'reject' || isOwn, isOwn };
  });
}

/** Whether this document can be edited at all, and why not. */
export function editBlockers({ record, account }: Pick<ActionFacts, 'record' | 'account'>): Blocker[] {
  const { domain } = documentTypeInfo[record.document.type];
  const found: Blocker[] = [];
  const state = stateOf(record);
  if (state !== 'draft') found.push({ kind: 'state', messageKey: `documents.blocked.edit.${state}`, params: {} });
  const access = decide({ roles: account.roles, scopes: account.scopes, source: account.scopeSource }, { anyOf: [`${domain}:write`] });
  if (!access.allowed) found.push({ kind: 'scope', messageKey: 'documents.blocked.scope', params: { scope: `${domain}:write`, roles: access.heldBy.join(', ') } });
  return found;
}

/** What stands beside the lines: findings of whichever action comes next, each once. */
export function lineFindings(views: readonly ActionView[]): ReadonlyMap<number, Blocker> {
  const found = new Map<number, Blocker>();
  for (const view of views) if (view.isNext) for (const blocker of view.blockers) if (blocker.line !== undefined) found.set(blocker.line, blocker);
  return found;
}

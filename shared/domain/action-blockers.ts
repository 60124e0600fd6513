import { decide } from '../rbac/access.ts';
import { documentTypeInfo } from './document-types.ts';
import type { DocumentRecord } from './document.ts';
import type { Account } from './session.ts';
import { checkGuards, rolesFor, scopeFor, transitions, type WorkflowAction, type WorkflowState } from './workflow.ts';

/** Why an action cannot be done now. `line` is the position of the line it concerns. */
export type Blocker = { kind: 'scope' | 'role' | 'state' | 'segregation' | 'offline' | 'guard' | 'unsaved'; messageKey: string; params: Record<string, string>; line?: number };

/** What decides whether an action can be done. */
export type ActionFacts = {
  record: DocumentRecord;
  account: Account;
  isOffline: boolean;
  /** There are changes here that the server does not have: in a draft, or waiting in the outbox. */
  isDirty: boolean;
};

/** A document whose workflow nobody knows is a draft: that is how the server answers. ERP-API section 4. */
export const stateOf = (record: DocumentRecord): WorkflowState => record.workflow?.state ?? 'draft';

const isAdmin = (account: Account): boolean => account.roles.includes('admin') || account.scopes.includes('admin:all');

/** Who submitted may not approve. False too when the server does not say who submitted. */
export const isOwnSubmission = (record: DocumentRecord, account: Account): boolean =>
  record.workflow?.submittedBy !== undefined && record.workflow.submittedBy !== null && record.workflow.submittedBy.toLowerCase() === account.userName.toLowerCase();

/** Everything that stands in the way of an action, the most decisive first: rights, state, four eyes, guards. */
export function blockersOf(action: WorkflowAction, { record, account, isOffline, isDirty }: ActionFacts): Blocker[] {
  const { domain } = documentTypeInfo[record.document.type];
  const state = stateOf(record);
  const found: Blocker[] = [];
  const access = decide({ roles: account.roles, scopes: account.scopes, source: account.scopeSource }, { allOf: [scopeFor(domain, action)] });
  if (!access.allowed) {
    const [scope = ''] = access.missing;
    found.push({ kind: 'scope', messageKey: 'documents.blocked.scope', params: { scope, roles: access.heldBy.join(', ') } });
  }
  const guards = checkGuards(action, {
    domain, state, total: record.document.totals.net, lines: record.document.lines, roles: account.roles,
    // The reason is asked for when the action is pressed, so its absence blocks nothing here.
    reason: 'given later',
  });
  for (const { guard, messageKey, params, line } of guards) {
    if (guard === 'state') found.push({ kind: 'state', messageKey: `documents.blocked.state.${action}.${state}`, params: {} });
    else if (guard === 'role') found.push({ kind: 'role', messageKey: 'documents.blocked.role', params: { roles: (rolesFor(domain, action) ?? []).join(', ') } });
    else found.push({ kind: 'guard', messageKey, params, ...(line !== undefined && { line }) });
  }
  if (action === 'approve' && state === 'pending' && isOwnSubmission(record, account) && !isAdmin(account)) {
    found.push({ kind: 'segregation', messageKey: 'documents.blocked.segregation', params: {} });
  }
  if (isDirty && state === transitions[action].from) found.push({ kind: 'unsaved', messageKey: 'documents.blocked.unsaved', params: {} });
  if (isOffline) found.push({ kind: 'offline', messageKey: 'documents.blocked.offline', params: {} });
  return found.toSorted((a, b) => rank(a) - rank(b));
}

const order: readonly Blocker['kind'][] = ['state', 'scope', 'role', 'segregation', 'guard', 'unsaved', 'offline'];
const rank = (blocker: Blocker): number => order.indexOf(blocker.kind);

/**
 * The reasons worth reading: what the state or the rights rule out needs no further ones, and many lines below cost are
 * one reason, because each is marked at its line.
 */
export function reasonsOf(blockers: readonly Blocker[]): Pick<Blocker, 'messageKey' | 'params'>[] {
  for (const kind of ['state', 'scope', 'role'] as const) {
    const decisive = blockers.find((blocker) => blocker.kind === kind);
    if (decisive !== undefined) return [decisive];
  }
  const below = blockers.filter((blocker) => blocker.messageKey === 'guards.priceBelowCost');
  if (below.length < 2) return [...blockers];
  const summary = { messageKey: 'documents.blocked.belowCost', params: { count: String(below.length) } };
  return [...blockers.filter((blocker) => blocker.kind === 'segregation'), summary, ...blockers.filter((blocker) => blocker.kind !== 'segregation' && !below.includes(blocker))];
}

import { z } from 'zod';
import { compare, zero, type Decimal } from './money.ts';
import type { Domain } from './document-types.ts';
import type { Role, Scope } from '../rbac/scopes.ts';

/** Workflow states of ERP-API section 4; `posted` and `rejected` are final. */
export const workflowStates = ['draft', 'pending', 'approved', 'posted', 'rejected'] as const;
export const workflowStateSchema = z.enum(workflowStates);
export type WorkflowState = z.infer<typeof workflowStateSchema>;

export const workflowActions = ['submit', 'approve', 'reject', 'post'] as const;
export const workflowActionSchema = z.enum(workflowActions);
export type WorkflowAction = z.infer<typeof workflowActionSchema>;

/** Where each action leads and from where it may start. */
export const transitions: Readonly<Record<WorkflowAction, { from: WorkflowState; to: WorkflowState }>> = {
  submit: { from: 'draft', to: 'pending' },
  approve: { from: 'pending', to: 'approved' },
  reject: { from: 'pending', to: 'rejected' },
  post: { from: 'approved', to: 'posted' },
};

/** What the local guards look at: the same facts that go to the server with the action. */
export type GuardInput = {
  domain: Domain;
  state: WorkflowState;
  total: Decimal;
  lines: readonly { article: string; price: Decimal | null; cost: Decimal | null }[];
  roles: readonly Role[];
  reason?: string | undefined;
};

/** One reason why an action would be refused; `serverText` is what the server itself answers in that case. */
export type GuardFinding = {
  guard: 'state' | 'role' | 'priceBelowCost' | 'totalAboveZero' | 'reason';
  messageKey: string;
  params: Record<string, string>;
  serverText: string;
  /** Index of the line it concerns. */
  line?: number;
};

/** The roles that the workflow asks for; null where any signed-in role with the scope may act. */
export function rolesFor(domain: Domain, action: WorkflowAction): readonly Role[] | null {
  if (action === 'submit') return ['sales', 'purchase', 'admin'];
  if (action === 'reject') return ['controller', 'admin'];
  if (action === 'approve' && domain === 'purchase') return ['controller', 'admin'];
  return null;
}

/** The scope each action needs (security profile). ERP-API section 4. */
export function scopeFor(domain: Domain, action: WorkflowAction): Scope {
  const right = action === 'submit' ? 'write' : action === 'post' ? 'post' : 'approve';
  return `${domain}:${right}`;
}

/**
 * The guards of the server, run before anything is sent, with its own texts. Every finding is returned, not only the
 * first, because a person fixes all lines at once.
 */
export function checkGuards(action: WorkflowAction, input: GuardInput): GuardFinding[] {
  const findings: GuardFinding[] = [];
  if (input.state !== transitions[action].from) {
    findings.push({ guard: 'state', messageKey: 'guards.state', params: { state: input.state, action }, serverText: 'transition not allowed' });
  }
  const roles = rolesFor(input.domain, action);
  if (roles !== null && !input.roles.some((role) => roles.includes(role))) {
    findings.push({ guard: 'role', messageKey: 'guards.role', params: { roles: roles.join(', '), action }, serverText: `Insufficient permissions for ${action}` });
  }
  if (action === 'approve' && input.domain === 'sales') {
    input.lines.forEach((line, index) => {
      if (line.price === null || line.cost === null || compare(line.price, line.cost) >= 0) return;
      findings.push({
        guard: 'priceBelowCost', line: index, messageKey: 'guards.priceBelowCost',
        params: { article: line.article, price: line.price, cost: line.cost }, serverText: `Price below cost for article ${line.article}`,
      });
    });
  }
  if (action === 'post' && compare(input.total, zero) <= 0) {
    findings.push({ guard: 'totalAboveZero', messageKey: 'guards.totalAboveZero', params: { total: input.total }, serverText: 'Total must be > 0' });
  }
  if (action === 'reject' && (input.reason ?? '').trim() === '') {
    findings.push({ guard: 'reason', messageKey: 'guards.reason', params: {}, serverText: 'Reason required' });
  }
  return findings;
}

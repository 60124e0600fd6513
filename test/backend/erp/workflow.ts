import type { Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import { requireAll, requireRole, type Caller } from './auth.ts';
import type { Documents } from './documents.ts';
import { HttpError, refuse } from './errors.ts';
import type { Events } from './events.ts';
import { moves, priceGuard, rolesFor, scopeFor, totalGuard, totalOf, type Action } from './guards.ts';
import type { WireLine } from './money.ts';

export type WorkflowRow = { domain: string; number: string; state: string; version: number; submitted_by: string | null; submitted_at: number | null };

export type Attempt = {
  domain: string;
  number: string;
  action: Action;
  caller: Caller;
  total: unknown;
  lines: readonly WireLine[];
  reason: string | null;
  ifMatch: string | null;
  correlationId: string;
  /** The program that asks, as it names itself. */
  client: string | null;
};

/** A refusal with the policy that caused it, for the audit entry. */
class Refusal extends HttpError {
  readonly policy: string;
  constructor(policy: string, error: HttpError) {
    super(error.status, error.body);
    this.policy = policy;
  }
}

const segregation = 'segregation-of-duties';

export type Workflow = {
  state(domain: string, number: string): WorkflowRow;
  /** @throws HttpError with the reason; call {@link Workflow.recordRefusal} after the transaction has rolled back. */
  transition(attempt: Attempt): WorkflowRow;
  /** Writes the refused attempt into the audit log. */
  recordRefusal(attempt: Attempt, error: HttpError): void;
};

/** The workflow of the security profile: roles from the token, versions, segregation of duties, audit, events. */
export function createWorkflow(db: Db, now: () => number, parts: { documents: Documents; audit: Audit; events: Events }): Workflow {
  const { documents, audit, events } = parts;
  const select = db.prepare<[string, string], WorkflowRow>('SELECT * FROM workflow WHERE domain = ? AND number = ?');
  const store = db.prepare('INSERT OR REPLACE INTO workflow (domain, number, state, version, submitted_by, submitted_at) VALUES (@domain, @number, @state, @version, @submitted_by, @submitted_at)');
  const state = (domain: string, number: string): WorkflowRow =>
    select.get(domain, number) ?? { domain, number, state: 'draft', version: 0, submitted_by: null, submitted_at: null };

  const who = ({ caller, client, action, domain, number, correlationId }: Attempt) =>
    ({ ts: now(), actor: caller.name, role: caller.roles.join(',') || null, client, action, resource: `${domain}/${number}`, correlationId });

  const guarded = (policy: string, check: () => void): void => {
    try {
      check();
    } catch (error) {
      throw error instanceof HttpError ? new Refusal(policy, error) : error;
    }
  };

  /** @returns the policy to name in the audit entry, or null. */
  function guard(attempt: Attempt, current: WorkflowRow): string | null {
    const { domain, action, caller } = attempt;
    guarded('scope', () => requireAll(caller, scopeFor(domain, action)));
    const roles = rolesFor(domain, action);
    if (roles.length > 0) guarded('role', () => requireRole(caller, ...roles));
    const stale = attempt.ifMatch !== null && attempt.ifMatch !== '*' && attempt.ifMatch !== String(current.version);
    if (stale || current.state !== moves[action].from) {
      throw new Refusal(stale ? 'version' : 'state', new HttpError(409, { detail: 'transition not allowed', state: current.state, version: String(current.version) }));
    }
    const document = documents.findInDomain(domain, attempt.number);
    // The caller's lines and total are what it saw; the stored ones decide as well, or a forged body would pass the guard.
    const failures = [
      ...(action === 'approve' && domain === 'sales' ? [priceGuard(attempt.lines), priceGuard(document?.body.lines ?? [])] : []),
      ...(action === 'post' ? [totalGuard(attempt.total), document ? totalGuard(totalOf(document.body)) : null] : []),
    ];
    const failure = failures.find((candidate) => candidate !== null);
    if (failure) throw new Refusal(failure.policy, refuse(400, failure.detail));
    if (action === 'reject' && attempt.reason === null) throw new Refusal('reason-required', refuse(400, 'Reason required'));
    if (action === 'approve' && current.submitted_by === caller.name) {
      if (!caller.roles.includes('admin')) throw new Refusal(segregation, refuse(403, 'Segregation of duties: the submitter may not approve'));
      if (attempt.reason === null) throw new Refusal(segregation, refuse(403, 'Segregation of duties: approving your own submission needs a reason'));
      return `${segregation}:admin-override`;
    }
    if (action === 'approve') return domain === 'sales' ? 'price-not-below-cost' : 'role';
    return action === 'post' ? 'total-above-zero' : null;
  }

  return {
    state,
    transition: (attempt) => {
      const { domain, number, action, caller } = attempt;
      const current = state(domain, number);
      const policy = guard(attempt, current);
      const submitted = action === 'submit' ? { submitted_by: caller.name, submitted_at: now() } : { submitted_by: current.submitted_by, submitted_at: current.submitted_at };
      const next: WorkflowRow = { domain, number, state: moves[action].to, version: current.version + 1, ...submitted };
      store.run(next);
      audit.append({ ...who(attempt), from: current.state, to: next.state, reason: attempt.reason, policy, outcome: 'accepted' });
      const document = documents.findInDomain(domain, number);
      if (document) documents.touch(document);
      events.publish({ domain, number, action, fromState: current.state, toState: next.state });
      return next;
    },
    recordRefusal: (attempt, error) => {
      const detail = (error.body as { detail?: unknown }).detail;
      audit.append({
        ...who(attempt), from: state(attempt.domain, attempt.number).state, to: null,
        reason: attempt.reason ?? (typeof detail === 'string' ? detail : null), policy: error instanceof Refusal ? error.policy : null, outcome: 'refused',
      });
    },
  };
}

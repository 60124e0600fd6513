import { amount, totals, type WireLine } from './money.ts';

/** The workflow's states, actions and the two content guards; ERP-API section 4. */

export type Action = 'submit' | 'approve' | 'reject' | 'post';

export const moves: Readonly<Record<Action, { from: string; to: string }>> = {
  submit: { from: 'draft', to: 'pending' },
  approve: { from: 'pending', to: 'approved' },
  reject: { from: 'pending', to: 'rejected' },
  post: { from: 'approved', to: 'posted' },
};

export const isAction = (text: unknown): text is Action => typeof text === 'string' && Object.hasOwn(moves, text);

/** Roles that may do it; empty where no role is asked for. */
export function rolesFor(domain: string, action: Action): readonly string[] {
  switch (action) {
    case 'submit': return ['sales', 'purchase', 'admin'];
    case 'reject': return ['controller', 'admin'];
    case 'approve': return domain === 'purchase' ? ['controller', 'admin'] : [];
    case 'post': return [];
  }
}

export const scopeFor = (domain: string, action: Action): string =>
  `${domain}:${action === 'submit' ? 'write' : action === 'post' ? 'post' : 'approve'}`;

export type GuardFailure = { policy: string; detail: string };

/** The first line that is sold below its cost, for approving in sales. Lines without a price or a cost pass. */
export function priceGuard(lines: readonly WireLine[]): GuardFailure | null {
  for (const line of lines) {
    const price = amount(line.price);
    const cost = amount(line.cost);
    if (price !== null && cost !== null && price.lt(cost)) return { policy: 'price-not-below-cost', detail: `Price below cost for article ${String(line.article)}` };
  }
  return null;
}

/** Posting needs a total above zero. */
export function totalGuard(total: unknown): GuardFailure | null {
  return (amount(total)?.gt(0) ?? false) ? null : { policy: 'total-above-zero', detail: 'Total must be > 0' };
}

/** What a stored document is worth: its amount (payments) or the gross of its lines. */
export function totalOf(body: Record<string, unknown>): number {
  const paid = amount(body['amount']);
  if (paid !== null) return Number(paid);
  return Number(totals(Array.isArray(body['lines']) ? (body['lines'] as WireLine[]) : []).gross);
}

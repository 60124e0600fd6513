import { domains, type Domain } from '../domain/document-types.ts';
import { rolesFor, scopeFor, workflowActions } from '../domain/workflow.ts';
import type { Requirement } from './access.ts';
import type { Role } from './scopes.ts';

/** What a person can do with the ERP through this app. Names: `<area>.<deed>`. */
export const actionIds = [
  'sales.read', 'sales.write', 'sales.submit', 'sales.approve', 'sales.reject', 'sales.post',
  'purchase.read', 'purchase.write', 'purchase.submit', 'purchase.approve', 'purchase.reject', 'purchase.post',
  'docs.print', 'docs.export', 'docs.number', 'policy.read', 'policy.write', 'gdpr.export', 'gdpr.erase',
] as const;
export type ActionId = (typeof actionIds)[number];
export type ActionArea = Domain | 'docs' | 'policy' | 'gdpr';

export type AppAction = {
  id: ActionId;
  area: ActionArea;
  /** The scopes the server asks for. */
  requirement: Requirement;
  /** One of these roles as well, by the guards of the workflow; null where the scope alone decides. */
  roles: readonly Role[] | null;
  /** Four-eyes principle: not on a document that the same person submitted. */
  needsOtherPerson: boolean;
};

const ofDomain = (domain: Domain): AppAction[] => [
  ...(['read', 'write'] as const).map((right): AppAction => ({ id: `${domain}.${right}`, area: domain, requirement: { allOf: [`${domain}:${right}`] }, roles: null, needsOtherPerson: false })),
  ...workflowActions.map((action): AppAction => ({
    id: `${domain}.${action}`, area: domain, requirement: { allOf: [scopeFor(domain, action)] }, roles: rolesFor(domain, action), needsOtherPerson: action === 'approve',
  })),
];

const byScopes = (id: ActionId, area: ActionArea, requirement: Requirement): AppAction => ({ id, area, requirement, roles: null, needsOtherPerson: false });

/** The catalogue, in the order of {@link actionIds}. ERP-API sections 3 to 8. */
export const appActions: readonly AppAction[] = [
  ...domains.flatMap(ofDomain),
  byScopes('docs.print', 'docs', { allOf: ['docs:print'] }),
  byScopes('docs.export', 'docs', { allOf: ['docs:export'] }),
  byScopes('docs.number', 'docs', { anyOf: ['docs:write', 'sales:write', 'purchase:write'] }),
  byScopes('policy.read', 'policy', { allOf: ['policy:read'] }),
  byScopes('policy.write', 'policy', { allOf: ['policy:write'] }),
  byScopes('gdpr.export', 'gdpr', { allOf: ['gdpr:export'] }),
  // The scope gdpr:erase exists, but the server asks for the administrator.
  byScopes('gdpr.erase', 'gdpr', { allOf: ['admin:all'] }),
];

/** @throws RangeError for an id that is not in the catalogue, which the types rule out. */
export function actionOf(id: ActionId): AppAction {
  const found = appActions.find((action) => action.id === id);
  if (found === undefined) throw new RangeError(`no action ${id}`);
  return found;
}

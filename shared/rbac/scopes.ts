/** Roles seen in tokens, ERP-API section 2. */
export const roles = ['admin', 'manager', 'controller', 'operator', 'sales', 'purchase', 'auditor', 'user'] as const;
export type Role = (typeof roles)[number];

/** The ERP's scopes, ERP-API section 2. */
export const scopes = [
  'sales:read', 'sales:write', 'sales:approve', 'sales:post',
  'purchase:read', 'purchase:write', 'purchase:approve', 'purchase:post',
  'docs:read', 'docs:write', 'docs:export', 'docs:print', 'docs:archive',
  'policy:read', 'policy:write', 'gdpr:erase', 'gdpr:export', 'admin:all',
] as const;
export type Scope = (typeof scopes)[number];

const rw = (domain: 'sales' | 'purchase'): Scope[] => [`${domain}:read`, `${domain}:write`];

/**
 * The display default for tokens that carry no ERP scope (a stock Keycloak): what the client shows as allowed. The
 * server still decides.
 */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  admin: ['admin:all'],
  manager: [...rw('sales'), ...rw('purchase'), 'sales:approve', 'purchase:approve', 'docs:export', 'docs:print', 'policy:read'],
  controller: ['sales:read', 'sales:approve', 'sales:post', 'purchase:read', 'purchase:approve', 'purchase:post', 'docs:export'],
  operator: [...rw('sales'), ...rw('purchase'), 'docs:print'],
  sales: [...rw('sales'), 'docs:read', 'docs:write', 'docs:print'],
  purchase: [...rw('purchase'), 'docs:read', 'docs:write', 'docs:print'],
  auditor: ['sales:read', 'purchase:read', 'docs:read', 'policy:read'],
  user: [],
};

export const isRole = (value: string): value is Role => (roles as readonly string[]).includes(value);
export const isScope = (value: string): value is Scope => (scopes as readonly string[]).includes(value);

import { createHash, timingSafeEqual } from 'node:crypto';

/** One person who can sign in at the reference identity provider. The name is the login name and the token's `sub`. */
export type Account = { name: string; fullName: string; email: string; password: string; roles: readonly string[]; scopes: readonly string[] };

const rw = (domain: string): string[] => [`${domain}:read`, `${domain}:write`];

function account(name: string, fullName: string, scopes: readonly string[]): Account {
  return { name, fullName, email: `${name}@valeo.example`, password: `${name}-demo`, roles: [name], scopes };
}

/** Seven accounts named after their role, with the scopes of ERP-API section 2. */
export const accounts: readonly Account[] = [
  account('admin', 'Anke Admin', ['admin:all']),
  account('manager', 'Martin Manager', [...rw('sales'), ...rw('purchase'), 'sales:approve', 'purchase:approve', 'docs:export', 'docs:print', 'policy:read']),
  account('controller', 'Carla Controller', ['sales:read', 'sales:approve', 'sales:post', 'purchase:read', 'purchase:approve', 'purchase:post', 'docs:export']),
  account('operator', 'Olaf Operator', [...rw('sales'), ...rw('purchase'), 'docs:print']),
  account('sales', 'Vera Vertrieb', [...rw('sales'), 'docs:print', 'docs:write']),
  account('purchase', 'Emil Einkauf', [...rw('purchase'), 'docs:print', 'docs:write']),
  // Read scopes alone; what opens the audit log and the security centre is the role.
  account('auditor', 'Petra Prüfer', ['sales:read', 'purchase:read', 'docs:read', 'policy:read']),
];

/** Every scope the ERP knows; the resource server advertises them. */
export const erpScopes: readonly string[] = [
  ...['sales', 'purchase'].flatMap((domain) => ['read', 'write', 'approve', 'post'].map((right) => `${domain}:${right}`)),
  'docs:read', 'docs:write', 'docs:export', 'docs:print', 'docs:archive', 'policy:read', 'policy:write', 'gdpr:erase', 'gdpr:export', 'admin:all',
];

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The account when the password is right. Compares in constant time, also for unknown names. */
export function authenticate(name: string, password: string): Account | undefined {
  const found = accounts.find((candidate) => candidate.name === name.trim().toLowerCase());
  const matches = timingSafeEqual(digest(password), digest(found?.password ?? ''));
  return matches ? found : undefined;
}

export const accountOf = (name: string): Account | undefined => accounts.find((candidate) => candidate.name === name);

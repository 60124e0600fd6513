import { z } from 'zod';
import type { Rule } from './rule.ts';

/** Where rules come from: the host of the ERP and the tenant there, null where its tokens name none. */
export const rulesOriginSchema = z.object({ server: z.string().min(1).max(500), tenant: z.string().max(200).nullable() });
export type RulesOrigin = z.infer<typeof rulesOriginSchema>;

/** A file of rules as this client writes it: the server's own form, `{rules: […]}`, with the origin beside it. */
export const formatBackup = (rules: readonly Rule[], origin: RulesOrigin): string => JSON.stringify({ origin, rules }, null, 2);

/** The origin that a parsed file names; null for files of the server and of others, which name none. */
export function originIn(value: unknown): RulesOrigin | null {
  if (typeof value !== 'object' || value === null || !('origin' in value)) return null;
  const parsed = rulesOriginSchema.safeParse(value.origin);
  return parsed.success ? parsed.data : null;
}

/** In what a file differs from where it shall be restored; null when it may, or says nothing. */
export function foreign(origin: RulesOrigin | null, here: RulesOrigin): 'server' | 'tenant' | null {
  if (origin === null) return null;
  if (origin.server !== here.server) return 'server';
  return origin.tenant === here.tenant ? null : 'tenant';
}

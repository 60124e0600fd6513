import { z } from 'zod';
import { appErrorSchema } from '../ipc/errors.ts';

/** What a test sign-in looks at, in the order in which it matters. */
export const loginTestSteps = ['login', 'erp', 'token', 'audience', 'scopes', 'roles', 'clock', 'refresh', 'mfa'] as const;

/** What can be wrong with each; the texts to a cause say what it is, what follows, and what to tell the administration. */
export const loginTestCauses = [
  'redirect', 'client', 'scopeRefused', 'resource', 'noCallback', 'cancelled', 'loginFailed',
  'erpRefused', 'erpUnreachable', 'opaque', 'noAudience', 'wrongAudience', 'audienceUnknown', 'noErpScopes', 'noRoles', 'unknownRoles', 'groupsOmitted', 'clockOff', 'noRefreshToken', 'mfaNotSeen',
] as const;
export type LoginTestCause = (typeof loginTestCauses)[number];

export const loginTestFindingSchema = z.object({
  id: z.enum(loginTestSteps),
  status: z.enum(['ok', 'warning', 'failed', 'skipped']),
  cause: z.enum(loginTestCauses).nullable(),
  /** A short fact for the administration: names from the token, a difference in seconds. Never the token. */
  detail: z.string().max(300).nullable(),
  /** Why it failed, where a request of ours did. */
  error: appErrorSchema.nullable(),
});
export type LoginTestFinding = z.infer<typeof loginTestFindingSchema>;

/** Where the browser comes back to; what has to be registered at the provider, with any port. */
export const loopbackRedirect = 'http://127.0.0.1/callback';

export const loginTestReportSchema = z.object({
  findings: z.array(loginTestFindingSchema),
  /** Who signed in for the test; null when nobody did. */
  userName: z.string().nullable(),
  redirectUri: z.string(),
});
export type LoginTestReport = z.infer<typeof loginTestReportSchema>;

/** Methods (RFC 8176) that are a second factor or imply one. */
const secondFactors = new Set(['mfa', 'otp', 'hwk', 'swk', 'sc', 'fpt', 'face', 'iris', 'vbm', 'retina', 'sms', 'tel', 'pop', 'ngcmfa', 'rsa', 'phr', 'phrh']);

/** Whether the provider says that more than a password was asked for. Its silence proves nothing. */
export const sawSecondFactor = (amr: readonly string[], acr: string | null): boolean =>
  amr.some((method) => secondFactors.has(method.toLowerCase())) || /(^|[^a-z])(mfa|multi-?factor|phrh?|aal[23])/i.test(acr ?? '');

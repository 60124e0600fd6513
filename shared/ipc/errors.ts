import { z } from 'zod';

/**
 * Everything that can go wrong, in one closed list: a code is what tests, texts and decisions hang on. The text to a
 * code stands in resources/locales under `errors.<code>`.
 */
export const errorCodes = [
  'network.unreachable', 'network.timeout', 'network.interrupted',
  'tls.untrusted', 'tls.expired', 'tls.nameMismatch', 'tls.pinned', 'tls.failed',
  'server.badRequest', 'server.unauthorised', 'server.forbidden', 'server.notFound', 'server.conflict', 'server.preconditionFailed',
  'server.invalid', 'server.rateLimited', 'server.failed', 'server.unavailable', 'server.refused', 'server.notJson', 'server.unexpected',
  'server.notStored', 'server.unsupported',
  'login.cancelled', 'login.timedOut', 'login.browser', 'login.portTaken', 'login.stateMismatch', 'login.issuerMismatch', 'login.invalidResponse',
  'login.denied', 'login.provider', 'login.clock', 'session.required', 'session.expired', 'session.graceOver',
  'keychain.absent', 'keychain.locked', 'keychain.failed', 'keychain.recoveryNeeded', 'keychain.recoveryWrong',
  'database.damaged', 'database.newer', 'database.diskFull', 'database.locked', 'database.unavailable', 'database.failed',
  'draft.missing', 'draft.changedElsewhere', 'draft.locked', 'draft.exists', 'outbox.sending',
  'file.noViewer', 'file.notWritten', 'file.diskFull', 'file.tooLarge', 'file.unreadable', 'file.tooHard', 'export.tooMany',
  'paper.failed', 'paper.noPrinter', 'verify.nothing', 'verify.noNumber',
  'audit.nothingVerified', 'audit.tooMany', 'audit.notACheckpoint', 'audit.otherLog',
  'backup.notRestorable', 'backup.proofRefused', 'backup.reminder', 'secret.reminder', 'gdpr.reminder',
  'profile.invalid', 'profile.missing', 'input.invalid', 'access.missingScope', 'guard.failed', 'policy.forbidden', 'policy.unreadable',
  'call.unknown', 'call.cancelled', 'app.internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An error as data: all the renderer learns of a failure. No token, key or raw server text is ever in it. */
export const appErrorSchema = z.object({
  code: z.enum(errorCodes),
  /** Key of the text; usually `errors.<code>`, more precise where the place knows more. */
  messageKey: z.string(),
  /** Values for the text, already redacted. */
  params: z.record(z.string(), z.string()),
  /** Whether trying again can help: at once, after a while, or not at all. */
  retry: z.enum(['never', 'now', 'later']),
  /** Milliseconds the server asked us to wait. */
  retryAfter: z.number().nullable(),
  /** True when signing in again solves it. */
  reloginResolves: z.boolean(),
  /** The id under which the server and our log know this request. */
  correlationId: z.string().nullable(),
  fieldErrors: z.array(z.object({ path: z.string(), messageKey: z.string(), params: z.record(z.string(), z.string()) })),
});
export type AppError = z.infer<typeof appErrorSchema>;

/** A call's answer: errors cross as data, never as exceptions. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: AppError };

const defaults: Partial<Record<ErrorCode, Partial<AppError>>> = {
  'network.unreachable': { retry: 'later' }, 'network.timeout': { retry: 'later' }, 'network.interrupted': { retry: 'now' },
  'server.rateLimited': { retry: 'later' }, 'server.failed': { retry: 'later' }, 'server.unavailable': { retry: 'later' },
  'server.unauthorised': { reloginResolves: true }, 'session.required': { reloginResolves: true }, 'session.expired': { reloginResolves: true }, 'session.graceOver': { retry: 'now' },
  'login.cancelled': { retry: 'now' }, 'login.timedOut': { retry: 'now' }, 'login.browser': { retry: 'now' }, 'login.portTaken': { retry: 'now' },
  'login.provider': { retry: 'later' }, 'login.invalidResponse': { retry: 'now' }, 'login.stateMismatch': { retry: 'now' },
  'keychain.locked': { retry: 'now' }, 'keychain.recoveryNeeded': { retry: 'now' }, 'keychain.recoveryWrong': { retry: 'now' }, 'database.diskFull': { retry: 'now' }, 'database.locked': { retry: 'later' }, 'file.diskFull': { retry: 'now' }, 'file.notWritten': { retry: 'now' },
};

/** Builds an error with the defaults of its code. */
export function appError(code: ErrorCode, more: Partial<Omit<AppError, 'code'>> = {}): AppError {
  return {
    code, messageKey: `errors.${code}`, params: {}, retry: 'never', retryAfter: null, reloginResolves: false, correlationId: null, fieldErrors: [],
    ...defaults[code], ...more,
  };
}

/** The exception form of an {@link AppError}, for use inside one process; the IPC router turns it back into data. */
export class AppFailure extends Error {
  readonly error: AppError;
  constructor(error: AppError, options?: { cause?: unknown }) {
    super(error.code, options);
    this.name = 'AppFailure';
    this.error = error;
  }
}

/** Shorthand for `throw`: a failure with the defaults of its code. */
export const failure = (code: ErrorCode, more: Partial<Omit<AppError, 'code'>> = {}, cause?: unknown): AppFailure =>
  new AppFailure(appError(code, more), cause === undefined ? undefined : { cause });

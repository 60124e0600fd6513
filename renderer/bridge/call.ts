import type { CallInput, CallName, CallOutput } from '../../shared/ipc/contract.ts';
import type { AppError } from '../../shared/ipc/errors.ts';

/** A refused or failed call. It carries the error as data, so that a screen can show code, text and correlation id. */
export class CallError extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.code);
    this.name = 'CallError';
    this.error = error;
  }
}

/** What is shown when something broke that no call reported. Written out, because errors.ts would bring every schema into the first chunk. */
export const internalError: AppError = {
  code: 'app.internal', messageKey: 'errors.app.internal', params: {}, retry: 'now', retryAfter: null, reloginResolves: false, correlationId: null, fieldErrors: [],
};

/** The input may be left out where the contract takes none. */
export type CallArguments<N extends CallName> = undefined extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>];

/**
 * Calls the main process.
 * @throws CallError for every failure, a broken bridge included: callers meet one kind of error only.
 */
export async function call<N extends CallName>(name: N, ...[input]: CallArguments<N>): Promise<CallOutput<N>> {
  const result = await window.valeo.call(name, input as CallInput<N>).catch(() => ({ ok: false as const, error: internalError }));
  if (result.ok) return result.value;
  throw new CallError(result.error);
}

/** The error data of anything thrown. */
export const errorOf = (thrown: unknown): AppError => (thrown instanceof CallError ? thrown.error : internalError);

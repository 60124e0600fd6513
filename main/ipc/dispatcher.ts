import type { z } from 'zod';
import type { Account } from '../../shared/domain/session.ts';
import type { CallDefinition } from '../../shared/ipc/call.ts';
import type { CallHandlers } from '../../shared/ipc/contract.ts';
import { coreCalls } from '../../shared/ipc/core.ts';
import { AppFailure, appError, type AppError, type Result } from '../../shared/ipc/errors.ts';
import { withCorrelation } from '../log/correlation.ts';
import type { Log } from '../log/log.ts';
import { mustBeAllowed } from '../security/rights.ts';

/** The handlers of {@link coreCalls}. */
export type CoreHandlers = Pick<CallHandlers, keyof typeof coreCalls>;

/** Calls and their handlers, by name. */
export type CallPart = { calls: Readonly<Record<string, CallDefinition>>; handlers: object };

export type DispatcherOptions = {
  log: Log;
  /** False while signed out or locked; calls that need the cache are refused then. */
  isUnlocked: () => Promise<boolean>;
  /** Who is signed in; calls are refused to people without the right that the contract names. @throws AppFailure session.required */
  account: () => Promise<Account>;
  /** Calls whose code is read when one is made that the core does not have. */
  later?: () => Promise<CallPart>;
};

/** Field errors of our own contract: the renderer sent something that no form of ours can produce. */
function inputError(error: z.ZodError): AppError {
  const fieldErrors = error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), messageKey: 'errors.input.invalid', params: {} }));
  return appError('input.invalid', { fieldErrors });
}

/**
 * Name → input check → lock check → right → handler → output check → Result. Nothing thrown crosses to the renderer: an
 * expected failure crosses as its data, anything else as `app.internal` with the details in the log only.
 */
export function createDispatcher(handlers: CoreHandlers, { log, isUnlocked, account, later }: DispatcherOptions) {
  const core: CallPart = { calls: coreCalls, handlers };
  return async (name: unknown, input: unknown): Promise<Result<unknown>> => {
    if (typeof name !== 'string') return { ok: false, error: appError('call.unknown') };
    let part = core;
    if (!Object.hasOwn(core.calls, name) && later !== undefined) {
      try {
        part = await later();
      } catch (error) {
        log.error('a part of the app could not be read', { call: name, err: error });
        return { ok: false, error: appError('app.internal') };
      }
    }
    const definition = Object.hasOwn(part.calls, name) ? part.calls[name] : undefined;
    if (definition === undefined) return { ok: false, error: appError('call.unknown') };
    const parsed = definition.input.safeParse(input);
    if (!parsed.success) {
      log.warn('call with invalid input refused', { call: name, paths: parsed.error.issues.map((issue) => issue.path.join('.')) });
      return { ok: false, error: inputError(parsed.error) };
    }
    if (definition.needsUnlock && !(await isUnlocked())) return { ok: false, error: appError('session.required') };
    try {
      if (definition.right !== null) mustBeAllowed(await account(), definition.right);
      // The map is typed per name; here, where the name is a variable, the union cannot be resolved by the compiler.
      const handler = (part.handlers as Record<string, unknown>)[name] as (value: unknown) => unknown;
      // One id for all that this call does: its log lines, its requests, and the error that may come back.
      const value: unknown = await withCorrelation(() => handler(parsed.data));
      return { ok: true, value: definition.output.parse(value) };
    } catch (error) {
      if (error instanceof AppFailure) {
        log.info('call failed', { call: name, code: error.error.code, correlationId: error.error.correlationId });
        return { ok: false, error: error.error };
      }
      log.error('call failed unexpectedly', { call: name, err: error });
      return { ok: false, error: appError('app.internal') };
    }
  };
}

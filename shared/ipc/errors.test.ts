import { describe, expect, it } from 'vitest';
import { appError, AppFailure, appErrorSchema, errorCodes, failure } from './errors.ts';

describe('errors', () => {
  it('builds a valid error for every code, each listed once', () => {
    expect(new Set(errorCodes).size).toBe(errorCodes.length);
    for (const code of errorCodes) expect(appErrorSchema.parse(appError(code))).toMatchObject({ code, messageKey: `errors.${code}` });
  });

  it('lets the place overrule the default, never the code', () => {
    expect(appError('network.timeout')).toMatchObject({ retry: 'later' });
    expect(appError('network.timeout', { retry: 'now', correlationId: 'c' })).toMatchObject({ code: 'network.timeout', retry: 'now', correlationId: 'c' });
  });

  it('offers signing in exactly where it helps', () => {
    expect(errorCodes.filter((code) => appError(code).reloginResolves)).toEqual(['server.unauthorised', 'session.required', 'session.expired']);
  });

  it('never promises that a refusal goes away by itself', () => {
    for (const code of ['server.forbidden', 'guard.failed', 'server.conflict', 'access.missingScope', 'server.invalid'] as const) expect(appError(code).retry).toBe('never');
  });

  it('carries data and cause through an exception', () => {
    const cause = new Error('socket');
    const thrown = failure('network.interrupted', { correlationId: 'c' }, cause);
    expect(thrown).toBeInstanceOf(AppFailure);
    expect([thrown.name, thrown.message, thrown.cause, thrown.error.correlationId]).toEqual(['AppFailure', 'network.interrupted', cause, 'c']);
    expect('cause' in failure('app.internal')).toBe(false);
  });
});

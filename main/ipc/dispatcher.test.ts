import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openCall } from '../../shared/ipc/call.ts';
import type { Account } from '../../shared/domain/session.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { CallHandlers } from '../../shared/ipc/contract.ts';
import { silentLog, type LogFields } from '../log/log.ts';
import { createDispatcher, type CoreHandlers } from './dispatcher.ts';

type Entry = { message: string; fields: LogFields | undefined };

function setUp(handlers: Partial<CallHandlers>, unlocked = true, roles: Account['roles'] = ['admin']) {
  const entries: Entry[] = [];
  const keep = (message: string, fields?: LogFields): void => void entries.push({ message, fields });
  const log = { ...silentLog, warn: keep, info: keep, error: keep };
  return { entries, dispatch: createDispatcher(handlers as CallHandlers, { log, isUnlocked: () => Promise.resolve(unlocked), account: () => Promise.resolve({ roles, scopes: roles.includes('admin') ? ['admin:all'] : [], scopeSource: 'token' } as unknown as Account) }) };
}

describe('dispatcher', () => {
  it('answers with the parsed output', async () => {
    const { dispatch } = setUp({ 'workflow.pendingCount': () => ({ sales: 3, purchase: 0 }) });
    expect(await dispatch('workflow.pendingCount', undefined)).toEqual({ ok: true, value: { sales: 3, purchase: 0 } });
  });

  it.each([['no such call', 'files.read'], ['a name from the prototype', 'toString'], ['no string', 7], ['__proto__', '__proto__']])('refuses %s', async (_name, call) => {
    const { dispatch } = setUp({});
    expect(await dispatch(call, undefined)).toMatchObject({ ok: false, error: { code: 'call.unknown' } });
  });

  it('refuses invalid input before the handler sees it, and logs only its path', async () => {
    let calls = 0;
    const { dispatch, entries } = setUp({ 'app.copyText': () => { calls += 1; return null; } });
    const answer = await dispatch('app.copyText', { text: 5, note: 'geheim' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'input.invalid', fieldErrors: [{ path: 'text' }] } });
    expect(calls).toBe(0);
    expect(JSON.stringify(entries)).not.toContain('geheim');
  });

  it('refuses calls that need the cache while it is closed', async () => {
    const { dispatch } = setUp({ 'workflow.pendingCount': () => ({ sales: 1, purchase: 1 }) }, false);
    expect(await dispatch('workflow.pendingCount', undefined)).toMatchObject({ ok: false, error: { code: 'session.required', reloginResolves: true } });
  });

  it.each([['manager', 'policy.createBackup', undefined], ['sales', 'policy.propose', { changes: [{ op: 'delete', base: { rule: { id: 'a', when: { kpiId: 'k', severity: ['warn'] }, action: 'sales.notify' }, version: null } }], reason: 'x', activateAt: null }]] as const)('refuses a %s what they may not do with policies: %s', async (role, name, input) => {
    let calls = 0;
    const handler = () => { calls += 1; return { file: 'x', id: 'x' }; };
    const refused = setUp({ [name]: handler }, true, [role]);
    expect(await refused.dispatch(name, input)).toMatchObject({ ok: false, error: { code: 'access.missingScope', params: { roles: expect.stringContaining('admin') as string } } });
    expect(calls).toBe(0);
    expect(await setUp({ [name]: handler }).dispatch(name, input)).toMatchObject({ ok: true });
  });

  it('carries an expected failure as data', async () => {
    const { dispatch } = setUp({ 'workflow.pendingCount': () => { throw failure('server.rateLimited', { retryAfter: 4000 }); } });
    expect(await dispatch('workflow.pendingCount', undefined)).toMatchObject({ ok: false, error: { code: 'server.rateLimited', retryAfter: 4000, retry: 'later' } });
  });

  it('keeps the text of an unexpected error inside', async () => {
    const { dispatch } = setUp({ 'workflow.pendingCount': () => { throw new Error('SELECT secret FROM customers'); } });
    const answer = await dispatch('workflow.pendingCount', undefined);
    expect(answer).toMatchObject({ ok: false, error: { code: 'app.internal' } });
    expect(JSON.stringify(answer)).not.toContain('SELECT');
  });

  it('does not let out what the contract does not name', async () => {
    const { dispatch } = setUp({ 'documents.nextNumber': () => ({ number: 'SO-1', provisional: false, token: 'eyJ' }) });
    expect(await dispatch('documents.nextNumber', { type: 'sales_order' })).toEqual({ ok: true, value: { number: 'SO-1', provisional: false } });
  });

  it('treats an answer that breaks the contract as our own error', async () => {
    const { dispatch } = setUp({ 'documents.nextNumber': () => ({ number: '', provisional: false }) });
    expect(await dispatch('documents.nextNumber', { type: 'sales_order' })).toMatchObject({ ok: false, error: { code: 'app.internal' } });
  });

  it('reads a part of the app with the first call that the core does not know, and never for one that it knows', async () => {
    let read = 0;
    const part = { calls: { 'late.ask': openCall(z.object({ word: z.string() }), z.string()) }, handlers: { 'late.ask': ({ word }: { word: string }) => `${word}!` } };
    const dispatch = createDispatcher({ 'workflow.pendingCount': () => ({ sales: 3, purchase: 0 }) } as unknown as CoreHandlers, {
      log: silentLog, isUnlocked: () => Promise.resolve(true), account: () => Promise.reject(new Error('not asked')), later: () => { read += 1; return Promise.resolve(part); },
    });
    expect(await dispatch('workflow.pendingCount', undefined)).toMatchObject({ ok: true });
    expect(read).toBe(0);
    expect(await dispatch('late.ask', { word: 'da' })).toEqual({ ok: true, value: 'da!' });
    expect(await dispatch('late.ask', { word: 5 })).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(await dispatch('toString', undefined)).toMatchObject({ ok: false, error: { code: 'call.unknown' } });
  });

  it('says so when that part cannot be read', async () => {
    const dispatch = createDispatcher({} as CoreHandlers, { log: silentLog, isUnlocked: () => Promise.resolve(true), account: () => Promise.reject(new Error('not asked')), later: () => Promise.reject(new Error('ENOENT')) });
    expect(await dispatch('late.ask', {})).toMatchObject({ ok: false, error: { code: 'app.internal' } });
  });
});

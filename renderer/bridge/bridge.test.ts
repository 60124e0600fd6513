import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionState, SyncState } from '../../shared/domain/connection.ts';
import { appError } from '../../shared/ipc/errors.ts';
import { call, CallError, errorOf, internalError } from './call.ts';
import { askAgain, invalidate, staleAfter } from './invalidation.ts';

const answer = (result: unknown): void => void vi.stubGlobal('window', { valeo: { call: () => result } });

describe('call', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('unwraps a value', async () => {
    answer(Promise.resolve({ ok: true, value: null }));
    await expect(call('sync.pull')).resolves.toBeNull();
  });

  it('throws the error data', async () => {
    const error = appError('server.conflict', { correlationId: 'abc' });
    answer(Promise.resolve({ ok: false, error }));
    await expect(call('sync.pull')).rejects.toMatchObject({ name: 'CallError', error });
  });

  it('turns a broken bridge into the same kind of error', async () => {
    answer(Promise.reject(new Error('channel closed')));
    await expect(call('sync.pull')).rejects.toBeInstanceOf(CallError);
    expect(errorOf(new Error('x'))).toEqual(internalError);
  });

  it('writes the internal error as errors.ts does', () => expect(internalError).toEqual(appError('app.internal', { retry: 'now' })));
});

const peer = { reachable: true, since: null, error: null };
const connection = (status: ConnectionState['status']): ConnectionState => ({ status, since: 0, lastContactAt: null, erp: peer, identityProvider: peer, live: false, missingCapabilities: [] });
const sync = (finishedAt: number | null): SyncState => ({ status: 'idle', done: 0, expected: 0, finishedAt, error: null, perSecond: null, remainingMs: null, unreadable: { count: 0, first: [] }, cached: 0 });
const callsOf = (stale: readonly { call: string }[]): string[] => stale.map((one) => one.call);

describe('staleAfter', () => {
  it('never reads from the server because of an answer of the server', () => {
    expect(callsOf(staleAfter('documents.changed', { keys: null }, undefined))).not.toContain('documents.refresh');
  });

  it('renews what the cache answered when the server is back, and only then', () => {
    expect(callsOf(staleAfter('connection.changed', connection('online'), connection('offline')))).toContain('documents.formSpec');
    expect(staleAfter('connection.changed', connection('online'), connection('online'))).toEqual([]);
    expect(staleAfter('connection.changed', connection('offline'), connection('online'))).toEqual([]);
  });

  it('makes the list younger when a pull ends, not on every step of it', () => {
    expect(callsOf(staleAfter('sync.changed', sync(2), sync(1)))).toContain('documents.list');
    expect(staleAfter('sync.changed', sync(1), sync(1))).toEqual([]);
    expect(staleAfter('sync.changed', sync(null), undefined)).toEqual([]);
  });
});

describe('staleAfter the log', () => {
  it('settles what the journal waits for with every look, and counts again only when there is more to count', () => {
    const status = (size: number) => ({ kind: 'signed' as const, size, origin: null, key: null, verified: null, checkpoints: 0, complete: null, alarms: [], sections: [], cosigners: [], oldest: null });
    expect(callsOf(staleAfter('audit.changed', status(5), status(5)))).toEqual(['audit.status', 'audit.alarms', 'audit.journal']);
    expect(callsOf(staleAfter('audit.changed', status(6), status(5)))).toEqual(expect.arrayContaining(['audit.timeline', 'audit.entry']));
    expect(callsOf(staleAfter('audit.changed', status(5), undefined))).toContain('audit.timeline');
  });
});

describe('staleAfter what waits', () => {
  it('reads the outbox, its conflicts, the decisions and the drafts again', () => {
    const state = { waiting: 0, sending: 0, rejected: 0, conflicts: 0, decisions: 0, oldestAt: null };
    expect(callsOf(staleAfter('outbox.changed', state, undefined))).toEqual(expect.arrayContaining(['outbox.list', 'outbox.conflict', 'decisions.list', 'drafts.list']));
    expect(callsOf(staleAfter('drafts.changed', { ids: [] }, undefined))).toEqual(expect.arrayContaining(['drafts.list', 'drafts.discarded', 'drafts.get', 'drafts.ofDocument']));
    expect(callsOf(staleAfter('documents.changed', { keys: null }, undefined))).toContain('decisions.list');
  });
});

describe('invalidate', () => {
  it('touches only the named documents', () => {
    const client = new QueryClient();
    const key = (number: string) => ({ type: 'sales_order' as const, number });
    client.setQueryData(['documents.cached', key('SO-1')], {});
    client.setQueryData(['documents.cached', key('SO-2')], {});
    client.setQueryData(['documents.list', { offset: 0 }], {});
    invalidate(client, staleAfter('documents.changed', { keys: [key('SO-1')] }, undefined));
    const isStale = (queryKey: unknown[]): boolean | undefined => client.getQueryState(queryKey)?.isInvalidated;
    expect(isStale(['documents.cached', key('SO-1')])).toBe(true);
    expect(isStale(['documents.cached', key('SO-2')])).toBe(false);
    expect(isStale(['documents.list', { offset: 0 }])).toBe(true);
    client.clear();
  });

  it('reads again what was on its way for the first time when the change came', async () => {
    const client = new QueryClient();
    const answers: ((value: string) => void)[] = [];
    const observer = new QueryObserver(client, { queryKey: ['checklists.read', undefined], queryFn: () => new Promise<string>((resolve) => { answers.push(resolve); }) });
    const stop = observer.subscribe(() => undefined);
    invalidate(client, staleAfter('security.changed', { areas: ['checklists'] }, undefined));
    answers[0]?.('from before');
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.('from after');
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('from after'));
    expect(answers).toHaveLength(2);
    stop();
    client.clear();
  });
});

describe('askAgain', () => {
  const watch = (client: QueryClient, name: string, answers: (() => Promise<unknown>)[]): { asked: () => number; stop: () => void } => {
    let asked = 0;
    const observer = new QueryObserver(client, { queryKey: [name, undefined], retry: false, queryFn: () => (answers[asked++] ?? (() => Promise.resolve('server')))() });
    return { asked: () => asked, stop: observer.subscribe(() => undefined) };
  };
  const refuse = (code: 'network.unreachable' | 'server.forbidden') => () => Promise.reject(new CallError(appError(code)));

  it('reads again what was out of reach or came from the cache, and nothing else', async () => {
    const client = new QueryClient();
    const watched = {
      unreachable: watch(client, 'policy.rules', [refuse('network.unreachable')]), cached: watch(client, 'documents.trail', [async () => ({ value: [], source: 'cache', fetchedAt: 0 })]),
      forbidden: watch(client, 'policy.versions', [refuse('server.forbidden')]), fresh: watch(client, 'policy.proposals', [async () => ({ value: [], source: 'server', fetchedAt: 0 })]),
    };
    await vi.waitFor(() => expect(client.isFetching()).toBe(0));
    askAgain(client);
    await vi.waitFor(() => expect(client.getQueryData(['policy.rules', undefined])).toBe('server'));
    expect(client.getQueryData(['documents.trail', undefined])).toBe('server');
    expect(Object.values(watched).map(({ asked }) => asked())).toEqual([2, 2, 1, 1]);
    Object.values(watched).forEach(({ stop }) => stop());
    client.clear();
  });

  it('asks more and more rarely for what goes on failing, and at once again after an answer', async () => {
    vi.useFakeTimers();
    const client = new QueryClient();
    const { asked, stop } = watch(client, 'policy.rules', [...Array.from({ length: 4 }, () => refuse('network.unreachable')), () => Promise.resolve('server'), refuse('network.unreachable')]);
    const after = async (ms: number): Promise<number> => { await vi.advanceTimersByTimeAsync(ms); return asked(); };
    await after(10);
    askAgain(client);
    expect(await after(10)).toBe(2);
    askAgain(client);
    expect([await after(1_900), await after(200)]).toEqual([2, 3]);
    askAgain(client);
    expect([await after(3_900), await after(200)]).toEqual([3, 4]);
    askAgain(client);
    expect([await after(7_900), await after(200)]).toEqual([4, 5]);
    void client.invalidateQueries({ queryKey: ['policy.rules'] });
    expect(await after(10)).toBe(6);
    askAgain(client);
    expect(await after(10)).toBe(7);
    stop();
    client.clear();
    vi.useRealTimers();
  });

  it('reads again what fails only after the server has come back', async () => {
    const client = new QueryClient();
    let fail: (error: Error) => void = () => undefined;
    const { asked, stop } = watch(client, 'policy.rules', [() => new Promise((_, reject) => { fail = reject; })]);
    askAgain(client);
    fail(new CallError(appError('network.unreachable')));
    await vi.waitFor(() => expect(client.getQueryData(['policy.rules', undefined])).toBe('server'));
    expect(asked()).toBe(2);
    stop();
    client.clear();
  });
});

import type { Query, QueryClient } from '@tanstack/react-query';
import type { CallName, EventName, EventPayload } from '../../shared/ipc/contract.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import { errorOf } from './call.ts';
import { securityReads } from './security-reads.ts';

/** A query to read again: all of a call, or only those whose input names one of the documents. */
export type Stale = { call: CallName; keys?: readonly DocumentKey[] };

/**
 * Which answers an event makes stale: the one place that knows. `documents.refresh` is never in it, because it asks the
 * server, whose answer raises `documents.changed` again.
 */
export function staleAfter<N extends EventName>(name: N, payload: EventPayload<N>, previous: EventPayload<N> | undefined): Stale[] {
  if (name === 'documents.changed') {
    const { keys } = payload as EventPayload<'documents.changed'>;
    const perDocument = keys === null ? {} : { keys };
    return [
      { call: 'documents.list' }, { call: 'workflow.pendingCount' }, { call: 'documents.flow' },
      { call: 'documents.cached', ...perDocument }, { call: 'documents.trail', ...perDocument },
      // What a decision is about may have changed since it was made.
      { call: 'decisions.list' },
    ];
  }
  if (name === 'outbox.changed') return [{ call: 'outbox.list' }, { call: 'outbox.conflict' }, { call: 'decisions.list' }, { call: 'drafts.list' }];
  if (name === 'drafts.changed') return [{ call: 'drafts.list' }, { call: 'drafts.discarded' }, { call: 'drafts.get' }, { call: 'drafts.ofDocument' }, { call: 'drafts.versions' }];
  if (name === 'connection.changed') {
    const was = (previous as EventPayload<'connection.changed'> | undefined)?.status;
    const is = (payload as EventPayload<'connection.changed'>).status;
    // What they answered while offline can be replaced by the server's now; they do not say where it came from.
    return is === 'online' && was !== undefined && was !== 'online' ? [{ call: 'documents.formSpec' }, { call: 'lookups.search' }] : [];
  }
  if (name === 'security.changed') return (payload as EventPayload<'security.changed'>).areas.flatMap((area) => securityReads[area].map((call) => ({ call })));
  if (name === 'audit.changed') {
    const was = (previous as EventPayload<'audit.changed'> | undefined)?.size;
    // A look that found nothing new still makes the log younger, and what the journal waits for may be settled by it.
    const grown: Stale[] = was === (payload as EventPayload<'audit.changed'>).size ? [] : [{ call: 'audit.timeline' }, { call: 'audit.entry' }];
    return [{ call: 'audit.status' }, { call: 'audit.alarms' }, { call: 'audit.journal' }, ...grown];
  }
  if (name === 'grace.changed') return [{ call: 'session.grace' }];
  if (name === 'policy.changed') return [{ call: 'app.policy' }];
  if (name === 'sync.changed') {
    const was = (previous as EventPayload<'sync.changed'> | undefined)?.finishedAt;
    const is = (payload as EventPayload<'sync.changed'>).finishedAt;
    // A pull that changed nothing still makes the list younger.
    return is !== null && is !== was ? [{ call: 'documents.list' }, { call: 'workflow.pendingCount' }] : [];
  }
  return [];
}

const names = (input: unknown, keys: readonly DocumentKey[]): boolean =>
  typeof input === 'object' && input !== null && 'number' in input && 'type' in input && keys.some((key) => key.number === input.number && key.type === input.type);

/** Marks the queries stale; those on screen are read again at once. */
export function invalidate(client: QueryClient, stale: readonly Stale[]): void {
  for (const { call, keys } of stale) {
    const filter = { queryKey: [call], predicate: (query: Query) => keys === undefined || names(query.queryKey[1], keys) };
    // A first read that is on its way is not begun again, and may have looked before the change: it is read once more when it is through.
    const early = client.getQueryCache().findAll(filter).filter(({ state }) => state.data === undefined && state.fetchStatus === 'fetching');
    for (const { promise, queryKey } of early) void promise?.catch(() => undefined).then(() => client.invalidateQueries({ queryKey, exact: true }));
    void client.invalidateQueries(filter);
  }
}

const isOutOfReach = ({ code }: AppError): boolean => /^(?:network|tls)\./.test(code) || code === 'server.unavailable';
const isFromCache = (data: unknown): boolean => typeof data === 'object' && data !== null && 'source' in data && data.source === 'cache';

/** How often in a row a query was asked again without an answer, and when last. */
const asked = new WeakMap<Query, { times: number; at: number }>();
const slowestMs = 60_000;

/** A server may answer in general and fail for this one: then it is asked at once, and after that more and more rarely. */
function again(client: QueryClient, query: Query): void {
  const before = asked.get(query);
  const times = before === undefined || query.state.dataUpdatedAt > before.at ? 0 : before.times;
  const wait = times === 0 ? 0 : Math.min(1_000 * 2 ** times, slowestMs);
  asked.set(query, { times: times + 1, at: Date.now() });
  setTimeout(() => void client.invalidateQueries({ queryKey: query.queryKey, exact: true }), wait);
}

/** The server can be asked again: a screen that waits with "not reachable", or shows what the cache had instead, need not wait for a key press. */
export function askAgain(client: QueryClient): void {
  for (const query of client.getQueryCache().getAll()) {
    const { state, promise } = query;
    // One that began while the server was out of reach may still be about to fail for that.
    if (state.fetchStatus === 'fetching') void promise?.catch((error: unknown) => { if (isOutOfReach(errorOf(error))) again(client, query); });
    else if ((state.error !== null && isOutOfReach(errorOf(state.error))) || isFromCache(state.data)) again(client, query);
  }
}

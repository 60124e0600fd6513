import { useEffect, useRef } from 'react';
import type { EventName, EventPayload } from '../../shared/ipc/contract.ts';
import { askAgain, invalidate, staleAfter } from './invalidation.ts';
import { queryClient } from './queries.ts';

type Listener = (payload: never) => void;

const listeners = new Map<EventName, Set<Listener>>();

/**
 * Subscribes to an event of main. Many components may listen, but each name is taken from the bridge only once.
 * @returns a function that ends the subscription.
 */
export function onEvent<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  const known = listeners.get(name);
  const all = known ?? new Set<Listener>();
  if (known === undefined) {
    listeners.set(name, all);
    window.valeo.on(name, (payload) => [...all].forEach((one) => (one as (payload: EventPayload<N>) => void)(payload)));
  }
  all.add(listener);
  return () => void all.delete(listener);
}

/** Calls `listener` for every event of this name while the component is mounted. */
export function useEvent<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => onEvent(name, (payload) => latest.current(payload)), [name]);
}

/** Lets the events make cached answers stale. Called once at start. */
export function wireInvalidation(): void {
  const wire = <N extends EventName>(name: N): void => {
    let previous: EventPayload<N> | undefined;
    onEvent(name, (payload) => {
      invalidate(queryClient, staleAfter(name, payload, previous));
      previous = payload;
    });
  };
  let wasOnline = false;
  onEvent('connection.changed', ({ status }) => {
    if (status === 'online' && !wasOnline) askAgain(queryClient);
    wasOnline = status === 'online';
  });
  wire('documents.changed');
  wire('connection.changed');
  wire('sync.changed');
  wire('policy.changed');
  wire('grace.changed');
  wire('security.changed');
  wire('outbox.changed');
  wire('drafts.changed');
  wire('audit.changed');
}

/** Calls whose answers belong to the installation; all others belong to the account that asked. */
const ofInstallation = /^(app|settings|profiles|session|connection)\./;

/** Forgets every answer that belongs to an account; screens on view ask again. */
export function forgetAnswers(): void {
  void queryClient.resetQueries({ predicate: ({ queryKey: [name] }) => typeof name === 'string' && !ofInstallation.test(name) });
}

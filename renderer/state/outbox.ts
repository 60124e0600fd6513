import { create } from 'zustand';
import type { OutboxState } from '../../shared/domain/outbox.ts';

/** How much waits for the server; null while signed out or not known. */
export const useOutbox = create<{ state: OutboxState | null }>(() => ({ state: null }));

/** Everything that is not done: what the ⇅ counts. */
export const outboxCount = (state: OutboxState | null): number => (state === null ? 0 : state.waiting + state.sending + state.rejected + state.conflicts + state.decisions);

/** What only a person can move on. */
export const needsPerson = (state: OutboxState | null): number => (state === null ? 0 : state.rejected + state.conflicts);

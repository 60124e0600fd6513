import { create } from 'zustand';
import type { EventPayload } from '../../shared/ipc/contract.ts';

/** Requests that wait for their turn under the server's rate limit; null while none does. */
export const useWaiting = create<{ info: EventPayload<'requests.waiting'> | null }>(() => ({ info: null }));

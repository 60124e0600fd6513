import { create } from 'zustand';
import type { ConnectionState } from '../../shared/domain/connection.ts';

/** How the servers are reached; null until main has answered the first time. */
export const useConnection = create<{ state: ConnectionState | null }>(() => ({ state: null }));

/** True while the ERP cannot be reached: actions that need it say so instead of failing. */
export const useIsOffline = (): boolean => useConnection(({ state }) => state?.status === 'offline');

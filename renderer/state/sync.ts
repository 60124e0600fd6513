import { create } from 'zustand';
import type { SyncState } from '../../shared/domain/connection.ts';

/** How far the cache follows the server; null while signed out. */
export const useSync = create<{ state: SyncState | null }>(() => ({ state: null }));

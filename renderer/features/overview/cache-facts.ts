import type { SyncState } from '../../../shared/domain/connection.ts';

/** True while the cache is filled for the first time: it has no age yet, and that is nothing to warn about. */
export const isFirstPull = (sync: SyncState | null): boolean => sync?.status === 'pulling' && sync.finishedAt === null;

/** Documents on this computer; while the first pull runs, those it has read so far. */
export const cachedDocuments = (sync: SyncState | null): number => (sync === null ? 0 : isFirstPull(sync) ? Math.max(sync.cached, sync.done) : sync.cached);

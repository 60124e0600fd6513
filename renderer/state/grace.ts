import type { GraceState } from '../../shared/domain/grace.ts';
import { useCall } from '../bridge/queries.ts';

/** How long the stored data opens without a server; undefined until main has answered. */
export const useGrace = (): GraceState | undefined => useCall('session.grace', undefined, { staleTime: Infinity }).data;

import type { CallOutput } from '../../../../shared/ipc/contract.ts';

type Firing = CallOutput<'alerts.firing'>['newest'][number];

/**
 * What makes two alerts the same. An Alertmanager's alert that ended and fires again is another one; this app's own is known by its
 * rule alone: its beginning moves with the threshold and with each minute that was better in between.
 */
const nameOf = ({ id, since, origin }: Firing): string => (origin === 'local' ? id : `${id} ${since}`);

/** The alerts that were not there at the last look. @param known what fired then; null before the first look, which is no news */
export function newlyFiring(known: ReadonlySet<string> | null, firing: readonly Firing[]): { fresh: Firing[]; known: ReadonlySet<string> } {
  return { fresh: known === null ? [] : firing.filter((alert) => !known.has(nameOf(alert))), known: new Set(firing.map(nameOf)) };
}

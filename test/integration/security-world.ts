import { systemClock, type Clock } from '../../main/erp/ports.ts';
import type { BackendOptions } from '../backend/index.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

export type { Pc, World } from './workspace-world.ts';

/** `clock` is the client's alone. */
export type CentreOptions = Omit<BackendOptions, 'clock'> & { clock?: Pick<Clock, 'now'> };

/** A server with an administrator signed in at one PC. */
export async function startCentre({ clock, ...options }: CentreOptions = {}): Promise<{ world: World; pc: Pc }> {
  const world = await startWorld(options);
  const pc = await world.pc(clock === undefined ? {} : { clock: { ...systemClock, ...clock } });
  await pc.as('admin');
  return { world, pc };
}

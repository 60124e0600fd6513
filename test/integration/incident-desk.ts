import { expect } from 'vitest';
import type { HttpFetch } from '../../main/erp/ports.ts';
import type { Incidents } from '../../main/security/incidents/index.ts';
import type { StoredIncident } from '../../shared/security/incidents/incident.ts';
import type { Pc, World } from './workspace-world.ts';

export const hour = 3_600_000;
/** What a person types in to begin an incident that came up an hour ago. */
export const fresh = (title = 'Fremder Zugriff', isExercise = false) => ({ title, description: 'Anmeldung aus dem Ausland', severity: 'high' as const, isExercise, detectedAt: Date.now() - hour, awareAt: Date.now() - hour, origin: null });
export const of = (pc: Pc): Incidents => pc.workspace.security.incidents;

/** A PC on which an administrator is signed in, and which knows that it is online. */
export async function admin(world: World, line?: { fetch: HttpFetch }): Promise<Pc> {
  const pc = await world.pc(line === undefined ? {} : { fetch: line.fetch });
  await pc.as('admin');
  await pc.workspace.monitor.retry();
  return pc;
}

/** The incident once it is as the server has it. */
export async function synced(pc: Pc, id: string): Promise<StoredIncident> {
  await of(pc).joining.sync();
  expect(of(pc).joining.status()).toMatchObject({ server: 'supported', error: null });
  return of(pc).book.get(id);
}

/** A network that can be pulled out. */
export function cable(): { fetch: HttpFetch; pull: (pc: Pc, isOut: boolean) => Promise<void> } {
  let out = false;
  return {
    fetch: async (url, init) => {
      if (out) throw new TypeError('fetch failed');
      return fetch(url, init);
    },
    pull: async (pc, isOut) => {
      out = isOut;
      // The first may share a look that began before the change.
      for (let look = 0; look < 2; look += 1) await pc.workspace.monitor.retry();
      expect(pc.workspace.monitor.state().status).toBe(isOut ? 'offline' : 'online');
    },
  };
}

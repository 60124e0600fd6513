import { expect, it } from 'vitest';
import { isPending } from '../../shared/security/incidents/list.ts';
import { admin, fresh, of, synced } from './incident-desk.ts';
import { startWorld } from './workspace-world.ts';

it('an incident is sent change by change without reading everything before each', async () => {
  const world = await startWorld({ audit: 40 });
  try {
    const pc = await admin(world);
    const { incident: { id } } = await of(pc).book.create(fresh('Viel zu tun'));
    await synced(pc, id);
    world.backend.control.clearRequests();
    for (let change = 1; change <= 8; change += 1) {
      await of(pc).obey(id, { do: 'text', field: 'title', value: `Änderung ${change}` });
      await of(pc).joining.settled();
    }
    const asked = world.backend.control.requests.filter(({ path }) => path.startsWith('/security/incidents')).map(({ method }) => method);
    expect(asked.filter((method) => method === 'PATCH')).toHaveLength(8);
    // The first look of the background may still come in between.
    expect(asked.length).toBeLessThanOrEqual(9);
    expect(isPending(await of(pc).book.get(id))).toBe(false);
  } finally {
    await world.end();
  }
});

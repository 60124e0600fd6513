import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything } from '../../shared/domain/audit.ts';
import { leaverSteps } from '../../shared/security/incidents/offboarding.ts';
import { loginHeadless } from '../backend/login.ts';
import { callerFor } from './backend-client.ts';
import { admin, hour, of } from './incident-desk.ts';
import { startWorld, type World } from './workspace-world.ts';

let world: World;
afterEach(async () => { await world.end(); });

describe('somebody who leaves', () => {
  beforeEach(async () => { world = await startWorld({ audit: 0 }); });

  it('ends with proof: no sign-in left at the server, and every secret rotated since', async () => {
    const pc = await admin(world);
    const { leavers } = of(pc);
    const one = await leavers.create({ account: 'sales', name: 'Vera Vertrieb', leavesAt: Date.now() - hour });
    const gone = callerFor(world.backend, (await loginHeadless(world.backend, 'sales')).accessToken);
    await loginHeadless(world.backend, 'sales');
    expect((await leavers.check(one.id)).steps.sessions).toBeNull();
    const ended = await leavers.endSessions(one.id);
    expect(ended.steps.sessions).toMatchObject({ state: 'proven', params: { ended: '2' } });
    expect((await gone('GET', '/security/sessions')).status).toBe(401);
    for (const step of ['account', 'roles', 'devices', 'access', 'awareness', 'handover', 'secrets'] as const) await leavers.obey(one.id, { do: 'attest', step, state: 'attested', note: 'gesehen' });
    await loginHeadless(world.backend, 'sales');
    await expect(leavers.obey(one.id, { do: 'close' }), 'somebody has signed in again').rejects.toMatchObject({ error: { messageKey: 'errors.incident.leaverOpen' } });
    await leavers.endSessions(one.id);
    expect((await leavers.obey(one.id, { do: 'close' })).closed).not.toBeNull();
    const evidence = (await pc.workspace.security.evidence.list()).find(({ point }) => point === 'humanLayer.offboarding');
    expect(evidence, 'that the secrets were changed was not seen').toMatchObject({ outcome: 'met', source: 'attested', by: 'admin' });
  });

  it('is not proven by a name that nobody has ever had', async () => {
    const pc = await admin(world);
    const { leavers } = of(pc);
    const { id } = await leavers.create({ account: 'Vera Vertrieb', name: 'Vera Vertrieb', leavesAt: Date.now() - hour });
    await loginHeadless(world.backend, 'sales');
    for (const look of [() => leavers.check(id), () => leavers.endSessions(id)]) {
      const looked = await look();
      expect(looked.steps.sessions).toBeNull();
      expect(looked.log.at(-1)).toMatchObject({ key: 'accountUnseen', params: { account: 'Vera Vertrieb' } });
    }
    for (const step of leaverSteps) await leavers.obey(id, { do: 'attest', step, state: 'attested', note: 'gesehen' });
    // Closing looks once more, and what a person vouches for stays just that.
    expect(await leavers.obey(id, { do: 'close' })).toMatchObject({ closed: { by: 'admin' }, steps: { sessions: { state: 'attested' } } });
    expect((await pc.workspace.security.evidence.list()).find(({ point }) => point === 'humanLayer.offboarding')).toMatchObject({ source: 'attested', by: 'admin' });
  });

  it('is proven without a sign-in when the log knows the account', async () => {
    const pc = await admin(world);
    const { leavers } = of(pc);
    await pc.as('admin');
    // Read whole, not as far as the look at the start has come by now.
    await pc.jobs.ended(pc.workspace.audit.visit().id);
    const known = (await pc.host.audit('audit.list', { filter: everything, offset: 0, limit: 50 })).rows.map(({ actor }) => actor);
    const other = known.find((actor) => actor !== 'admin');
    expect(other, known.join(', ')).toBeDefined();
    const { id } = await leavers.create({ account: other ?? '', name: 'Vera', leavesAt: Date.now() - hour });
    expect((await leavers.check(id)).steps.sessions).toMatchObject({ state: 'proven', params: { ended: '0', seen: 'log' } });
    const { id: misspelt } = await leavers.create({ account: (other ?? '').toUpperCase(), name: 'Vera', leavesAt: Date.now() - hour });
    expect((await leavers.check(misspelt)).steps.sessions).toBeNull();
  });

  it('has a secret proven only when its old value is ended after the last day', async () => {
    const pc = await admin(world);
    const { leavers } = of(pc);
    const { id } = await leavers.create({ account: 'sales', name: 'Vera Vertrieb', leavesAt: Date.now() - hour });
    await leavers.obey(id, { do: 'addSecret', name: 'database-password' });
    expect((await leavers.check(id)).secrets['database-password'], 'rotated long ago').toMatchObject({ rotatedAt: null });
    await pc.workspace.security.secrets.rotate('database-password', 'begin', '');
    expect((await leavers.check(id)).steps.secrets, 'the old value still holds').toBeNull();
    await pc.workspace.security.secrets.rotate('database-password', 'confirm', '');
    const checked = await leavers.check(id);
    expect(checked.secrets['database-password']).toMatchObject({ source: 'proven' });
    expect(checked.steps.secrets).toMatchObject({ state: 'proven', params: { count: '1' } });
  });

  it('is late after a day, which the score sees', async () => {
    const pc = await admin(world);
    await of(pc).leavers.create({ account: 'sales', name: 'Vera Vertrieb', leavesAt: Date.now() - 30 * hour });
    const evidence = (await pc.workspace.security.evidence.list()).find(({ point }) => point === 'humanLayer.offboarding');
    expect(evidence).toMatchObject({ outcome: 'unmet', source: 'attested', params: { late: '1' } });
  });

  it('is attested where the server has no list of sign-ins', async () => {
    await world.end();
    world = await startWorld({ api: 'shipped' });
    const { leavers } = of(await admin(world));
    const one = await leavers.create({ account: 'sales', name: 'Vera', leavesAt: Date.now() });
    await leavers.obey(one.id, { do: 'attest', step: 'sessions', state: 'attested', note: 'Am Anbieter abgemeldet' });
    expect((await leavers.check(one.id)).steps.sessions).toMatchObject({ state: 'attested' });
  });
});

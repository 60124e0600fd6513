import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../main/erp/ports.ts';
import { everything } from '../../shared/domain/audit.ts';
import { timelineOf, type Incident } from '../../shared/security/incidents/incident.ts';
import { isPending } from '../../shared/security/incidents/list.ts';
import { loginHeadless } from '../backend/login.ts';
import { callerFor } from './backend-client.ts';
import { admin, cable, fresh, hour, of, synced } from './incident-desk.ts';
import { startWorld, type World } from './workspace-world.ts';

let world: World;
const kinds = (incident: Incident): string[] => timelineOf(incident).map(({ kind }) => kind);

afterEach(async () => { await world.end(); });

describe('incidents on a server that has them', () => {
  beforeEach(async () => { world = await startWorld({ audit: 40 }); });

  it('are on the server with their time line, in its audit log, and at a colleague', async () => {
    const [one, two] = [await admin(world), await admin(world)];
    const { incident: { id } } = await of(one).book.create(fresh());
    // What follows is then a change of its own there, however fast it comes.
    await synced(one, id);
    await of(one).obey(id, { do: 'respond' });
    await of(one).obey(id, { do: 'report', kind: 'nis2Early', authority: 'BSI', reference: 'NIS-77', note: '', at: Date.now(), by: 'Anke Admin' });
    const here = await synced(one, id);
    expect(isPending(here)).toBe(false);
    const there = await synced(two, id);
    expect(there.incident).toEqual(here.incident);
    expect(kinds(there.incident)).toEqual(['created', 'responded', 'report']);
    const { accessToken } = await loginHeadless(world.backend, 'admin');
    const { body } = await callerFor(world.backend, accessToken)('GET', '/security/audit-log?limit=1000');
    const entries = (body['entries'] as { action: string; resource: string; actor: string }[]).filter(({ resource }) => resource === `incident/${id}`);
    expect(entries[0]).toMatchObject({ action: 'incident.create', actor: 'admin' });
    expect(entries.length).toBeGreaterThanOrEqual(2);
  });

  it('go to the server as soon as it is back, without anybody asking', async () => {
    const line = cable();
    const pc = await admin(world, line);
    await line.pull(pc, true);
    const { incident: { id } } = await of(pc).book.create(fresh('Ohne Netz gemeldet'));
    await of(pc).joining.settled();
    const there = (): unknown => world.backend.control.db.prepare('SELECT count(*) FROM incidents WHERE id = ?').pluck().get(id);
    expect(there()).toBe(0);
    await line.pull(pc, false);
    await expect.poll(there, { timeout: 5_000 }).toBe(1);
  });

  it('lose nothing when two admins work at once, one of them offline: other places join, the same place is asked about', async () => {
    const line = cable();
    const [one, two] = [await admin(world, line), await admin(world)];
    const { incident: { id } } = await of(one).book.create(fresh());
    await synced(one, id);
    await synced(two, id);
    await line.pull(one, true);
    await of(one).obey(id, { do: 'text', field: 'title', value: 'Titel von unterwegs' });
    await of(one).obey(id, { do: 'role', role: 'lead', person: 'Anke' });
    await of(one).obey(id, { do: 'note', text: 'offline notiert' });
    await of(one).obey(id, { do: 'addTask', title: 'Anrufen', owner: 'Anke', phase: 'containment', dueAt: null });
    await of(one).obey(id, { do: 'check', item: 'facts', done: true, note: '' });
    await of(two).obey(id, { do: 'text', field: 'title', value: 'Titel vom Büro' });
    await of(two).obey(id, { do: 'role', role: 'legal', person: 'Carla' });
    await of(two).obey(id, { do: 'note', text: 'online notiert' });
    await of(two).obey(id, { do: 'check', item: 'facts', done: true, note: '' });
    await synced(two, id);
    expect(isPending(await of(one).book.get(id))).toBe(true);
    await line.pull(one, false);
    const met = await synced(one, id);
    expect(met.incident).toMatchObject({ title: 'Titel vom Büro', roles: { lead: 'Anke', legal: 'Carla' } });
    expect(met.conflicts).toEqual([{ path: 'title', mine: 'Titel von unterwegs', theirs: 'Titel vom Büro', at: expect.any(Number) as number }]);
    expect(timelineOf(met.incident).filter(({ kind }) => kind === 'note').map(({ text }) => text).toSorted()).toEqual(['offline notiert', 'online notiert']);
    expect(timelineOf(met.incident).find(({ kind }) => kind === 'conflict')?.params).toMatchObject({ path: 'title', mine: 'Titel von unterwegs', theirs: 'Titel vom Büro' });
    expect(Object.keys(met.incident.tasks)).toHaveLength(1);
    await of(one).book.resolve(id, 'title', 'mine');
    const settled = await synced(one, id);
    expect(settled).toMatchObject({ conflicts: [], incident: { title: 'Titel von unterwegs' } });
    expect((await synced(two, id)).incident).toEqual(settled.incident);
  });

  it('find no conflict with what they sent themselves when the answer was lost', async () => {
    let loses = false;
    const pc = await world.pc({ fetch: async (url, init) => {
      const answer = await fetch(url, init);
      if (loses && init?.method === 'PATCH') throw new TypeError('fetch failed');
      return answer;
    } });
    await pc.as('admin');
    await pc.workspace.monitor.retry();
    const { incident: { id } } = await of(pc).book.create(fresh());
    await synced(pc, id);
    loses = true;
    await of(pc).obey(id, { do: 'text', field: 'title', value: 'Erste Fassung' });
    await of(pc).joining.sync();
    expect(of(pc).joining.status().error).not.toBeNull();
    await of(pc).obey(id, { do: 'text', field: 'title', value: 'Zweite Fassung' });
    await of(pc).joining.settled();
    loses = false;
    await pc.workspace.monitor.retry();
    const after = await synced(pc, id);
    expect(after).toMatchObject({ conflicts: [], incident: { title: 'Zweite Fassung' } });
    expect(isPending(after)).toBe(false);
  });

  it('work whole without a network and are sent afterwards', async () => {
    const line = cable();
    const pc = await admin(world, line);
    await line.pull(pc, true);
    const { incident: { id } } = await of(pc).book.create(fresh('Ohne Netz'));
    await of(pc).obey(id, { do: 'close', note: '' });
    await of(pc).joining.sync();
    expect((await of(pc).list()).rows[0]).toMatchObject({ id, isPending: true });
    await line.pull(pc, false);
    const stored = await synced(pc, id);
    expect(isPending(stored)).toBe(false);
    expect((await synced(await admin(world), id)).incident).toEqual(stored.incident);
  });

  it('do not keep the lock waiting for a server that does not answer, and send afterwards what was not sent', async () => {
    let hangs = false;
    const pc = await world.pc({ fetch: async (url, init) => {
      if (hangs && url.includes('/security/incidents')) return new Promise((_resolve, reject) => { init?.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true }); });
      return fetch(url, init);
    } });
    await pc.as('admin');
    await pc.workspace.monitor.retry();
    await of(pc).joining.sync();
    hangs = true;
    const { incident: { id } } = await of(pc).book.create(fresh());
    const since = Date.now();
    await pc.workspace.lock();
    expect(Date.now() - since).toBeLessThan(5_000);
    hangs = false;
    await pc.workspace.openCache({ kind: 'keychain' });
    expect(isPending(await synced(pc, id))).toBe(false);
  });

  it('reach the server although it will not take one of them', async () => {
    const line = cable();
    const pc = await admin(world, line);
    await of(pc).joining.sync();
    await line.pull(pc, true);
    const { incident: { id: good } } = await of(pc).book.create(fresh('Erster'));
    await of(pc).book.create(fresh('Zweiter'));
    world.backend.control.fail({ method: 'POST', path: /^\/security\/incidents$/, fault: { kind: 'answer', status: 422, body: { detail: 'x' } }, times: 1 });
    await line.pull(pc, false);
    await of(pc).joining.sync();
    // The newest change goes first, and is the one that was refused; it goes again with the next look.
    expect(isPending(await of(pc).book.get(good))).toBe(false);
    await of(pc).joining.sync();
    expect((await of(pc).list()).rows.filter((row) => row.isPending)).toEqual([]);
    expect(of(pc).joining.status()).toMatchObject({ error: null });
  });

  it('take entries of the audit log along, with their places for the proof', async () => {
    const pc = await admin(world);
    const { id: job } = pc.workspace.audit.visit();
    await pc.jobs.ended(job);
    const { incident: { id } } = await of(pc).book.create(fresh());
    await of(pc).book.attach(id, { indexes: [3, 4] });
    await of(pc).book.attach(id, { filter: { ...everything, action: 'login' } });
    const { incident } = await synced(pc, id);
    expect(incident.evidence['log-3']).toMatchObject({ index: 3, provenBy: expect.any(Number) as number, leafHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    const places = Object.values(incident.evidence).map(({ index }) => index);
    expect((await pc.workspace.audit.evidence({ indexes: places }, [], '')).entries).toBe(places.length);
    await expect(of(pc).book.attach(id, { indexes: [3] })).rejects.toMatchObject({ error: { messageKey: 'errors.incident.noEntries' } });
  });

  it('end the sign-ins of somebody, restore policies, and write down both, also when it fails', async () => {
    const pc = await admin(world);
    const victim = await loginHeadless(world.backend, 'sales');
    const asVictim = callerFor(world.backend, victim.accessToken);
    expect((await asVictim('GET', '/security/sessions')).status).toBe(200);
    const { incident: { id } } = await of(pc).book.create(fresh());
    expect(await of(pc).containment.features()).toEqual({ endSessions: true, rotateSecret: true, restorePolicies: true });
    await of(pc).containment.run(id, { kind: 'endSessions', user: 'sales' });
    expect((await asVictim('GET', '/security/sessions')).status).toBe(401);
    const { file } = await pc.workspace.policy.createBackup();
    await of(pc).containment.run(id, { kind: 'restorePolicies', file });
    await expect(of(pc).containment.run(id, { kind: 'restorePolicies', file: 'missing.json' })).rejects.toThrow();
    const told = timelineOf((await synced(pc, id)).incident).filter(({ kind }) => kind === 'action').map(({ params }) => params);
    expect(told).toMatchObject([{ action: 'endSessions', target: 'sales', outcome: 'done', ended: '1', left: '0' }, { action: 'restorePolicies', outcome: 'done' }, { action: 'restorePolicies', outcome: 'failed' }]);
  });

  it('rotate a secret in two steps, and the old value ends with the second', async () => {
    const pc = await admin(world);
    const { incident: { id } } = await of(pc).book.create(fresh());
    for (const phase of ['begin', 'confirm'] as const) await of(pc).containment.run(id, { kind: 'rotateSecret', name: 'database-password', phase });
    await expect(of(pc).containment.run(id, { kind: 'rotateSecret', name: 'database-password', phase: 'confirm' })).rejects.toMatchObject({ error: { code: 'server.conflict' } });
    const told = timelineOf((await synced(pc, id)).incident).filter(({ kind }) => kind === 'action').map(({ params }) => params);
    expect(told).toMatchObject([{ phase: 'begin', outcome: 'done', sessionHolds: 'true' }, { phase: 'confirm', outcome: 'done', sessionHolds: 'true' }, { phase: 'confirm', outcome: 'failed', code: 'server.conflict' }]);
  });

  it('only play the actions in an exercise, which counts nowhere but as an exercise', async () => {
    const pc = await admin(world);
    const bystander = callerFor(world.backend, (await loginHeadless(world.backend, 'sales')).accessToken);
    const { incident: { id } } = await of(pc).book.create(fresh('Übung', true));
    await of(pc).containment.run(id, { kind: 'endSessions', user: 'sales' });
    expect((await bystander('GET', '/security/sessions')).status).toBe(200);
    expect((await of(pc).reminders.watch())).toMatchObject({ open: 0, overdue: 0, next: null });
    await of(pc).obey(id, { do: 'close', note: '' });
    for (const field of ['summary', 'cause'] as const) await of(pc).obey(id, { do: 'lesson', field, value: 'Gelernt' });
    await of(pc).obey(id, { do: 'postMortem' });
    await expect.poll(async () => (await pc.workspace.security.evidence.list()).find(({ point }) => point === 'humanLayer.exercise')).toMatchObject({ outcome: 'met', source: 'attested', by: 'admin' });
    expect(kinds((await synced(pc, id)).incident)).toEqual(['created', 'played', 'closed', 'lesson', 'lesson', 'postMortem']);
  });

  it('count as evidence on the PC of a colleague too, who has not done them', async () => {
    const [pc, other] = [await admin(world), await admin(world)];
    const { incident: { id } } = await of(pc).book.create(fresh('Übung im Herbst', true));
    await of(pc).obey(id, { do: 'close', note: '' });
    for (const field of ['summary', 'cause'] as const) await of(pc).obey(id, { do: 'lesson', field, value: 'Gelernt' });
    await of(pc).obey(id, { do: 'postMortem' });
    await synced(pc, id);
    await of(other).joining.sync();
    await expect.poll(async () => (await other.workspace.security.evidence.list()).find(({ point }) => point === 'humanLayer.exercise')).toMatchObject({ outcome: 'met', params: { title: 'Übung im Herbst' } });
  });

  it('remind of each stage once, across a sleep, a clock that was set back, and a restart', async () => {
    let ahead = 0;
    const clock: Clock = { now: () => Date.now() + ahead, after: systemClock.after };
    const pc = await world.pc({ clock });
    await pc.as('admin');
    const { book, reminders } = of(pc);
    const { incident: { id } } = await book.create({ ...fresh(), detectedAt: Date.now() - 3.5 * hour, awareAt: Date.now() - 3.5 * hour });
    const untold = async (): Promise<string[]> => {
      await reminders.look();
      const { reminders: list } = await reminders.watch();
      await reminders.told(list.map((one) => one.id));
      return list.map(({ clock: kind, stage, incident }) => `${kind} ${stage} ${incident === id}`);
    };
    expect(await untold()).toEqual(['response soon true']);
    expect(await untold()).toEqual([]);
    expect(await reminders.watch()).toMatchObject({ open: 1, overdue: 0, next: { clock: 'response', incident: id } });
    // Asleep through the last stage of the response and past its end.
    ahead = 2 * hour;
    expect(await untold()).toEqual(['response over true']);
    expect((await reminders.watch()).overdue).toBe(1);
    ahead = -2 * hour;
    expect(await untold(), 'set back').toEqual([]);
    ahead = 2 * hour;
    expect(await untold(), 'and forward again').toEqual([]);
    await reminders.stop();
    reminders.start();
    expect(await untold()).toEqual([]);
    await of(pc).obey(id, { do: 'respond' });
    await reminders.look();
    expect((await reminders.watch()).next).toMatchObject({ clock: 'nis2Early' });
  });

  it('may be read by nobody but administrators and auditors, and written by administrators', async () => {
    const pc = await world.pc();
    await pc.as('sales');
    await expect(of(pc).book.create(fresh())).rejects.toMatchObject({ error: { code: 'access.missingScope' } });
    await of(pc).joining.sync();
    expect(world.backend.control.requests.filter(({ path }) => path.startsWith('/security/incidents'))).toEqual([]);
    const sales = callerFor(world.backend, (await loginHeadless(world.backend, 'sales')).accessToken);
    expect((await sales('GET', '/security/incidents')).status).toBe(403);
    expect((await sales('POST', '/security/incidents', {})).status).toBe(403);
  });

  it('are guarded by the server: versions, an append-only time line, and nobody writes in the name of somebody else', async () => {
    const pc = await admin(world);
    const { incident: { id } } = await of(pc).book.create(fresh());
    const { incident } = await synced(pc, id);
    const call = callerFor(world.backend, (await loginHeadless(world.backend, 'admin')).accessToken);
    const patch = (body: object, version = '"1"') => call('PATCH', `/security/incidents/${id}`, body, { 'if-match': version });
    const [first = ''] = Object.keys(incident.timeline);
    const stranger = { '00000000-0000-4000-8000-000000000001': { at: 1, by: 'manager', kind: 'note', text: 'x' } };
    expect((await call('PATCH', `/security/incidents/${id}`, { title: 'x' })).status).toBe(428);
    expect((await patch({ title: 'x' }, '"7"')).status).toBe(412);
    expect((await patch({ timeline: { [first]: null } })).status).toBe(409);
    expect((await patch({ timeline: { [first]: { text: 'anders' } } })).status).toBe(409);
    expect((await patch({ timeline: null })).status).toBe(409);
    expect((await patch({ timeline: stranger })).status).toBe(422);
    expect((await patch({ isExercise: true })).status).toBe(422);
    expect((await patch({ severity: 'mild' })).status).toBe(422);
    expect((await call('PATCH', '/security/incidents/none', { title: 'x' }, { 'if-match': '"1"' })).status).toBe(404);
    expect((await patch({ title: 'Gut' }))).toMatchObject({ status: 200, body: { title: 'Gut', version: 2 } });
  });
});

describe('incidents on a shipped server', () => {
  beforeEach(async () => { world = await startWorld({ api: 'shipped' }); });

  it('stay here, and what the server cannot do is known', async () => {
    const pc = await admin(world);
    const { incident: { id } } = await of(pc).book.create(fresh());
    await of(pc).joining.sync();
    expect(of(pc).joining.status()).toMatchObject({ server: 'unsupported', error: null });
    expect(await of(pc).containment.features()).toEqual({ endSessions: false, rotateSecret: false, restorePolicies: false });
    expect((await of(pc).obey(id, { do: 'close', note: '' })).incident.closed).not.toBeNull();
  });
});

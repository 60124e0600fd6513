import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { countOf } from '../../shared/security/posture/result.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { codeOf } from './erp-client.ts';
import { wholeJournal } from '../../shared/domain/audit.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let admin: Pc;
let sales: Pc;

beforeAll(async () => {
  world = await startWorld({ documents: 20, rateLimits: true });
  admin = await world.pc();
  await admin.as('admin');
  sales = await world.pc();
  await sales.as('sales');
});
afterAll(() => world.end());
afterEach(() => world.backend.control.setWeaknesses({}));

const check = async (pc: Pc): Promise<string> => {
  const job = pc.workspace.security.posture.check();
  return (await pc.jobs.ended(job.id))?.status ?? '';
};

describe('posture service', () => {
  it('keeps the run, writes evidence for its points, and notes it in the journal', async () => {
    const { posture, evidence, changed } = admin.workspace.security;
    const told: string[] = [];
    changed.on((areas) => told.push(...areas));
    expect(await check(admin)).toBe('done');
    const state = await posture.state();
    expect(state.latest).toMatchObject({ server: world.backend.erp, by: expect.stringMatching(/./) as string });
    expect(state.latest?.results.find(({ check: id }) => id === 'tokenAudience')?.verdict).toBe('good');
    expect(state.history).toMatchObject([{ findings: 1 }]);
    const written = await evidence.list();
    expect(written.find(({ origin }) => origin === 'posture.closedMetrics')).toMatchObject({ point: 'authorisation.closedEndpoints', outcome: 'unmet', source: 'measured', link: '/security/posture/closedMetrics' });
    expect(written.find(({ origin }) => origin === 'posture.csp')).toMatchObject({ point: 'tls.headers', outcome: 'met' });
    // Nothing was seen, so nothing is claimed: the session is too young to have a token that has ended.
    expect(written.find(({ origin }) => origin === 'posture.tokenExpired')).toBeUndefined();
    expect(told).toContain('posture');
    await admin.workspace.audit.notes.settled();
    const page = await admin.host.audit('journal.list', { filter: wholeJournal, offset: 0, limit: 50 });
    expect(JSON.stringify(page)).toContain('posture.check');
  });

  it('says what became worse and better since the run before', async () => {
    const { posture } = admin.workspace.security;
    world.backend.control.setWeaknesses({ missingHeaders: ['content-security-policy'], closedMetrics: true });
    expect(await check(admin)).toBe('done');
    const state = await posture.state();
    expect(state.changed).toEqual({ better: ['closedMetrics'], worse: ['csp'] });
    expect(state.history).toHaveLength(2);
    const first = await posture.run(state.history[1]?.id ?? '');
    expect(countOf({ results: first?.results ?? [] }).findings).toBe(1);
    // Two runs are more than the minute allows: the second has waited its turn instead of running into the server's limit.
    expect(world.backend.control.requests.filter(({ status }) => status === 429)).toEqual([]);
  }, 120_000);

  it('is for administrators', async () => {
    expect(await codeOf(sales.workspace.security.posture.state())).toBe('access.missingScope');
    expect(await codeOf(Promise.resolve().then(() => sales.workspace.security.posture.check()))).toBe('access.missingScope');
    expect(await codeOf(sales.workspace.security.posture.setSchedule('daily'))).toBe('access.missingScope');
  });

  it('can be cancelled, and keeps nothing of a run that was', async () => {
    const { posture } = admin.workspace.security;
    const before = (await posture.state()).history.length;
    world.backend.control.fail({ path: /healthz/, fault: { kind: 'hang' } });
    const job = posture.check();
    expect(posture.check().id).toBe(job.id);
    await admin.jobs.cancel(job.id);
    expect((await admin.jobs.ended(job.id))?.status).toBe('cancelled');
    expect((await posture.state()).history).toHaveLength(before);
    world.backend.control.clearFaults();
  });
});

describe('schedule', () => {
  it('waits until the next run is due', async () => {
    const { posture } = admin.workspace.security;
    const before = (await posture.state()).history.length;
    await posture.setSchedule('daily');
    const { nextAt, latest, schedule } = await posture.state();
    expect(schedule).toBe('daily');
    expect(nextAt).toBe((latest?.startedAt ?? 0) + 86_400_000);
    expect((await posture.state()).history).toHaveLength(before);
    await posture.setSchedule('off');
    expect((await posture.state()).nextAt).toBeNull();
  });

  it('runs again when a day is over, and takes no good token for one that has ended because of its own clock', async () => {
    let ahead = 0;
    const pc = await world.pc({ clock: { now: () => Date.now() + ahead, after: systemClock.after } });
    await pc.as('admin');
    const { posture } = pc.workspace.security;
    await posture.setSchedule('daily');
    await expect.poll(async () => (await posture.state()).history.length, { timeout: 60_000 }).toBe(1);
    ahead = 25 * 3_600_000;
    await posture.setSchedule('daily');
    await expect.poll(async () => (await posture.state()).history.length, { timeout: 60_000 }).toBe(2);
    const { latest } = await posture.state();
    // By this computer's clock the token of the first run has long ended, by the server's it has not: accepting it is right.
    expect(latest?.results.find(({ check: id }) => id === 'tokenExpired')).toMatchObject({ verdict: 'unknown', seen: { key: 'noExpiredToken' } });
    expect(latest?.results.find(({ check: id }) => id === 'clock')?.verdict).toBe('bad');
    // Each run waits its turn under the client's own limit.
  }, 180_000);

  it('begins at once where none has ever run', async () => {
    const fresh = await world.pc();
    await fresh.as('admin');
    const { posture } = fresh.workspace.security;
    await posture.setSchedule('weekly');
    await expect.poll(async () => (await posture.state()).history.length, { timeout: 60_000 }).toBe(1);
    expect((await posture.state()).latest?.by).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoki, type Loki } from '../backend/loki.ts';
import { codeOf } from './erp-client.ts';
import { startWorld, type World } from './workspace-world.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
/** One of the milliseconds that are lost when its nanoseconds are taken for a double. */
const now = Date.now() - (Date.now() % 1000) + 2;
let world: World;
let loki: Loki;

beforeAll(async () => {
  world = await startWorld({ documents: 5 });
  loki = await startLoki([
    { labels: { job: 'erp', container: 'api', level: 'error' }, at: now - 2000, line: `approve failed correlation_id=${id} user=petra@example.com token=abcdef123456` },
    { labels: { job: 'erp', container: 'api' }, at: now - 3000, line: `{"level":"info","correlation_id":"${id}","msg":"request"}` },
    { labels: { job: 'worker', container: 'worker' }, at: now - 1000, line: `worker saw ${id}` },
    { labels: { job: 'erp', container: 'api' }, at: now - 1000, line: 'something else' },
    { labels: { job: 'erp', container: 'api' }, at: now - 3_600_000, line: `an hour ago ${id}` },
    ...Array.from({ length: 250 }, (_, index) => ({ labels: { job: 'erp', container: 'api' }, at: now - 5000 + index, line: `busy-0001 ${index}` })),
  ]);
});
afterAll(async () => {
  await loki.close();
  await world.end();
});

const signedIn = async (name: string, lokiUrl = loki.url) => {
  const pc = await world.pc({ profile: { lokiUrl } });
  await pc.as(name);
  return pc.workspace.security.metrics;
};

describe('search in the server log', () => {
  it('finds every line under a correlation id around an event, oldest first, without secrets, and sends no token', async () => {
    const found = await (await signedIn('admin')).searchLog(id, now);
    expect(found.lines.map(({ source, level, text }) => [source, level, text])).toEqual([
      ['api', 'info', `{"level":"info","correlation_id":"${id}","msg":"request"}`],
      ['api', 'error', `approve failed correlation_id=${id} [redacted] token=[redacted]`],
      ['worker', '', `worker saw ${id}`],
    ]);
    expect(found.lines[0]?.at).toBe(now - 3000);
    expect(found).toMatchObject({ isCut: false, from: now - 900_000, to: now + 900_000, host: new URL(loki.url).host });
    expect(loki.requests.every(({ authorization }) => authorization === null)).toBe(true);
    expect(loki.requests.at(-1)?.query['limit']).toBe('200');
  });
  it('looks around the event, not around now', async () => {
    expect((await (await signedIn('admin')).searchLog(id, now - 3_600_000)).lines.map(({ text }) => text)).toEqual([`an hour ago ${id}`]);
    expect((await (await signedIn('admin')).searchLog(id, now - 90_000_000)).lines).toEqual([]);
  });
  it('says when there is more than it shows', async () => {
    expect(await (await signedIn('admin')).searchLog('busy-0001', now)).toMatchObject({ isCut: true, lines: { length: 200 } });
  });
  it('is closed to people who may not read the security centre', async () => {
    expect(await codeOf((await signedIn('sales')).searchLog(id, now))).toBe('access.missingScope');
  });
  it('says what is missing without a Loki, and what answers is none', async () => {
    const pc = await world.pc();
    await pc.as('admin');
    expect(await codeOf(pc.workspace.security.metrics.searchLog(id, now))).toBe('server.unsupported');
    expect(await codeOf((await signedIn('admin', `${world.backend.erp}/nowhere`)).searchLog(id, now))).toBe('server.notFound');
  });
});

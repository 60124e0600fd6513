import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { everyFinding, type FindingFilter, type FindingQuery } from '../../shared/security/findings/finding.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import { scratchDatabase, testKey } from '../fixtures/database.ts';
import { largeTrivy, sendReport } from '../fixtures/findings.ts';
import { watchThread } from './held-up.ts';
import { percentile, timed, type Report } from './report.ts';

const hostEntry = fileURLToPath(new URL('../../main/host/index.ts', import.meta.url));

async function importOne(host: DataHost, bytes: Uint8Array, note: (text: string) => void): Promise<number> {
  return timed(async () => {
    const sent = performance.now();
    const { id, refused } = await sendReport(host, bytes);
    if (refused !== null) throw new Error(refused);
    const read = await host.findings('findings.read', { id });
    const began = performance.now();
    const record = await host.findings('findings.apply', { id, file: 'large.json', target: null, by: 'admin', now: Date.now(), continues: false, claimed: false });
    note(`${Math.round(began - sent)} ms sent and read (${Math.round(read.parseMs)} ms in the worker), ${Math.round(performance.now() - began)} ms taken: ${record.opened} opened, ${record.known} known, ${record.closed} closed`);
  });
}

/** A report with 50,000 findings from its first byte to the last row in the encrypted cache; this process plays the main process. */
export async function run(report: Report): Promise<void> {
  const count = Math.round(50_000 * report.scale);
  const scratch = scratchDatabase();
  const host = createDataHost({ spawn: () => spawnNodeHost(hostEntry), log: silentLog });
  try {
    await host.open({ path: scratch.file, key: testKey() });
    const [first, second] = [largeTrivy(count), largeTrivy(count, { skip: Math.round(count / 10) })];
    // The worker's and the host's code is compiled once in the life of the app.
    await importOne(host, largeTrivy(200, { target: 'warm-up' }), report.note);
    // What building the report left behind is not the import's to clean up.
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const thread = watchThread();
    const fresh = await importOne(host, first, report.note);
    const heldUp = thread.longest();
    const again = await importOne(host, second, report.note);
    report.add({ name: `import ${count} findings (${Math.round(first.length / 1e6)} MB)`, value: fresh / 1000, unit: 's', limit: 5 });
    report.add({ name: `import ${count - Math.round(count / 10)} known findings again, closing ${Math.round(count / 10)}`, value: again / 1000, unit: 's', limit: 5 });
    report.add({ name: 'main process held up during the import, longest', value: heldUp, unit: 'ms', limit: 16 });
    await lists(host, report, count);
    const deep = new TextEncoder().encode('['.repeat(1_000_000));
    const wide = new TextEncoder().encode(`[${'0,'.repeat(13_000_000)}0]`);
    for (const [name, bomb] of [['depth', deep], ['values', wide], ['size', new Uint8Array(0)]] as const) {
      const taken = await timed(async () => {
        const id = randomUUID();
        if (name === 'size') {
          await host.findings('findings.begin', { id, size: 2 ** 34 });
          if ((await host.findings('findings.read', { id })).refused !== 'tooLarge') throw new Error('not refused');
        } else if ((await sendReport(host, bomb, id)).refused === null) throw new Error('not refused');
        await host.findings('findings.drop', { id });
      });
      report.add({ name: `findings: bomb of ${name} refused`, value: taken, unit: 'ms', limit: 100 });
    }
  } finally {
    await host.dispose();
    scratch.remove();
  }
}

async function lists(host: DataHost, report: Report, count: number): Promise<void> {
  const filters: Partial<FindingFilter>[] = [{}, { severities: ['critical', 'high'], statuses: ['open'] }, { text: 'package-69 denial' }, { tools: ['trivy'], overdue: true }, { change: 'gone' }, { text: 'nothing has this' }];
  const sorts: FindingQuery['sort'][] = ['severity', 'due', 'firstSeen'];
  const times: number[] = [];
  for (let round = 0; round < 25; round++) {
    for (const filter of filters) {
      const sort = sorts[round % sorts.length] ?? 'severity';
      times.push(await timed(() => host.findings('findings.list', { filter: { ...everyFinding, ...filter }, sort, direction: 'desc', offset: 0, limit: 200, now: Date.now() })));
    }
  }
  report.add({ name: `first page of ${count} findings with filters, p95`, value: percentile(times, 0.95), unit: 'ms', limit: 50 });
}

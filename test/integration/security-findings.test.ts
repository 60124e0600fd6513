import { afterEach, describe, expect, it } from 'vitest';
import { wholeJournal } from '../../shared/domain/audit.ts';
import { everyFinding } from '../../shared/security/findings/finding.ts';
import type { Job } from '../../shared/domain/job.ts';
import type { BackendOptions } from '../backend/index.ts';
import { largeTrivy, reportFile } from '../fixtures/findings.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.end();
  world = null;
});

const start = async (options: BackendOptions = {}): Promise<{ world: World; pc: Pc }> => {
  world = await startWorld(options);
  const pc = await world.pc();
  await pc.as('admin');
  return { world, pc };
};
const day = 86_400_000;
const query = { filter: everyFinding, sort: 'severity', direction: 'desc', offset: 0, limit: 100 } as const;

async function send({ workspace: { security: { findings } } }: Pc, bytes: Uint8Array): Promise<{ id: string; refused: string | null }> {
  const { id } = await findings.begin(bytes.length);
  let refused: string | null = null;
  for (let from = 0; from < bytes.length && refused === null; from += 262_144) ({ refused } = await findings.part(id, bytes.slice(from, from + 262_144)));
  return { id, refused };
}
const ended = (pc: Pc, job: Job): Promise<Job | null> => pc.jobs.ended(job.id);

describe('findings', () => {
  it('come from several files at once, say exactly what that did, and become evidence that expires', async () => {
    const { pc } = await start();
    const { findings } = pc.workspace.security;
    const reports = [];
    for (const file of ['trivy/0.57-image.json', 'grype/0.84-image.json', 'zap/2.15-baseline.json', 'bandit/1.7.10-app.json', 'sarif/codeql-2.18.json']) reports.push({ id: (await send(pc, reportFile(file))).id, file });
    expect(await ended(pc, findings.import(reports, 'erp-api'))).toMatchObject({ status: 'done' });
    const history = await findings.imports(10);
    expect(history.map(({ file, opened, known, refused }) => [file, opened, known, refused]).toReversed()).toEqual([
      ['trivy/0.57-image.json', 5, 0, null], ['grype/0.84-image.json', 0, 4, null], ['zap/2.15-baseline.json', 5, 0, null], ['bandit/1.7.10-app.json', 3, 0, null], ['sarif/codeql-2.18.json', 2, 0, null],
    ]);
    expect(await findings.summary()).toMatchObject({ total: 15, isNew: 15, gone: 0, tools: ['bandit', 'codeql', 'grype', 'trivy', 'zap'] });
    const evidence = (await pc.workspace.security.evidence.list()).filter(({ origin }) => origin.startsWith('findings.'));
    expect(evidence.map(({ point, source, outcome }) => `${point} ${source} ${outcome}`).toSorted()).toEqual(['scans.dynamic imported met', 'scans.images imported met', 'scans.noneOverdue imported unmet', 'scans.static imported met']);
    for (const each of evidence.filter(({ point }) => point !== 'scans.noneOverdue')) expect((each.expiresAt ?? 0) - each.at).toBe(35 * day);
  });

  it('are no evidence when nobody has looked for vulnerabilities: a bill of materials, secrets alone', async () => {
    const { pc } = await start();
    const { findings, evidence } = pc.workspace.security;
    const { vulnerabilities: _, ...parts } = JSON.parse(new TextDecoder().decode(reportFile('cyclonedx/1.5-image.json'))) as Record<string, unknown>;
    const reports = [];
    for (const bytes of [new TextEncoder().encode(JSON.stringify(parts)), reportFile('trivy/0.57-config-secret.json')]) reports.push({ id: (await send(pc, bytes)).id, file: 'x.json' });
    expect(await ended(pc, findings.import(reports, 'erp-api'))).toMatchObject({ status: 'done' });
    expect((await findings.imports(10)).map(({ refused, opened }) => [refused, opened])).toEqual([[null, 2], ['partsListOnly', 0]]);
    expect((await evidence.list()).filter(({ origin }) => origin.startsWith('findings.'))).toEqual([]);
  });

  it('are accepted with a reason and a day, by name, with an entry in the journal', async () => {
    const { pc } = await start();
    const { findings } = pc.workspace.security;
    const { id } = await send(pc, reportFile('trivy/0.48-filesystem.json'));
    await ended(pc, findings.import([{ id, file: 'x' }], ''));
    const [first] = (await findings.list(query)).rows;
    await expect(findings.accept([first?.id ?? 0], 'why', Date.now() - 1)).rejects.toMatchObject({ error: { code: 'input.invalid' } });
    await expect(findings.accept([first?.id ?? 0], 'why', Date.now() + 400 * day)).rejects.toMatchObject({ error: { code: 'input.invalid' } });
    expect(await findings.accept([first?.id ?? 0], 'nicht erreichbar', Date.now() + 30 * day)).toEqual({ changed: 1 });
    expect(await findings.get(first?.id ?? 0)).toMatchObject({ status: 'accepted', acceptance: { by: 'admin', reason: 'nicht erreichbar' } });
    await findings.unaccept([first?.id ?? 0]);
    expect(await findings.get(first?.id ?? 0)).toMatchObject({ status: 'open', acceptance: null });
    const { rows } = await pc.workspace.audit.journal(wholeJournal, 0, 20);
    expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['findings.accept', 'findings.unaccept', 'findings.import']));
  });

  it('come from the server too, as its claim', async () => {
    const { pc, world: { backend } } = await start();
    const { findings } = pc.workspace.security;
    expect(await findings.features()).toEqual({ server: true });
    expect(await ended(pc, findings.fetch())).toMatchObject({ status: 'done' });
    expect((await findings.list(query)).rows.map(({ title, tools }) => [title.split(' ')[0], tools])).toEqual([['CVE-2022-37434', ['server']], ['CVE-2024-24762', ['server']], ['CVE-2023-32681', ['server']]]);
    expect((await pc.workspace.security.evidence.list()).filter(({ point }) => point === 'scans.images')).toMatchObject([{ source: 'claimed', origin: 'findings.images.server' }]);
    backend.control.db.prepare(`DELETE FROM vulnerabilities WHERE package = 'requests'`).run();
    await ended(pc, findings.fetch());
    expect((await findings.imports(1))[0]).toMatchObject({ closed: 1, known: 2 });
    expect(backend.control.db.prepare(`SELECT count(*) FROM audit_log WHERE action = 'vulnerabilities.read'`).pluck().get()).toBe(2);
  });

  it('work without what shipped servers lack', async () => {
    const { pc } = await start({ api: 'shipped' });
    const { findings } = pc.workspace.security;
    expect(await findings.features()).toEqual({ server: false });
    expect(await ended(pc, findings.fetch())).toMatchObject({ status: 'failed', error: { code: 'server.unsupported' } });
    const { id } = await send(pc, reportFile('npm-audit/7-lodash.json'));
    await ended(pc, findings.import([{ id, file: 'a' }], 'frontend'));
    expect((await findings.imports(1))[0]).toMatchObject({ opened: 2, scans: [{ target: 'frontend', closes: true }] });
  });

  it('are not taken when the report is refused or the import cancelled, and the next one works', async () => {
    const { pc } = await start();
    const { findings } = pc.workspace.security;
    const bomb = await send(pc, new TextEncoder().encode('['.repeat(1_000_000)));
    expect(bomb.refused).toBe('tooDeep');
    expect(await ended(pc, findings.import([{ id: bomb.id, file: 'bomb.json' }], ''))).toMatchObject({ status: 'done' });
    expect((await findings.imports(1))[0]).toMatchObject({ refused: 'tooDeep', rows: 0 });
    const large = await send(pc, largeTrivy(20_000));
    const job = findings.import([{ id: large.id, file: 'large.json' }], '');
    await expect.poll(() => pc.jobs.list().find(({ id }) => id === job.id)?.done ?? 0, { interval: 5, timeout: 30_000 }).toBeGreaterThan(0);
    await pc.jobs.cancel(job.id);
    expect(await ended(pc, job)).toMatchObject({ status: 'cancelled' });
    expect((await findings.summary()).total).toBe(0);
    const { id } = await send(pc, reportFile('trivy/0.57-image.json'));
    await ended(pc, findings.import([{ id, file: 'x' }], ''));
    expect((await findings.summary()).total).toBe(5);
  });
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findingPairs } from '../../../test/fixtures/finding-pairs.ts';
import { sarifPairs } from '../../../test/fixtures/finding-sarif-pairs.ts';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { day, findingsOf, noon, reportFile, reportFiles } from '../../../test/fixtures/findings.ts';
import { emptyRow, nowhere } from './parse/untrusted.ts';
import type { Row } from '../../../shared/security/findings/report.ts';
import { rate, ratingOfWord } from '../../../shared/security/findings/severity.ts';
import type { Writer } from '../db/connection.ts';
import { markDamaged } from '../db/files.ts';
import type { OpenDatabase } from '../db/open.ts';
import { acceptFindings, expireAcceptances, unacceptFindings } from './decisions.ts';
import { summarize } from './list.ts';
import { readReport } from './parse/read-report.ts';
import { Taker } from './take.ts';

let scratch: Scratch;
let opened: OpenDatabase;
let writer: Writer;
let book: ReturnType<typeof findingsOf>;
beforeEach(() => {
  scratch = scratchDatabase();
  opened = scratch.open();
  ({ writer } = opened);
  book = findingsOf(writer);
});
afterEach(() => scratch.remove());

const expected: Readonly<Record<string, string>> = { bandit: 'bandit', cyclonedx: 'cyclonedx', 'cyclonedx-xml': 'cyclonedx', grype: 'grype', 'npm-audit': 'npmAudit', safety: 'safety', sarif: 'sarif', trivy: 'trivy', zap: 'zap', 'zap-xml': 'zap' };

describe('reports', () => {
  it('are known by their content, five files of each format at least, and read whole', () => {
    const files = reportFiles();
    for (const format of Object.keys(expected)) expect(files.filter((file) => file.format === format).length, format).toBeGreaterThanOrEqual(5);
    for (const { name, format, bytes } of files) {
      const read = readReport(bytes);
      expect(read, name).toMatchObject({ ok: true, reading: { format: expected[format] } });
      if (!read.ok) continue;
      const rows = read.reading.scans.flatMap((scan) => scan.rows);
      if (!/clean|no-vulnerabilities/.test(name)) expect(rows.length, name).toBeGreaterThan(0);
      else expect([rows.length, read.reading.unusableCount], name).toEqual([0, 0]);
      if (!name.includes('partly')) expect(read.reading.unusableCount, name).toBe(0);
    }
  });

  it('say of each scan what it looked at', () => {
    const scansOf = (name: string) => {
      const read = readReport(reportFile(name));
      return read.ok ? read.reading.scans.map(({ tool, kind, target }) => [tool, kind, target]) : [];
    };
    expect(scansOf('trivy/0.57-image.json')).toEqual([['trivy', 'images', 'registry.example.de/erp/api']]);
    expect(scansOf('sarif/trivy-0.57-image.json')).toEqual([['trivy', 'images', 'registry.example.de/erp/api']]);
    expect(scansOf('sarif/codeql-2.18.json')).toEqual([['codeql', 'static', 'https://git.example.de/erp/api']]);
    expect(scansOf('sarif/zap-2.15.json')).toEqual([['zap', 'dynamic', null]]);
    expect(scansOf('zap/2.15-two-sites.json').map(([, , target]) => target)).toEqual(['https://erp.example.de', 'https://idp.example.de']);
    expect(scansOf('npm-audit/7-lodash.json')).toEqual([['npm-audit', 'dependencies', null]]);
  });

  it('give their severity with its reason', () => {
    expect(rate(9.8, 'CVSS:3.1/x', 'low')).toEqual({ severity: 'critical', reason: { kind: 'cvss', score: 9.8, vector: 'CVSS:3.1/x' } });
    expect(rate(0, null, 'moderate')).toEqual({ severity: 'medium', reason: { kind: 'word', word: 'moderate', note: 'moderate' } });
    expect(ratingOfWord(undefined)).toEqual({ severity: 'medium', reason: { kind: 'word', word: 'unknown', note: 'unknown' } });
    expect(ratingOfWord('constructor').reason).toMatchObject({ note: 'unknown' });
    expect(ratingOfWord('3').severity).toBe('high');
  });

  it('are taken in part with the exact count, and refused when more than half cannot be used', () => {
    const row = (id: string | null) => ({ PkgName: 'a', InstalledVersion: '1', ...(id === null ? {} : { VulnerabilityID: id }) });
    const report = (rows: unknown[]) => new TextEncoder().encode(JSON.stringify({ SchemaVersion: 2, ArtifactName: 'x', Results: [{ Target: 'l', Type: 'npm', Vulnerabilities: rows }] }));
    const half = readReport(report([row('CVE-2020-0001'), row(null)]));
    expect(half).toMatchObject({ ok: true, reading: { unusableCount: 1, unusable: [{ at: 'Results[0].Vulnerabilities[1]', why: 'noId' }] } });
    expect(readReport(report([row('CVE-2020-0001'), row(null), 7]))).toMatchObject({ ok: false, reason: 'mostlyUnusable', unusableCount: 2, rows: 1 });
    expect(readReport(new TextEncoder().encode('{"a":1}'))).toMatchObject({ ok: false, reason: 'unknownFormat' });
    expect(readReport(new TextEncoder().encode('{"a":'))).toMatchObject({ ok: false, reason: 'unreadable' });
    expect(readReport(Uint8Array.from([0x7b, 0xff, 0x7d]))).toMatchObject({ ok: false, reason: 'unreadable' });
  });

  it('never bring markup, hidden characters or a secret along', () => {
    const { rows } = (() => {
      const read = readReport(reportFile('zap/2.15-baseline.json'));
      return { rows: read.ok ? read.reading.scans.flatMap((scan) => scan.rows) : [] };
    })();
    expect(rows[0]?.description).toBe('Content Security Policy (CSP) Header Not Set was found. See the reference.');
    const secret = readReport(reportFile('trivy/0.57-config-secret.json'));
    expect(JSON.stringify(secret)).not.toContain('API_KEY');
  });
});

describe('findings', () => {
  it('are one when several tools see the same, with each source', () => {
    book.file('trivy/0.48-filesystem.json');
    book.file('npm-audit/6-two.json', { target: 'frontend' });
    book.file('grype/0.65-directory.json');
    book.file('npm-audit/7-lodash.json', { target: 'frontend' });
    book.file('cyclonedx/1.4-application.json');
    const lodash = book.list({ text: 'cve-2021-23337' });
    expect(lodash).toHaveLength(1);
    expect(lodash[0]?.tools).toEqual(['cyclonedx:cdxgen', 'grype', 'npm-audit', 'trivy']);
    expect(book.get(lodash[0]?.id ?? 0)).toMatchObject({ severity: 'high', ids: expect.arrayContaining(['CVE-2021-23337', 'GHSA-35jh-r3h4-6jhm']), sources: expect.arrayContaining([expect.objectContaining({ tool: 'grype', present: true })]) });
    expect(book.list()).toHaveLength(4);
  });

  it('become one later, when a report says that two names mean the same', () => {
    book.file('npm-audit/9-ws.json', { target: 'frontend' });
    const [ws] = book.list();
    acceptFindings(writer, [ws?.id ?? 0], { reason: 'behind the proxy', until: noon + day, by: 'admin', now: noon });
    const row = (ids: string[]): Row => ({ ...emptyRow('vulnerability'), ids, title: 'ws', place: { ...nowhere, component: { ecosystem: 'npm', name: 'ws', version: '8.11.0' } } });
    book.rows([row(['CVE-2024-37890'])], { tool: 'b' });
    expect(book.list()).toHaveLength(2);
    const record = book.rows([row(['GHSA-3h5v-q93c-6h6q', 'CVE-2024-37890'])], { tool: 'c' });
    expect(record).toMatchObject({ merged: 1, opened: 0 });
    expect(book.list()).toMatchObject([{ status: 'accepted', tools: ['b', 'c', 'npm-audit'] }]);
  });

  it('say who brought the newest scan and whether it was dated, and take the word of the server for a claim in any file', () => {
    book.rows([], { tool: 'bandit', scannedAt: noon - day }, { by: 'eva' });
    book.rows([], { tool: 'semgrep', scannedAt: null, kind: 'dependencies' }, { by: 'max' });
    book.rows([], { tool: 'server', kind: 'images' }, { by: 'max' });
    const scans = (): string[] => summarize(writer, noon).scans.map(({ kind, by, isDated, claimed }) => `${kind} ${by} ${isDated} ${claimed}`);
    expect(scans()).toEqual(['static eva true false', 'dependencies max false false', 'images max false true']);
    book.rows([], { tool: 'server', kind: 'images', scannedAt: noon }, { claimed: true });
    expect(scans()).toContain('images admin true true');
  });

  it('are closed by what the same scan no longer sees, and by nothing else; what comes back is open again', () => {
    book.file('trivy/0.48-filesystem.json');
    expect(book.file('grype/0.84-clean.json')).toMatchObject({ closed: 0 });
    expect(book.file('trivy/0.57-image.json')).toMatchObject({ closed: 0 });
    book.at(noon + day);
    const clean = book.file('trivy/0.57-clean.json', { id: randomUUID() });
    // The scan in the file is older than the one without a date that was taken now.
    expect(clean).toMatchObject({ closed: 0, scans: [{ isOlder: true, closes: false }] });
    const empty = { tool: 'trivy', kind: 'dependencies' as const, target: 'erp-frontend' };
    expect(book.rows([], empty)).toMatchObject({ closed: 4, open: { critical: 2 } });
    expect(book.list({ change: 'gone' })).toHaveLength(4);
    book.at(noon + 2 * day);
    expect(book.file('trivy/0.48-filesystem.json')).toMatchObject({ reopened: 4, opened: 0 });
    const [back] = book.list({ text: 'cve-2021-23337' });
    expect(book.get(back?.id ?? 0)).toMatchObject({ status: 'open', openedAt: noon + 2 * day, dueAt: noon + 32 * day, isNew: true, events: [{ what: 'reopened' }, { what: 'fixed' }, { what: 'found' }] });
  });

  it('stay open while another tool still sees them, and when rows or the target are missing', () => {
    const row: Row = { ...emptyRow('vulnerability'), ids: ['CVE-2020-0001'], title: 'x', place: { ...nowhere, component: { ecosystem: 'npm', name: 'x', version: '1' } } };
    book.rows([row], { tool: 'a' });
    book.rows([row], { tool: 'b' });
    expect(book.rows([], { tool: 'a' })).toMatchObject({ closed: 0 });
    expect(book.list()).toMatchObject([{ status: 'open', tools: ['b'] }]);
    expect(book.rows([], { tool: 'b' })).toMatchObject({ closed: 1 });
    book.rows([row], { tool: 'c', target: null });
    expect(book.rows([], { tool: 'c', target: null })).toMatchObject({ closed: 0, scans: [{ closes: false, target: null }] });
    book.file('trivy/0.57-partly.json');
    expect(book.file('trivy/0.57-partly.json')).toMatchObject({ unusable: 2, rows: 2, faults: [{ why: 'noId' }, { why: 'notAnObject' }], scans: [{ closes: false }] });
  });

  it('follow code that moves and files that are renamed, and tell equal code apart', () => {
    book.file('bandit/1.7.10-app.json', { target: 'api' });
    expect(book.file('bandit/1.8-moved.json', { target: 'api' })).toMatchObject({ opened: 0, known: 2, closed: 1 });
    const [moved] = book.list({ text: 'runner.py' });
    expect(moved?.place).toBe('app/export/runner.py:57');
    book.file('bandit/1.7.10-twice.json', { target: 'tests' });
    expect(book.list({ text: 'helpers.py' })).toHaveLength(2);
  });

  it('are accepted with a reason until a day, taken back, and open again when it has come', () => {
    book.file('trivy/0.57-image.json');
    const [worst] = book.list();
    expect(worst).toMatchObject({ severity: 'critical', status: 'open' });
    const id = worst?.id ?? 0;
    const due = worst?.dueAt ?? 0;
    expect(acceptFindings(writer, [id, 999_999], { reason: 'no way to reach it', until: noon + 10 * day, by: 'admin', now: noon })).toEqual({ changed: 1 });
    expect(book.get(id)).toMatchObject({ status: 'accepted', dueAt: null, acceptance: { reason: 'no way to reach it', by: 'admin' } });
    book.file('trivy/0.57-image.json');
    expect(book.get(id).status).toBe('accepted');
    unacceptFindings(writer, [id], { by: 'admin', now: noon });
    expect(book.get(id)).toMatchObject({ status: 'open', dueAt: due, acceptance: null });
    acceptFindings(writer, [id], { reason: 'again', until: noon + 10 * day, by: 'admin', now: noon });
    expect(expireAcceptances(writer, noon + 9 * day)).toEqual({ changed: 0 });
    expect(summarize(writer, noon).nextExpiry).toBe(noon + 10 * day);
    expect(expireAcceptances(writer, noon + 10 * day)).toEqual({ changed: 1 });
    expect(book.get(id)).toMatchObject({ status: 'open', events: expect.arrayContaining([expect.objectContaining({ what: 'acceptanceExpired' })]) });
    expect(summarize(writer, due + 1)).toMatchObject({ overdue: expect.any(Number), accepted: 0 });
    expect(book.list({ overdue: true }, due + 1).map((row) => row.id)).toContain(id);
  });

  it('survive a damaged file with what was decided about them, and are known again', () => {
    book.file('trivy/0.57-image.json');
    const [worst] = book.list();
    acceptFindings(writer, [worst?.id ?? 0], { reason: 'no way to reach it', until: noon + day, by: 'admin', now: noon });
    opened.close();
    markDamaged(scratch.file);
    const again = scratch.open();
    expect(again.result.salvage).not.toBeNull();
    const rescued = findingsOf(again.writer);
    expect(rescued.get(worst?.id ?? 0)).toMatchObject({ status: 'accepted', acceptance: { reason: 'no way to reach it' }, sources: [{ tool: 'trivy' }] });
    expect(rescued.file('trivy/0.57-image.json')).toMatchObject({ opened: 0, known: 5 });
    expect(rescued.imports()).toHaveLength(2);
  });

  it('are the same and not the same: precision and recall over 320 labelled pairs', () => {
    const pairs = [...findingPairs(), ...sarifPairs()];
    expect(pairs).toHaveLength(320);
    let [hits, falseAlarms, misses, rejections] = [0, 0, 0, 0];
    const wrong: string[] = [];
    writer.transaction(() => { for (const { why, same, a, b, again } of pairs) {
      book.clear();
      for (const [at, report] of [a, b].entries()) {
        const read = readReport(new TextEncoder().encode(JSON.stringify(report)));
        if (!read.ok || read.reading.unusableCount > 0) throw new Error(`${why}: cannot be read`);
        writer.transaction(() => {
          // Two reports of one tool are about two targets unless the second is the next scan of the same.
          const target = again === true ? 'same' : `target-${at}`;
          if (again !== true) for (const scan of read.reading.scans) scan.target = target;
          const take = { id: randomUUID(), file: why, target, by: 'x', now: noon + at, continues: false, claimed: false };
          const work = new Taker(writer, take).work({ mayBegin: () => true, run: (part) => part(writer) }, read.reading, { done: 0, total: 0, isStopped: false });
          while (work.next().done !== true) { /* one part after the other */ }
        });
      }
      const isSame = writer.value('SELECT count(*) FROM findings') === 1;
      if (isSame && same) hits++;
      else if (isSame) falseAlarms++;
      else if (same) misses++;
      else rejections++;
      if (isSame !== same) wrong.push(`${why} (${same ? 'missed' : 'wrongly joined'})`);
    } });
    const [precision, recall] = [hits / (hits + falseAlarms), hits / (hits + misses)];
    process.stdout.write(`findings: ${pairs.length} pairs, ${hits} joined rightly, ${falseAlarms} wrongly, ${rejections} kept apart rightly, ${misses} missed; precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}\n${[...new Set(wrong)].map((text) => `  ${text}\n`).join('')}`);
    expect(precision).toBeGreaterThanOrEqual(0.98);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  }, 60_000);
});

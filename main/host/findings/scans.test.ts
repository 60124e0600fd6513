import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { day, findingsOf, noon, reportFile } from '../../../test/fixtures/findings.ts';
import { readReport } from './parse/read-report.ts';
import { scanEvidence } from '../../security/findings/evidence.ts';

let scratch: Scratch;
let book: ReturnType<typeof findingsOf>;
beforeEach(() => {
  scratch = scratchDatabase();
  book = findingsOf(scratch.open().writer);
});
afterEach(() => scratch.remove());

type Run = { file: string; code: string; category?: string; at?: number; tool?: string };
const result = ({ file, code }: Pick<Run, 'file' | 'code'>) => ({ ruleId: 'injection', message: { text: 'Uncontrolled command line' }, locations: [{ physicalLocation: { artifactLocation: { uri: file }, region: { startLine: 7, snippet: { text: code } } } }] });
const run = ({ category, at, tool = 'CodeQL' }: Partial<Run>, found: readonly Pick<Run, 'file' | 'code'>[]) => ({
  tool: { driver: { name: tool, rules: [{ id: 'injection', properties: { tags: ['external/cwe/cwe-078'] } }] } }, versionControlProvenance: [{ repositoryUri: 'https://git.example.de/erp/api' }],
  ...(category !== undefined && { automationDetails: { id: `${category}/` } }), ...(at !== undefined && { invocations: [{ endTimeUtc: new Date(at).toISOString() }] }), results: found.map(result),
});
const sarif = (...runs: unknown[]) => ({ version: '2.1.0', runs });
const python = { file: 'app/run.py', code: 'os.system("lp " + file_name)' };
const script = { file: 'web/run.js', code: 'child_process.exec("lp " + name)' };

describe('scans of one tool and one target', () => {
  it('in one report are one scan: none closes what another one has found', () => {
    const both = sarif(run({}, [python]), run({}, [script]));
    expect(book.report(both)).toMatchObject({ opened: 2, closed: 0, scans: [{ closes: true }] });
    expect(book.report(both)).toMatchObject({ opened: 0, known: 2, closed: 0 });
    expect(book.report(sarif(run({}, [python]), run({}, [])))).toMatchObject({ known: 1, closed: 1 });
  });

  it('in one report hold the same code twice, and that is no renamed file', () => {
    book.report(sarif(run({}, [python]), run({}, [])));
    expect(book.report(sarif(run({}, [{ ...python, file: 'app/copy.py' }]), run({}, [python])))).toMatchObject({ opened: 1, known: 1, closed: 0 });
    expect(book.list().map(({ place }) => place).toSorted()).toEqual(['app/copy.py:7', 'app/run.py:7']);
  });

  it('are told apart by their category, in one report and in several', () => {
    const [one, two] = [run({ category: 'codeql/python', at: noon - day }, [python]), run({ category: 'codeql/javascript', at: noon - day }, [script])];
    expect(book.report(sarif(one, two))).toMatchObject({ opened: 2, closed: 0, scans: [{ part: 'codeql/python', target: 'https://git.example.de/erp/api', closes: true }, { part: 'codeql/javascript' }] });
    expect(book.report(sarif(run({ category: 'codeql/python', at: noon }, [python])))).toMatchObject({ known: 1, closed: 0 });
    expect(book.report(sarif(run({ category: 'codeql/javascript', at: noon }, [])))).toMatchObject({ closed: 1 });
    expect(book.list({ statuses: ['open'] })).toMatchObject([{ place: 'app/run.py:7' }]);
    const [open] = book.list({ statuses: ['open'] });
    expect(book.get(open?.id ?? 0).sources).toMatchObject([{ tool: 'codeql', part: 'codeql/python', present: true }]);
  });

  it('of one moment are parts of one scan, whoever wrote them into two files', () => {
    expect(book.report(sarif(run({ at: noon - day }, [python])))).toMatchObject({ opened: 1 });
    expect(book.report(sarif(run({ at: noon - day }, [script])))).toMatchObject({ opened: 1, closed: 0, scans: [{ closes: false, isOlder: false }] });
    expect(book.report(sarif(run({ at: noon - day + 1000 }, [script])))).toMatchObject({ closed: 1, scans: [{ closes: true }] });
  });

  it('take what they see over from a scan that did not tell parts apart yet', () => {
    book.report(sarif(run({}, [python, script])));
    expect(book.report(sarif(run({ category: 'python' }, [python])))).toMatchObject({ known: 1, closed: 0 });
    const [first] = book.list({ text: 'run.py' });
    expect(book.get(first?.id ?? 0)).toMatchObject({ sources: [{ part: 'python' }], events: [{ what: 'found' }] });
    expect(book.report(sarif(run({ category: 'python' }, [])))).toMatchObject({ closed: 1 });
    expect(book.list({ statuses: ['open'] })).toMatchObject([{ place: 'web/run.js:7' }]);
  });
});

const json = (name: string): Record<string, unknown> => JSON.parse(new TextDecoder().decode(reportFile(name))) as Record<string, unknown>;
const read = (report: unknown) => readReport(new TextEncoder().encode(typeof report === 'string' ? report : JSON.stringify(report)));

describe('what is no look at vulnerabilities', () => {
  it('is refused: a bill of materials alone, as JSON and as XML; one that has looked and found none is not', () => {
    const { vulnerabilities, ...parts } = json('cyclonedx/1.4-application.json');
    expect(vulnerabilities).not.toHaveLength(0);
    expect(read(parts)).toMatchObject({ ok: false, reason: 'partsListOnly', format: 'cyclonedx' });
    expect(read({ ...parts, vulnerabilities: [] })).toMatchObject({ ok: true });
    const xml = new TextDecoder().decode(reportFile('cyclonedx-xml/1.5-clean.xml'));
    expect(read(xml)).toMatchObject({ ok: true });
    expect(read(xml.replace('<vulnerabilities></vulnerabilities>', ''))).toMatchObject({ ok: false, reason: 'partsListOnly' });
  });

  it('is refused when the report names nothing that was looked at', () => {
    const { Results: _, ...trivy } = json('trivy/0.57-clean.json');
    expect(read(trivy)).toMatchObject({ ok: false, reason: 'nothingLookedAt', format: 'trivy' });
    expect(read({ ...trivy, Results: [{ Target: 'LICENSE', Class: 'license-file' }] })).toMatchObject({ ok: false, reason: 'nothingLookedAt' });
    expect(read(sarif({ ...run({}, []), tool: { driver: { name: 'Trivy', rules: [] } } }))).toMatchObject({ ok: false, reason: 'nothingLookedAt' });
    expect(read(sarif(run({}, [])))).toMatchObject({ ok: true });
  });

  it('closes none: Trivy with secrets or settings alone', () => {
    expect(book.file('trivy/0.48-filesystem.json')).toMatchObject({ opened: 4, scans: [{ kind: 'dependencies' }] });
    const secrets = { ...json('trivy/0.57-config-secret.json'), ArtifactName: 'erp-frontend', CreatedAt: new Date(noon + day).toISOString() };
    book.at(noon + 2 * day);
    expect(book.report(secrets)).toMatchObject({ opened: 2, closed: 0, scans: [{ kind: 'configuration', closes: true }, { kind: 'secrets', closes: true }] });
    expect(book.list({ statuses: ['open'] })).toHaveLength(6);
    const [config] = json('trivy/0.57-config-secret.json')['Results'] as unknown[];
    expect(book.report({ ...secrets, CreatedAt: new Date(noon + 2 * day).toISOString(), Results: [config] })).toMatchObject({ known: 1, closed: 0 });
    const clean = { ...json('trivy/0.57-clean.json'), CreatedAt: new Date(noon + 2 * day).toISOString() };
    expect(book.report(clean)).toMatchObject({ closed: 4, scans: [{ kind: 'dependencies' }] });
    expect(book.list({ statuses: ['open'] })).toHaveLength(2);
    // What was looked at last is no reason to call the packages of days ago looked at.
    expect(scanEvidence(book.summary()).map(({ point }) => point)).toEqual(['scans.dependencies', 'scans.noneOverdue']);
  });

  it('closes none in SARIF of Trivy either', () => {
    expect(book.file('sarif/trivy-0.57-image.json')).toMatchObject({ opened: 1, scans: [{ kind: 'images' }] });
    const secret = {
      tool: { driver: { name: 'Trivy', rules: [{ id: 'generic-api-key', name: 'Secret', properties: { tags: ['secret'] } }] } }, properties: { imageName: 'registry.example.de/erp/api:3.1.1' },
      results: [{ ruleId: 'generic-api-key', ruleIndex: 0, message: { text: 'Artifact: config.py' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'config.py' }, region: { startLine: 3 } } }] }],
    };
    expect(book.report(sarif(secret))).toMatchObject({ opened: 1, closed: 0, scans: [{ kind: 'secrets', target: 'registry.example.de/erp/api' }] });
  });
});

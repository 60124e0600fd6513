import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { day, findingsOf, noon } from '../../../test/fixtures/findings.ts';

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

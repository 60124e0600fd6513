import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { day, findingsOf, noon, reportFile } from '../../../test/fixtures/findings.ts';

let scratch: Scratch;
let book: ReturnType<typeof findingsOf>;
beforeEach(() => {
  scratch = scratchDatabase();
  book = findingsOf(scratch.open().writer);
});
afterEach(() => scratch.remove());

type Json = Record<string, unknown>;
const json = (name: string): Json => JSON.parse(new TextDecoder().decode(reportFile(name))) as Json;
const vex = (state: string, name: string, timestamp = noon - day) => {
  const { metadata, vulnerabilities, ...report } = json('cyclonedx/1.6-vex-not-affected.json') as Json & { metadata: Json; vulnerabilities: Json[] };
  return { ...report, metadata: { ...metadata, timestamp: new Date(timestamp).toISOString(), component: { type: 'application', name } }, vulnerabilities: vulnerabilities.map((each) => ({ ...each, analysis: { state } })) };
};
/** A match that Grype has set aside, in an image. */
const ignoring = (image: string, ...appliedIgnoreRules: Json[]) => {
  const { matches: _, ignoredMatches, source, ...report } = json('grype/0.84-ignored.json') as Json & { matches: unknown[]; ignoredMatches: Json[]; source: Json & { target: Json } };
  return { ...report, matches: [], source: { ...source, target: { ...source.target, userInput: image } }, ignoredMatches: ignoredMatches.map((each) => ({ ...each, appliedIgnoreRules })) };
};
const status = (text: string) => book.list({ text }).map((row) => row.status);
const statements = (text: string) => book.get(book.list({ text })[0]?.id ?? 0).sources.map(({ tool, statement }) => [tool, statement?.state, statement?.detail]);

describe('what a supplier says', () => {
  it('counts for its own product, not for another one that has the same part', () => {
    book.file('trivy/0.48-filesystem.json');
    book.file('cyclonedx/1.6-vex-not-affected.json');
    expect(status('cve-2021-23337')).toEqual(['open']);
    book.report(vex('not_affected', 'erp-frontend'));
    expect(book.list({ text: 'cve-2021-23337' })).toMatchObject([{ status: 'notAffected', dueAt: null }]);
    book.report({ ...json('trivy/0.48-filesystem.json'), ArtifactName: 'erp-portal' });
    expect(status('cve-2021-23337')).toEqual(['open']);
  });

  it('counts until it says otherwise, and no longer than the part is there', () => {
    book.file('trivy/0.48-filesystem.json');
    book.report(vex('not_affected', 'erp-frontend'));
    book.report(vex('exploitable', 'erp-frontend', noon));
    expect(status('cve-2021-23337')).toEqual(['open']);
    book.file('cyclonedx/1.5-vex-resolved.json');
    expect([status('cve-2024-34064'), status('cve-2024-24762')]).toEqual([['fixed'], ['open']]);
  });

  it('counts for its own report alone when nobody has said what that is about', () => {
    const { metadata: _, ...unnamed } = vex('not_affected', '');
    book.report(unnamed);
    expect(status('cve-2021-23337')).toEqual(['notAffected']);
    book.file('npm-audit/7-lodash.json');
    expect(status('cve-2021-23337')).toEqual(['open']);
  });
});

describe('what a tool was told to ignore', () => {
  it('stays open: that there is no version yet that mends it makes nothing harmless, here and in any other image', () => {
    book.report(ignoring('registry.example.de/erp/other:1', { namespace: '', 'fix-state': 'not-fixed' }, { namespace: '', 'fix-state': 'unknown' }));
    expect(statements('cve-2024-34064')).toEqual([['grype', undefined, undefined]]);
    expect(status('cve-2024-34064')).toEqual(['open']);
  });

  it('stays open until it is accepted here, with the rule beside it', () => {
    expect(book.file('grype/0.84-ignored.json')).toMatchObject({ rows: 2, opened: 2 });
    expect(status('cve-2024-34064')).toEqual(['open']);
    expect(statements('cve-2024-34064')).toEqual([['grype', 'ignored', 'templates are ours alone']]);
    expect(book.file('sarif/eslint-suppressed.json')).toMatchObject({ rows: 1, opened: 1 });
    expect(statements('report.js')).toEqual([['eslint', 'ignored', 'expression is a constant of ours']]);
    expect(book.file('zap/2.15-false-positive.json')).toMatchObject({ opened: 2, known: 0 });
    book.clear();
    const safety = json('safety/3.2-object.json');
    const [first] = safety['vulnerabilities'] as Json[];
    expect(book.report({ ...safety, vulnerabilities: [], ignored_vulnerabilities: [{ ...first, ignored_reason: 'later' }] })).toMatchObject({ rows: 1, opened: 1 });
  });

  it('is a statement when a VEX document stands behind the rule, of that image alone', () => {
    const rule = { namespace: 'vex', 'vex-status': 'not_affected', 'vex-justification': 'vulnerable_code_not_present' };
    book.report(ignoring('registry.example.de/erp/api:3', rule));
    expect(status('cve-2024-34064')).toEqual(['notAffected']);
    expect(statements('cve-2024-34064')).toEqual([['grype', 'notAffected', 'vulnerable code not present']]);
    book.report(ignoring('registry.example.de/erp/web:1', { namespace: '', reason: 'ours' }));
    expect(status('cve-2024-34064')).toEqual(['open']);
  });

  it('outweighs nothing that is affected elsewhere in the same report, and is outweighed by nothing that is harmless', () => {
    const [match] = json('grype/0.84-ignored.json')['ignoredMatches'] as Json[];
    const twice = (...rules: Json[][]) => ({ ...ignoring('registry.example.de/erp/api:3'), ignoredMatches: rules.map((appliedIgnoreRules) => ({ ...match, appliedIgnoreRules })) });
    const [harmless, ours] = [[{ 'vex-status': 'not_affected' }], [{ reason: 'ours' }]];
    book.report(twice(harmless, ours));
    expect([status('cve-2024-34064'), statements('cve-2024-34064')]).toEqual([['open'], [['grype', 'ignored', 'ours']]]);
    book.at(noon + day);
    book.report({ ...twice(harmless, [{ 'vex-status': 'affected' }]), descriptor: { name: 'grype' } });
    expect(statements('cve-2024-34064')).toMatchObject([['grype', 'affected', '']]);
  });
});

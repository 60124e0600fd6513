import { afterEach, beforeEach, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import { componentOf } from '../../../shared/security/findings/identity.ts';
import type { Row } from '../../../shared/security/findings/report.ts';
import { readReport } from './parse/read-report.ts';
import { emptyRow, nowhere } from './parse/untrusted.ts';

let scratch: Scratch;
let book: ReturnType<typeof findingsOf>;
beforeEach(() => {
  scratch = scratchDatabase();
  book = findingsOf(scratch.open().writer);
});
afterEach(() => scratch.remove());

const row = (ecosystem: string, name: string, id = 'CVE-2020-0001'): Row => ({ ...emptyRow('vulnerability'), ids: [id], title: name, place: { ...nowhere, component: componentOf(ecosystem, name, '1') } });
const tools = () => book.list().map((each) => each.tools.join('+')).toSorted();

it('joins a package without ecosystem with the one that can be meant, whichever came first', () => {
  book.rows([row('pypi', 'python_multipart')], { tool: 'a' });
  book.rows([row('unknown', 'Python.Multipart')], { tool: 'b' });
  expect(tools()).toEqual(['a+b']);
  book.rows([row('unknown', 'ws', 'CVE-2020-0002')], { tool: 'a' });
  expect(book.rows([row('npm', 'ws', 'CVE-2020-0002')], { tool: 'b' })).toMatchObject({ opened: 0, known: 1 });
  // It is known from now on.
  expect(book.rows([row('gem', 'ws', 'CVE-2020-0002')], { tool: 'c' })).toMatchObject({ opened: 1 });
});

it('joins none when two can be meant, when the package is another, or the vulnerability', () => {
  book.rows([row('pypi', 'x')], { tool: 'a' });
  book.rows([row('npm', 'x')], { tool: 'b' });
  book.rows([row('unknown', 'x')], { tool: 'c' });
  book.rows([row('unknown', 'xy')], { tool: 'd' });
  book.rows([row('unknown', 'x', 'CVE-2020-00011')], { tool: 'e' });
  expect(tools()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('reads a package out of what Grype really writes, in the sentence of today and of former versions', () => {
  const read = (text: string, help: string, properties: object = {}) => {
    const result = readReport(new TextEncoder().encode(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Anchore Grype Scan', rules: [{ id: 'CVE-2023-0286-openssl', help: { text: help }, properties }] } }, results: [{ ruleId: 'CVE-2023-0286-openssl', message: { text } }] }] })));
    const [scan] = result.ok ? result.reading.scans : [];
    const [found] = scan?.rows ?? [];
    return [scan?.tool, found?.place.component, found?.fix];
  };
  const help = 'Vulnerability CVE-2023-0286\nSeverity: high\nPackage: openssl\nVersion: 3.0.2\nFix Version: 3.0.8,3.0.9\nType: deb\nLocation: /var/lib/dpkg/status\nData Namespace: debian\nLink: x';
  const openssl = { ecosystem: 'deb', name: 'openssl', version: '3.0.2' };
  expect(read('A high vulnerability in deb package: openssl, version 3.0.2 was found in image erp/api:1 at: /var/lib/dpkg/status', help)).toEqual(['grype', openssl, '3.0.8,3.0.9']);
  expect(read('The path var/lib/dpkg/status reports openssl at version 3.0.2  which is a vulnerable (deb) package installed in the container', help.replace('3.0.8,3.0.9', ''))).toEqual(['grype', openssl, null]);
  expect(read('A high vulnerability in java-archive package: log4j-core, version 2.14.1 was found at: a.jar', '', { purls: ['pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1'] })).toEqual(['grype', { ecosystem: 'maven', name: 'org.apache.logging.log4j/log4j-core', version: '2.14.1' }, null]);
});

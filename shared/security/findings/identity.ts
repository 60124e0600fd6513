import type { Component, Row } from './report.ts';

/**
 * When two rows mean the same finding. Pure, so that the rules can be read and tried out without a database: a row has keys,
 * and rows that share one are the same finding.
 */

/** The package managers' names as package URLs have them, for the words of the tools. */
const ecosystems: Readonly<Record<string, string>> = {
  npm: 'npm', yarn: 'npm', pnpm: 'npm', 'node-pkg': 'npm', javascript: 'npm', 'node': 'npm', bun: 'npm',
  pypi: 'pypi', pip: 'pypi', pipenv: 'pypi', poetry: 'pypi', uv: 'pypi', python: 'pypi', 'python-pkg': 'pypi', 'conda-pkg': 'conda', conda: 'conda',
  maven: 'maven', jar: 'maven', pom: 'maven', gradle: 'maven', java: 'maven', 'java-archive': 'maven', 'gradle-lockfile': 'maven',
  golang: 'golang', go: 'golang', gomod: 'golang', gobinary: 'golang', 'go-module': 'golang',
  nuget: 'nuget', 'dotnet-core': 'nuget', dotnet: 'nuget', gem: 'gem', bundler: 'gem', gemspec: 'gem', ruby: 'gem', cargo: 'cargo', rust: 'cargo', 'rust-crate': 'cargo', rustbinary: 'cargo', composer: 'composer', php: 'composer', 'php-composer': 'composer',
  deb: 'deb', debian: 'deb', ubuntu: 'deb', apk: 'apk', alpine: 'apk', wolfi: 'apk', chainguard: 'apk',
  rpm: 'rpm', redhat: 'rpm', centos: 'rpm', rocky: 'rpm', alma: 'rpm', fedora: 'rpm', amazon: 'rpm', oracle: 'rpm', suse: 'rpm', photon: 'rpm', 'suse linux enterprise server': 'rpm', 'opensuse.leap': 'rpm',
};
/** Packages of an operating system: the vendor in front of the name is no part of it. */
const ofSystem = new Set(['deb', 'apk', 'rpm']);

export const ecosystemOf = (word: string): string => ecosystems[word.trim().toLowerCase()] ?? word.trim().toLowerCase();

/** One spelling of a name: PEP 503 for PyPI, `group/name` for Maven, lower case where the registry does not tell cases apart. */
export function componentOf(ecosystem: string, name: string, version: string | null): Component {
  const type = ecosystemOf(ecosystem);
  let plain = name.trim();
  if (type === 'pypi') plain = plain.toLowerCase().replaceAll(/[-_.]+/g, '-');
  else if (type === 'maven') plain = plain.replace(':', '/');
  else plain = plain.toLowerCase();
  if (ofSystem.has(type)) plain = plain.replace(/:(amd64|arm64|i386|all|any)$/, '');
  return { ecosystem: type, name: plain, version: version === null || version.trim() === '' ? null : version.trim() };
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Reads a package URL (purl-spec): `pkg:type/namespace/name@version?qualifiers#subpath`. Null for anything else. */
export function parsePurl(text: unknown): Component | null {
  if (typeof text !== 'string' || text.length > 1000) return null;
  const found = /^pkg:\/*([a-z][a-z0-9.+-]*)\/([^?#]+)/i.exec(text.trim());
  if (found === null) return null;
  const [, type = '', rest = ''] = found;
  // A scope of npm is written with %40, so an @ that is not at the start divides the version off.
  const at = rest.lastIndexOf('@');
  const path = at > 0 ? rest.slice(0, at) : rest;
  const version = at > 0 ? decoded(rest.slice(at + 1)) : null;
  const parts = path.split('/').filter((part) => part !== '').map(decoded);
  const last = parts.at(-1);
  if (last === undefined) return null;
  return componentOf(type, ofSystem.has(ecosystemOf(type)) ? last : parts.join('/'), version);
}

const knownId = /\b(CVE-\d{4}-\d{4,19}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|PYSEC-\d{4}-\d+|RUSTSEC-\d{4}-\d+|GO-\d{4}-\d+|OSV-\d{4}-\d+|DSA-\d+(?:-\d+)?|DLA-\d+(?:-\d+)?|USN-\d+(?:-\d+)?|RH[SBE]A-\d{4}:\d+|ELSA-\d{4}-\d+|ALAS\d?-\d{4}-\d+|SNYK-[A-Z0-9-]+)\b/i;

/** A vulnerability's name in one spelling, out of a text or an address; null when there is none. */
export function vulnerabilityId(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const [found] = knownId.exec(text.slice(0, 500)) ?? [];
  if (found === undefined) return null;
  return /^ghsa/i.test(found) ? `GHSA${found.slice(4).toLowerCase()}` : found.toUpperCase();
}

/** Databases whose every entry is one vulnerability. An advisory of a vendor (RHSA, DSA, USN) bundles several, so it is no second name. */
const isName = (id: string): boolean => /^(CVE|GHSA|PYSEC|RUSTSEC|GO|OSV)-/.test(id);

/** The names under which a row's vulnerability may be known. Several CVEs in one advisory are several vulnerabilities: then only its own name counts. */
export function namesOf(ids: readonly string[]): string[] {
  const names = [...new Set(ids.filter(isName))];
  if (names.filter((id) => id.startsWith('CVE-')).length > 1) return ids[0] === undefined ? [] : [ids[0]];
  return names.length === 0 ? ids.slice(0, 1) : names;
}

/**
 * Classes of weaknesses: tools name the same mistake by neighbouring numbers. Left the number, right its class, with MITRE's
 * tree as the reason: 77 and 88 are ways into 78, 80 is a kind of 79, 259 and 321 are kinds of 798, 328 and 916 of 327, 564 of 89.
 */
const classes: Readonly<Record<number, number>> = { 77: 78, 88: 78, 80: 79, 83: 79, 87: 79, 259: 798, 321: 798, 328: 327, 326: 327, 916: 327, 564: 89, 36: 22, 23: 22, 73: 22, 776: 611, 338: 330 };
/** Numbers that name a whole shelf, not a mistake: "protection mechanism failure" and the like. The rule's name decides there. */
const shelves = new Set([16, 200, 388, 497, 525, 615, 693, 933, 1021]);

const slug = (text: string): string => text.toLowerCase().normalize('NFKD').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 80);

/** What kind of mistake a code or web finding is, the same across tools where they say its CWE. */
export function ruleClass(row: Pick<Row, 'cwes' | 'rule' | 'title'>, tool: string): string {
  const [cwe] = row.cwes.map((each) => classes[each] ?? each).toSorted((a, b) => a - b).filter((each) => !shelves.has(each));
  if (cwe !== undefined) return `cwe-${cwe}`;
  if (row.cwes.length > 0) return `cwe-${row.cwes[0]}:${slug(row.title)}`;
  return `rule:${tool}:${row.rule ?? slug(row.title)}`;
}

/** Where containers and build servers mount the code: no part of its path. */
const mounts = /^\/(?:github\/workspace|home\/runner\/work\/[^/]+\/[^/]+|builds\/[^/]+\/[^/]+|workspace|src|code|app|zap\/wrk)\/(?=.)/;

/** A path as every tool writes it: no drive, no leading ./, no file://, and nothing of the folder that the code is mounted at. */
export function plainPath(path: string): string {
  const plain = decoded(path.trim().replace(/^file:\/\/(?=\/)/i, '').replace(/^file:/i, '')).replaceAll('\\', '/').replace(/^\/?[a-z]:\//i, '');
  return plain.replace(mounts, '').replaceAll('/./', '/').replace(/^(\.?\/)+/, '');
}

/** The part of an address that stays when numbers, identifiers and values change. */
export function urlPattern(address: string): string {
  const found = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/i.exec(address.trim());
  const [host, path] = found === null ? ['', address.replace(/[?#].*$/, '')] : [found[2] ?? '', found[3] ?? ''];
  const parts = path.split('/').filter((part) => part !== '').map((part) => {
    const text = decoded(part);
    if (/^\d+$/.test(text)) return '{n}';
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^(?=.*\d)[0-9a-f]{16,}$/i.test(text)) return '{id}';
    if (/^[a-z]{2,4}-\d{2,4}-\d{2,}$/i.test(text)) return '{number}';
    // Bundlers put a hash into the names of their files.
    return text.replace(/[.-](?=[a-z0-9_-]*\d)[a-z0-9_-]{8,}(?=\.(js|css|map|mjs|woff2?)$)/i, '.{hash}');
  });
  return `${host.toLowerCase().replace(/:(80|443)$/, '')}/${parts.join('/')}`;
}

/** Code without what moves: indentation, blanks, the end of the line. */
export const plainCode = (code: string): string => code.replaceAll(/\s+/g, ' ').trim().slice(0, 2000);

/** Keys of a row: rows that share one are the same finding. @param ordinal tells equal code in one file apart, from 0 */
export function keysOf(row: Row, tool: string, ordinal: number): string[] {
  if (row.kind === 'vulnerability') {
    const { component } = row.place;
    return component === null ? [] : namesOf(row.ids).map((id) => `v|${id}|${component.ecosystem}/${component.name}`);
  }
  const mistake = ruleClass(row, tool);
  if (row.kind === 'web') return [`w|${mistake}|${urlPattern(row.place.url ?? '')}|${(row.place.parameter ?? '').toLowerCase()}`];
  return [`c|${mistake}|${row.place.file ?? ''}|${row.fingerprint ?? ''}|${ordinal}`];
}

/** What stays of a code finding when its file is renamed; null when the code is too short to tell. */
export function movedKey(row: Row, tool: string): string | null {
  return row.kind === 'code' && row.fingerprint !== null && row.fingerprint.startsWith('x') ? `${ruleClass(row, tool)}|${row.fingerprint}` : null;
}

import { componentOf } from '../../../../shared/security/findings/identity.ts';
import type { Row } from '../../../../shared/security/findings/report.ts';
import { rate, ratingOfWord } from '../../../../shared/security/findings/severity.ts';
import { cwesOf, emptyRow, fileOf, fingerprintOf, idsOf, instant, isRec, list, need, nowhere, plain, rec, recs, str, whole, type Reader, type Rec } from './untrusted.ts';

/** What Bandit's tests look for, for versions before 1.7.3 that did not say the CWE. */
const banditCwes: Readonly<Record<string, number>> = {
  B102: 78, B103: 732, B104: 605, B105: 259, B106: 259, B107: 259, B108: 377, B110: 703, B113: 400, B201: 94, B301: 502, B302: 502, B303: 327, B304: 327, B305: 327, B306: 377, B307: 78, B308: 79, B310: 22, B311: 330, B314: 20,
  B323: 295, B324: 327, B403: 502, B404: 78, B405: 20, B501: 295, B502: 327, B504: 327, B505: 326, B506: 20, B507: 295, B601: 78, B602: 78, B603: 78, B604: 78, B605: 78, B606: 78, B607: 78, B608: 89, B609: 155, B701: 94, B703: 79,
};

/** Bandit quotes the lines around too, each behind its number. */
function lineOf(code: string, line: number | null): string {
  const lines = code.split('\n').map((text) => /^\s*(\d+)[ \t]?(.*)$/.exec(text));
  return lines.find((found) => found !== null && Number(found[1]) === line)?.[2] ?? code.replaceAll(/^\s*\d+[ \t]/gm, '');
}

function banditRow(result: Rec): Row {
  const rule = need(str(result['test_id']), 'noRule').slice(0, 40);
  const line = whole(result['line_number']);
  const cwes = cwesOf([rec(result['issue_cwe'])['id']]);
  const known = banditCwes[rule];
  return {
    ...emptyRow('code'), title: plain(result['issue_text'], 200) || rule, description: [plain(result['issue_text'], 1500), plain(result['test_name'], 100), plain(result['more_info'], 300)].filter((text) => text !== '').join(' · '),
    rating: ratingOfWord(result['issue_severity']), rule, cwes: cwes.length > 0 || known === undefined ? cwes : [known],
    place: { ...nowhere, file: need(fileOf(result['filename']), 'noPlace'), line }, fingerprint: fingerprintOf(lineOf(str(result['code']) ?? '', line), null, result['issue_text']),
  };
}

/** Bandit's JSON report (`bandit -f json`). */
export const isBandit = (report: Rec): boolean => Array.isArray(report['results']) && 'metrics' in report && 'generated_at' in report;

export function readBandit(report: Rec, reader: Reader): string | null {
  const scan = reader.scan({ tool: 'bandit', toolVersion: null, kind: 'static', target: null, scannedAt: instant(report['generated_at']) });
  list(report['results']).forEach((result, at) => reader.row(scan, `results[${at}]`, result, banditRow));
  return null;
}

/** The old form: `[package, affected versions, installed version, text, number, …, CVSS 2, CVSS 3]`, one array each. */
function safetyTuple(row: readonly unknown[]): Row {
  const [name, spec, version, text, number] = row;
  const id = need(str(number), 'noId');
  const description = plain(text, 2000);
  const named = [...description.matchAll(/CVE-\d{4}-\d{4,}/gi)].map(([found]) => found);
  // Texts that mention several are about several: the first one may be any of them.
  const names = new Set(named.map((each) => each.toUpperCase()));
  return {
    ...emptyRow('vulnerability'), title: `${plain(name, 100)} ${plain(spec, 80)}`.trim(), description, rating: rate(rec(row[6] ?? row[5])['base_score'], null, null),
    ids: idsOf(`SAFETY-${id}`, names.size === 1 ? names : []), place: { ...nowhere, component: componentOf('pypi', need(str(name), 'noPackage'), str(version)) }, fix: null,
  };
}

function safetyRow(row: Rec): Row {
  const name = need(str(row['package_name']), 'noPackage');
  const id = need(str(row['vulnerability_id']) ?? str(row['CVE']), 'noId');
  const severity = rec(row['severity']);
  const score = rec(severity['cvssv3'] ?? severity['cvssv2']);
  const cve = isRec(row['CVE']) ? rec(row['CVE'])['name'] : row['CVE'];
  const fixed = list(row['fixed_versions']).map(str).filter((each) => each !== null);
  return {
    ...emptyRow('vulnerability'), title: plain(row['advisory'], 120) || `${id} ${name}`, description: plain(row['advisory'], 2000), rating: rate(score['base_score'], score['vector_string'], score['base_severity'] ?? row['severity']),
    ids: idsOf(`SAFETY-${id}`, [cve]), fix: fixed.join(', ').slice(0, 200) || null, place: { ...nowhere, component: componentOf('pypi', name, str(row['analyzed_version'])), file: fileOf(rec(recs(row['locations'])[0])['path']) },
    statement: row['ignored'] === true ? { state: 'ignored', detail: plain(row['ignored_reason'], 300) } : null,
  };
}

const isTuple = (row: unknown): row is unknown[] => Array.isArray(row) && row.length >= 5 && typeof row[0] === 'string' && typeof row[3] === 'string';
export const isOldSafety = (report: unknown): report is unknown[] => Array.isArray(report) && report.length > 0 && report.filter(isTuple).length * 2 > report.length;
/** Safety's report since version 2 (`safety check --output json`). */
export const isSafety = (report: Rec): boolean => isRec(report['report_meta']) && ('vulnerabilities' in report || 'affected_packages' in report);

export function readOldSafety(report: readonly unknown[], reader: Reader): null {
  const scan = reader.scan({ tool: 'safety', toolVersion: null, kind: 'dependencies', target: null, scannedAt: null });
  report.forEach((row, at) => reader.row(scan, `[${at}]`, Array.isArray(row) ? { row } : row, ({ row: tuple }) => safetyTuple(list(tuple))));
  return null;
}

export function readSafety(report: Rec, reader: Reader): string | null {
  const meta = rec(report['report_meta']);
  const targets = list(meta['scanned']).map(str).filter((each) => each !== null);
  const scan = reader.scan({ tool: 'safety', toolVersion: str(meta['safety_version']), kind: 'dependencies', target: str(rec(report['project'])['id']) ?? str(meta['project']) ?? targets[0] ?? null, scannedAt: instant(meta['timestamp']) });
  list(report['vulnerabilities']).forEach((row, at) => reader.row(scan, `vulnerabilities[${at}]`, row, safetyRow));
  list(report['ignored_vulnerabilities']).forEach((row, at) => reader.row(scan, `ignored_vulnerabilities[${at}]`, row, (raw) => safetyRow({ ...raw, ignored: true })));
  return str(meta['safety_version']);
}

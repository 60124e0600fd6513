import { componentOf, parsePurl } from '../../../../shared/security/findings/identity.ts';
import type { Row, Scan, ScanKind } from '../../../../shared/security/findings/report.ts';
import { rate } from '../../../../shared/security/findings/severity.ts';
import { cwesOf, emptyRow, fileOf, fingerprintOf, idsOf, instant, list, need, nowhere, plain, rec, recs, str, whole, type Reader, type Rec } from './untrusted.ts';

/** The name of an image without its tag and digest: the next version of an image is the same target. */
export const imageName = (name: string): string => name.replace(/@sha256:[0-9a-f]+$/i, '').replace(/:[^/:]*$/, '');

/** Scores of the database that Trivy itself took the severity from, then of the national one, then of any. */
function scoreOf(row: Rec): { score: unknown; vector: unknown } {
  const by = rec(row['CVSS']);
  const source = str(row['SeveritySource']) ?? '';
  for (const name of [source, 'nvd', 'ghsa', ...Object.keys(by)]) {
    const one = rec(Object.hasOwn(by, name) ? by[name] : null);
    const score = one['V3Score'] ?? one['V40Score'] ?? one['V2Score'];
    if (typeof score === 'number') return { score, vector: one['V3Vector'] ?? one['V40Vector'] ?? one['V2Vector'] };
  }
  return { score: null, vector: null };
}

function vulnerability(row: Rec, target: string, type: string): Row {
  const name = str(row['PkgName']);
  const component = parsePurl(rec(row['PkgIdentifier'])['PURL']) ?? componentOf(type, need(name, 'noPackage'), str(row['InstalledVersion']));
  const id = need(str(row['VulnerabilityID']), 'noId');
  const { score, vector } = scoreOf(row);
  return {
    ...emptyRow('vulnerability'), title: plain(row['Title'], 200) || `${id} ${component.name}`, description: plain(row['Description'], 2000), rating: rate(score, vector, row['Severity']),
    ids: idsOf(id, list(row['VendorIDs'])), cwes: cwesOf(list(row['CweIDs'])), fix: str(row['FixedVersion'])?.slice(0, 200) ?? null,
    place: { ...nowhere, component: { ...component, version: str(row['InstalledVersion'])?.slice(0, 120) ?? component.version }, file: fileOf(row['PkgPath']) ?? fileOf(target), layer: str(rec(row['Layer'])['Digest'])?.slice(0, 100) ?? null },
    statement: null,
  };
}

/** The lines that Trivy marks as the cause, without their numbers. */
const causeOf = (row: Rec): string => recs(rec(rec(row['CauseMetadata'])['Code'])['Lines']).filter((line) => line['IsCause'] === true).map((line) => str(line['Content']) ?? '').join('\n');

function misconfiguration(row: Rec, target: string): Row | null {
  if (row['Status'] === 'PASS' || row['Status'] === 'EXCEPTION') return null;
  const rule = need(str(row['AVDID']) ?? str(row['ID']), 'noRule').slice(0, 80);
  return {
    ...emptyRow('code'), title: plain(row['Title'], 200) || rule, description: plain(row['Message'] ?? row['Description'], 2000), rating: rate(null, null, row['Severity']), rule, fix: plain(row['Resolution'], 300) || null,
    place: { ...nowhere, file: need(fileOf(target), 'noPlace'), line: whole(rec(row['CauseMetadata'])['StartLine']) }, fingerprint: fingerprintOf(causeOf(row), null, row['Message']),
  };
}

/** Where a secret lies, never the secret: what Trivy matched is not kept, masked or not. */
function secret(row: Rec, target: string): Row {
  const rule = need(str(row['RuleID']), 'noRule').slice(0, 80);
  return {
    ...emptyRow('code'), title: plain(row['Title'], 200) || rule, description: plain(row['Category'], 200), rating: rate(null, null, row['Severity']), rule, cwes: [798],
    place: { ...nowhere, file: need(fileOf(target), 'noPlace'), line: whole(row['StartLine']), layer: str(rec(row['Layer'])['Digest'])?.slice(0, 100) ?? null }, fingerprint: fingerprintOf(null, `${rule} ${str(row['Match']) ?? ''}`, null),
  };
}

/** Trivy's report, schema version 2 (`trivy … --format json`). */
export const isTrivy = (report: Rec): boolean => (report['SchemaVersion'] === 2 && ('ArtifactName' in report || 'Results' in report)) || (Array.isArray(report['Results']) && 'ArtifactType' in report);

/** What a class of results looks at; licences and the like are nobody's finding here. */
const kindOfClass = (name: string | null, ofPackages: ScanKind): ScanKind | null => {
  if (name === 'os-pkgs' || name === 'lang-pkgs') return ofPackages;
  return name === 'secret' ? 'secrets' : name === 'config' ? 'configuration' : null;
};

/**
 * Trivy looks for what it is told to and does not say what that was: each class of results is a scan of its own, and one that does not
 * occur was not looked at. A secret that is gone says nothing about packages.
 */
export function readTrivy(report: Rec, reader: Reader): string | null {
  const type = str(report['ArtifactType']) ?? '';
  const isImage = type === 'container_image' || type === 'vm';
  const ofPackages: ScanKind = isImage ? 'images' : 'dependencies';
  const name = str(report['ArtifactName']);
  const about = { tool: 'trivy', toolVersion: str(rec(report['Trivy'])['Version']), target: name === null || name === '.' ? null : isImage ? imageName(name) : name, scannedAt: instant(report['CreatedAt']) };
  const scans = new Map<ScanKind, Scan>();
  const scanOf = (kind: ScanKind): Scan => {
    const scan = scans.get(kind) ?? reader.scan({ ...about, kind });
    scans.set(kind, scan);
    return scan;
  };
  list(report['Results']).forEach((result, at) => {
    const place = `Results[${at}]`;
    const of = rec(result);
    const target = str(of['Target']) ?? '';
    const kind = kindOfClass(str(of['Class']), ofPackages);
    if (kind !== null) scanOf(kind);
    list(of['Vulnerabilities']).forEach((row, index) => reader.row(scanOf(ofPackages), `${place}.Vulnerabilities[${index}]`, row, (raw) => vulnerability(raw, of['Class'] === 'os-pkgs' ? '' : target, str(of['Type']) ?? '')));
    list(of['Misconfigurations']).forEach((row, index) => reader.row(scanOf('configuration'), `${place}.Misconfigurations[${index}]`, row, (raw) => misconfiguration(raw, target)));
    list(of['Secrets']).forEach((row, index) => reader.row(scanOf('secrets'), `${place}.Secrets[${index}]`, row, (raw) => secret(raw, target)));
  });
  return str(report['SchemaVersion']);
}

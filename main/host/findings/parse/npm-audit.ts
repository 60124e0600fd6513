import { componentOf } from '../../../../shared/security/findings/identity.ts';
import type { Row } from '../../../../shared/security/findings/report.ts';
import { rate } from '../../../../shared/security/findings/severity.ts';
import { cwesOf, emptyRow, fileOf, idsOf, isRec, list, need, nowhere, plain, rec, recs, str, type Reader, type Rec } from './untrusted.ts';

const cweList = (value: unknown): number[] => cwesOf(Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,\s]+/) : []);

/** npm 6: `advisories`, each with the places where its package is installed. */
function advisoryRow(advisory: Rec): Row {
  const name = need(str(advisory['module_name']), 'noPackage');
  const id = str(advisory['github_advisory_id']) ?? str(advisory['url']) ?? str(advisory['id']);
  const [found] = recs(advisory['findings']);
  const [path] = list(found?.['paths']);
  return {
    ...emptyRow('vulnerability'), title: plain(advisory['title'], 200) || name, description: plain(advisory['overview'], 2000), rating: rate(rec(advisory['cvss'])['score'], rec(advisory['cvss'])['vectorString'], advisory['severity']),
    ids: idsOf(need(id, 'noId'), list(advisory['cves'])), cwes: cweList(advisory['cwe']), fix: str(advisory['patched_versions'])?.slice(0, 200) ?? null,
    place: { ...nowhere, component: componentOf('npm', name, str(found?.['version'])), file: str(path)?.slice(0, 300) ?? null },
  };
}

/** npm 7 and later: `vulnerabilities` by package, whose `via` holds the advisories. Names in `via` are packages on the way: their advisories stand at them. */
function viaRows(entry: Rec, name: string): Row[] {
  const fix = rec(entry['fixAvailable']);
  return recs(entry['via']).map((via): Row => {
    const id = need(str(via['url']) ?? str(via['source']), 'noId');
    const component = componentOf('npm', str(via['dependency']) ?? str(via['name']) ?? name, null);
    return {
      ...emptyRow('vulnerability'), title: plain(via['title'], 200) || component.name, description: `${plain(via['title'], 300)} (${plain(via['range'] ?? entry['range'], 200)})`, rating: rate(rec(via['cvss'])['score'], rec(via['cvss'])['vectorString'], via['severity'] ?? entry['severity']),
      ids: idsOf(id), cwes: cweList(via['cwe']), fix: str(fix['name']) === null ? null : `${str(fix['name']) ?? ''} ${str(fix['version']) ?? ''}`.trim().slice(0, 200), place: { ...nowhere, component, file: fileOf(list(entry['nodes'])[0]) },
    };
  });
}

export const isNpmAudit = (report: Rec): boolean => (isRec(report['advisories']) && 'metadata' in report) || (typeof report['auditReportVersion'] === 'number' && isRec(report['vulnerabilities']));

export function readNpmAudit(report: Rec, reader: Reader): string | null {
  const version = str(report['auditReportVersion']) ?? '1';
  const scan = reader.scan({ tool: 'npm-audit', toolVersion: null, kind: 'dependencies', target: null, scannedAt: null });
  for (const [key, advisory] of Object.entries(rec(report['advisories']))) reader.row(scan, `advisories.${key}`, advisory, advisoryRow);
  if (version !== '1') for (const [key, entry] of Object.entries(rec(report['vulnerabilities']))) reader.row(scan, `vulnerabilities.${key}`, entry, (raw) => viaRows(raw, key));
  return version;
}

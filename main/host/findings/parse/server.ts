import { componentOf } from '../../../../shared/security/findings/identity.ts';
import { scanKinds, type Scan, type ScanKind } from '../../../../shared/security/findings/report.ts';
import { rate } from '../../../../shared/security/findings/severity.ts';
import { cwesOf, emptyRow, fileOf, idsOf, instant, list, need, nowhere, plain, str, type Reader, type Rec } from './untrusted.ts';

/** The list of the ERP itself (`GET /security/vulnerabilities`), put into an envelope by the client that names the server. */
export const isServerList = (report: Rec): boolean => report['format'] === 'valeo-vulnerabilities/1' && Array.isArray(report['vulnerabilities']);

const kindOf = (word: unknown): ScanKind => scanKinds.find((kind) => kind === word) ?? 'dependencies';

export function readServerList(report: Rec, reader: Reader): string | null {
  const scans = new Map<ScanKind, Scan>();
  const scanOf = (kind: ScanKind): Scan => {
    const scan = scans.get(kind) ?? reader.scan({ tool: 'server', toolVersion: null, kind, target: str(report['server']), scannedAt: instant(report['scannedAt']) });
    scans.set(kind, scan);
    return scan;
  };
  for (const kind of list(report['kinds'])) scanOf(kindOf(kind));
  list(report['vulnerabilities']).forEach((row, at) => reader.row(scanOf(kindOf((row as Rec | null)?.['kind'])), `vulnerabilities[${at}]`, row, (raw) => {
    const id = need(str(raw['id']), 'noId');
    const component = componentOf(str(raw['ecosystem']) ?? 'unknown', need(str(raw['package']), 'noPackage'), str(raw['version']));
    const isFixed = /^(fixed|resolved)$/i.test(str(raw['status']) ?? '');
    return {
      ...emptyRow('vulnerability'), title: plain(raw['title'], 200) || `${id} ${component.name}`, description: plain(raw['description'], 2000), rating: rate(raw['cvss'], raw['vector'], raw['severity']), ids: idsOf(id, list(raw['aliases'])),
      cwes: cwesOf(list(raw['cwes'])), fix: str(raw['fixedIn'])?.slice(0, 200) ?? null, place: { ...nowhere, component, file: fileOf(raw['location']) }, statement: isFixed ? { state: 'fixed', detail: plain(raw['status'], 40) } : null,
    };
  }));
  return '1';
}

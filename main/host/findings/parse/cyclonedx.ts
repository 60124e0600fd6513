import { componentOf, parsePurl } from '../../../../shared/security/findings/identity.ts';
import type { Component, Row, Statement } from '../../../../shared/security/findings/report.ts';
import { rate, ratingOfWord, severities, type Rating } from '../../../../shared/security/findings/severity.ts';
import { imageName } from './trivy.ts';
import { cwesOf, emptyRow, idsOf, instant, list, need, nowhere, plain, rec, recs, str, UnusableRow, type Reader, type Rec } from './untrusted.ts';

const methods = ['CVSSv4', 'CVSSv31', 'CVSSv3', 'CVSSv2'];

/** Of several ratings the newest method's, the worst of these. */
function ratingOf(ratings: readonly Rec[]): Rating {
  const scored = methods.map((method) => ratings.filter((one) => one['method'] === method && Number(one['score']) > 0)).find((some) => some.length > 0) ?? ratings;
  const all = scored.map((one) => rate(one['score'], one['vector'], one['severity']));
  return all.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))[0] ?? ratingOfWord(null);
}

/** CycloneDX 1.4 to 1.6, `vulnerabilities[].analysis.state`. */
const states: Readonly<Record<string, Statement['state']>> = { not_affected: 'notAffected', false_positive: 'notAffected', resolved: 'fixed', resolved_with_pedigree: 'fixed', exploitable: 'affected', in_triage: 'affected' };

function statementOf(analysis: Rec): Statement | null {
  const state = states[str(analysis['state']) ?? ''];
  if (state === undefined) return null;
  return { state, detail: [str(analysis['state'])?.replaceAll('_', ' '), str(analysis['justification'])?.replaceAll('_', ' '), plain(analysis['detail'], 300)].filter((text) => text !== undefined && text !== '').join(' · ').slice(0, 400) };
}

const componentFrom = (component: Rec): Component | null => {
  const name = str(component['name']);
  return parsePurl(component['purl']) ?? (name === null ? null : componentOf('unknown', [str(component['group']), name].filter((part) => part !== null).join('/'), str(component['version'])));
};

/** Every component by the name that the rest of the document calls it, those inside others too. */
function componentsByRef(report: Rec): Map<string, Component> {
  const found = new Map<string, Component>();
  const walk = (components: readonly Rec[]): void => {
    for (const component of components) {
      const ref = str(component['bom-ref']);
      const made = componentFrom(component);
      if (ref !== null && made !== null) found.set(ref, made);
      walk(recs(component['components']));
    }
  };
  walk([rec(rec(report['metadata'])['component']), ...recs(report['components'])]);
  return found;
}

/** A reference may lead into another document (`urn:cdx:…#ref`); what stands behind the # is often a package URL. */
function resolve(ref: string, known: ReadonlyMap<string, Component>): Component | null {
  const own = known.get(ref);
  if (own !== undefined) return own;
  const text = ref.startsWith('urn:cdx:') ? ref.slice(ref.indexOf('#') + 1) : ref;
  try {
    return known.get(text) ?? parsePurl(decodeURIComponent(text)) ?? parsePurl(text);
  } catch {
    return parsePurl(text);
  }
}

function vulnerabilityRows(row: Rec, known: ReadonlyMap<string, Component>): Row[] {
  const id = need(str(row['id']), 'noId');
  const common = {
    ...emptyRow('vulnerability'), description: plain(row['description'] ?? row['detail'], 2000), rating: ratingOf(recs(row['ratings'])), ids: idsOf(id, recs(row['references']).map((one) => one['id'])), cwes: cwesOf(list(row['cwes'])),
    fix: plain(row['recommendation'], 300) || null, statement: statementOf(rec(row['analysis'])),
  };
  const rows = recs(row['affects']).flatMap((affected): Row[] => {
    const component = resolve(str(affected['ref']) ?? '', known);
    if (component === null) return [];
    const version = component.version ?? str(recs(affected['versions']).find((one) => one['status'] !== 'unaffected')?.['version']);
    return [{ ...common, title: `${id} ${component.name}`.slice(0, 200), place: { ...nowhere, component: { ...component, version } } }];
  });
  if (rows.length === 0) throw new UnusableRow('noPackage');
  return rows;
}

/** A bill of materials that says nothing about vulnerabilities was not looked through for any; one that has looked and found none says so with an empty list. */
export const isPartsList = (report: Rec): boolean => isCycloneDx(report) && !Array.isArray(report['vulnerabilities']);

/** CycloneDX with vulnerabilities, as JSON or as XML in the same shape; with or without a VEX analysis. */
export const isCycloneDx = (report: Rec): boolean => report['bomFormat'] === 'CycloneDX';

export function readCycloneDx(report: Rec, reader: Reader): string | null {
  const metadata = rec(report['metadata']);
  const about = rec(metadata['component']);
  const tools = [...recs(metadata['tools']), ...recs(rec(metadata['tools'])['components'])];
  const made = str(tools[0]?.['name'])?.toLowerCase().replaceAll(/\s+/g, '-') ?? '';
  const isImage = about['type'] === 'container';
  const name = str(about['name']);
  const scan = reader.scan({
    tool: `cyclonedx${made === '' ? '' : `:${made}`}`.slice(0, 60), toolVersion: str(tools[0]?.['version']), kind: isImage ? 'images' : 'dependencies',
    target: name === null ? null : isImage ? imageName(name) : [str(about['group']), name].filter((part) => part !== null).join('/'), scannedAt: instant(metadata['timestamp']),
  });
  const known = componentsByRef(report);
  list(report['vulnerabilities']).forEach((row, at) => reader.row(scan, `vulnerabilities[${at}]`, row, (raw) => vulnerabilityRows(raw, known)));
  return str(report['specVersion']);
}

import { componentOf, parsePurl } from '../../../../shared/security/findings/identity.ts';
import type { Row, Statement } from '../../../../shared/security/findings/report.ts';
import { rate } from '../../../../shared/security/findings/severity.ts';
import { imageName } from './trivy.ts';
import { cwesOf, emptyRow, fileOf, idsOf, instant, isRec, list, need, nowhere, plain, rec, recs, str, type Reader, type Rec } from './untrusted.ts';

/** The highest version of CVSS that is there, of this vulnerability or of those that it is another name of. */
function scoreOf(match: Rec): { score: unknown; vector: unknown } {
  const all = [rec(match['vulnerability']), ...recs(match['relatedVulnerabilities'])].flatMap((one) => recs(one['cvss']));
  const best = all.toSorted((a, b) => (str(b['version']) ?? '').localeCompare(str(a['version']) ?? ''))[0];
  return { score: rec(best?.['metrics'])['baseScore'] ?? null, vector: best?.['vector'] ?? null };
}

/** What a VEX document says stands in a rule with its status (OpenVEX). */
const vexStates: Readonly<Record<string, Statement['state']>> = { not_affected: 'notAffected', fixed: 'fixed', affected: 'affected', under_investigation: 'affected' };

/** Why Grype has set a match aside. That there is no version yet that mends it (`--only-fixed`) makes nothing harmless, so that is no statement at all. */
function statementOf(rules: readonly Rec[]): Statement | null {
  const said = rules.find((rule) => str(rule['vex-status']) !== null);
  const state = vexStates[str(said?.['vex-status'])?.toLowerCase() ?? ''];
  if (state !== undefined) return { state, detail: plain(said?.['vex-justification'] ?? said?.['reason'], 300).replaceAll('_', ' ') };
  const own = rules.filter((rule) => str(rule['fix-state']) === null);
  if (rules.length > 0 && own.length === 0) return null;
  return { state: 'ignored', detail: plain(own.map((rule) => str(rule['reason']) ?? str(rule['namespace']) ?? '').find((text) => text !== ''), 300) };
}

function matchRow(match: Rec, isIgnored: boolean): Row {
  const about = rec(match['vulnerability']);
  const artifact = rec(match['artifact']);
  const id = need(str(about['id']), 'noId');
  const version = str(artifact['version']);
  const component = parsePurl(artifact['purl']) ?? componentOf(str(artifact['type']) ?? '', need(str(artifact['name']), 'noPackage'), version);
  const [location] = recs(artifact['locations']);
  const { score, vector } = scoreOf(match);
  const fixed = list(rec(about['fix'])['versions']).map(str).filter((each) => each !== null);
  const related = recs(match['relatedVulnerabilities']);
  return {
    ...emptyRow('vulnerability'), title: `${id} ${component.name}`.slice(0, 200), description: plain(about['description'], 2000) || plain(related[0]?.['description'], 2000), rating: rate(score, vector, about['severity']),
    ids: idsOf(id, related.map((one) => one['id'])), cwes: cwesOf(recs(about['cwes']).map((one) => one['cwe'])), fix: fixed.join(', ').slice(0, 200) || null,
    place: { ...nowhere, component: { ...component, version: version?.slice(0, 120) ?? component.version }, file: fileOf(location?.['path']), layer: str(location?.['layerID'])?.slice(0, 100) ?? null },
    statement: isIgnored ? statementOf(recs(match['appliedIgnoreRules'])) : null,
  };
}

/** Grype's report (`grype … -o json`). */
export const isGrype = (report: Rec): boolean => Array.isArray(report['matches']) && (isRec(report['descriptor']) || isRec(report['source']));

export function readGrype(report: Rec, reader: Reader): string | null {
  const source = rec(report['source']);
  const descriptor = rec(report['descriptor']);
  const target = source['target'];
  const name = str(target) ?? str(rec(target)['userInput']);
  const isImage = source['type'] === 'image';
  const scan = reader.scan({ tool: 'grype', toolVersion: str(descriptor['version']), kind: isImage ? 'images' : 'dependencies', target: name === null || name === '.' ? null : isImage ? imageName(name) : name, scannedAt: instant(descriptor['timestamp']) });
  list(report['matches']).forEach((match, at) => reader.row(scan, `matches[${at}]`, match, (raw) => matchRow(raw, false)));
  // What a VEX document or a rule has set aside: still in the image.
  list(report['ignoredMatches']).forEach((match, at) => reader.row(scan, `ignoredMatches[${at}]`, match, (raw) => matchRow(raw, true)));
  return str(descriptor['version']);
}

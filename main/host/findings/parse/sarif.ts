import { componentOf, parsePurl } from '../../../../shared/security/findings/identity.ts';
import type { Component, Row, Scan, ScanKind } from '../../../../shared/security/findings/report.ts';
import { rate } from '../../../../shared/security/findings/severity.ts';
import { imageName } from './trivy.ts';
import { cwesOf, emptyRow, fileOf, fingerprintOf, idsOf, instant, isRec, list, need, nowhere, plain, rec, recs, str, whole, type Reader, type Rec } from './untrusted.ts';

/** Tools whose SARIF has a fuller sister format share its name, so that both reports are one tool. */
const toolOf = (name: string): string => {
  const plainName = name.trim().toLowerCase();
  if (/^(owasp )?zap|zaproxy/.test(plainName)) return 'zap';
  if (/^(anchore )?grype|^anchore container vuln/.test(plainName)) return 'grype';
  return plainName.replaceAll(/\s+/g, '-').slice(0, 60) || 'sarif';
};

/** Which file a number or an id of a rule stands for, with the driver's and the extensions' rules. */
function rulesOf(run: Rec): { byId: Map<string, Rec>; byIndex: Rec[] } {
  const tool = rec(run['tool']);
  const byIndex = list(rec(tool['driver'])['rules']).map(rec);
  const all = [...byIndex, ...recs(tool['extensions']).flatMap((extension) => recs(extension['rules']))];
  return { byId: new Map(all.map((rule) => [str(rule['id']) ?? '', rule])), byIndex };
}

const message = (value: unknown): string => plain(rec(value)['text'] ?? rec(value)['markdown'], 2000);

/** The file of a location; one of an index is looked up in the run's artifacts. */
function addressOf(physical: Rec, run: Rec): string | null {
  const location = rec(physical['artifactLocation']);
  const own = str(location['uri']);
  if (own !== null) return own;
  const index = location['index'];
  return typeof index === 'number' ? str(rec(rec(list(run['artifacts'])[index])['location'])['uri']) : null;
}

type Package = { name: string | null; version: string | null; fix: string | null; type: string | null };

/** Scanners of packages write a package into a file's place, and its name into words: "Package: x" by the line, or Grype's sentence. */
function packageIn(text: string): Package {
  const line = (label: string): string | null => new RegExp(`(?:^|\\s)${label}:[ \\t]*([^\\s|]+)`, 'i').exec(text)?.[1]?.replace(/[,;.]+$/, '') ?? null;
  const [, type = null, name = null, version = null] = /vulnerability in (\S+) package: (\S+?), version (\S+) was found/i.exec(text) ?? [];
  if (name !== null) return { name, version, fix: null, type };
  return { name: line('Package'), version: line('Installed Version') ?? line('Version'), fix: line('Fixed Version') ?? line('Fix Version'), type: line('Type') };
}

/** What a result of a scanner of packages is about: its package URL, otherwise what its message says, otherwise its rule. */
function packageOf(result: Rec, rule: Rec): { component: Component; fix: string | null } {
  const properties = rec(rule['properties']);
  const [said, known] = [packageIn(str(rec(result['message'])['text']) ?? ''), packageIn(str(rec(rule['help'])['text']) ?? '')];
  const [purl, ...others] = list(properties['purls']).map(parsePurl).filter((component) => component !== null);
  const type = str(properties['packageType']) ?? str(rec(result['properties'])['ecosystem']) ?? said.type ?? known.type ?? 'unknown';
  const named = purl !== undefined && others.length === 0 ? purl : componentOf(type, need(said.name ?? known.name, 'noPackage'), null);
  return { component: { ...named, version: said.version ?? named.version ?? known.version }, fix: said.fix ?? known.fix };
}

function resultRow(result: Rec, run: Rec, rules: ReturnType<typeof rulesOf>): Row | null {
  // Passed checks, and what a comparison with a baseline says is gone.
  if (typeof result['kind'] === 'string' && !['fail', 'open', 'review'].includes(result['kind'])) return null;
  if (result['baselineState'] === 'absent') return null;
  const reference = rec(result['rule']);
  const at = result['ruleIndex'] ?? reference['index'];
  const id = str(result['ruleId']) ?? str(reference['id']) ?? (typeof at === 'number' ? str(rules.byIndex[at]?.['id']) : null);
  const ruleId = need(id, 'noRule').slice(0, 120);
  const rule = rules.byId.get(ruleId) ?? (typeof at === 'number' ? rec(rules.byIndex[at]) : {});
  const properties = rec(rule['properties']);
  const own = rec(result['properties']);
  const [location] = recs(result['locations']);
  const physical = rec(location?.['physicalLocation']);
  const region = rec(physical['region']);
  const address = addressOf(physical, run);
  const text = message(result['message']);
  const word = result['level'] ?? rec(rule['defaultConfiguration'])['level'] ?? 'warning';
  const score = own['security-severity'] ?? properties['security-severity'];
  const title = plain(rec(rule['shortDescription'])['text'], 200) || plain(rule['name'], 200) || text.slice(0, 200) || ruleId;
  const cwes = cwesOf([...list(properties['tags']), ...list(properties['cwe']), properties['cwe'], ...list(own['cwe']), ...recs(rule['relationships']).map((one) => rec(one['target'])['id']), ...recs(result['taxa']).map((one) => one['id'])]);
  const suppressed = recs(result['suppressions']).find((one) => one['status'] === undefined || one['status'] === 'accepted');
  const common = {
    title, description: text || plain(rec(rule['fullDescription'])['text'], 2000), rating: rate(score, null, word), cwes,
    statement: suppressed === undefined ? null : { state: 'ignored' as const, detail: plain(suppressed['justification'] ?? suppressed['kind'], 300) },
  };
  const names = idsOf(ruleId, list(properties['tags'])).filter((each) => /^(CVE|GHSA|PYSEC|RUSTSEC|GO)-/.test(each));
  const [name] = names;
  if (name !== undefined) {
    const { component, fix } = packageOf(result, rule);
    return { ...emptyRow('vulnerability'), ...common, ids: names, fix, place: { ...nowhere, component, file: fileOf(address) } };
  }
  if (address !== null && /^https?:\/\//i.test(address)) {
    return { ...emptyRow('web'), ...common, rule: ruleId, fix: plain(rec(rule['help'])['text'], 300) || null, place: { ...nowhere, url: address.slice(0, 500), parameter: str(own['param'])?.slice(0, 120) ?? null } };
  }
  const prints = rec(result['partialFingerprints']);
  const code = rec(region['snippet'])['text'];
  return {
    ...emptyRow('code'), ...common, rule: ruleId, fix: plain(rec(recs(result['fixes'])[0]?.['description'])['text'], 300) || null,
    place: { ...nowhere, file: need(fileOf(address), 'noPlace'), line: whole(region['startLine']) },
    fingerprint: fingerprintOf(code, prints['primaryLocationLineHash'] ?? prints['matchBasedId/v1'] ?? Object.values(prints)[0], text),
  };
}

const scanKindOf = (rows: readonly Row[], isImage: boolean): ScanKind => {
  if (isImage) return 'images';
  const most = (kind: Row['kind']): boolean => rows.filter((row) => row.kind === kind).length * 2 > rows.length;
  return most('vulnerability') ? 'dependencies' : most('web') ? 'dynamic' : 'static';
};

/** Trivy puts secrets and settings into the run of the packages, under these names of rules; having found one does not mean that it has looked for the others. */
const trivyKinds: Readonly<Record<string, ScanKind>> = { Secret: 'secrets', Misconfiguration: 'configuration' };

/** SARIF 2.1.0 (OASIS); each run is a scan of its own, runs of one scope are joined when they are taken. */
export const isSarif = (report: Rec): boolean => Array.isArray(report['runs']) && (typeof report['version'] === 'string' || /sarif/i.test(str(report['$schema']) ?? ''));

export function readSarif(report: Rec, reader: Reader): string | null {
  list(report['runs']).forEach((each, number) => {
    if (!isRec(each)) return;
    const driver = rec(rec(each['tool'])['driver']);
    const rules = rulesOf(each);
    const image = str(rec(each['properties'])['imageName']);
    const tool = toolOf(str(driver['name']) ?? '');
    const repository = str(recs(each['versionControlProvenance'])[0]?.['repositoryUri']);
    const [invocation] = recs(each['invocations']);
    // The category of an automation id, without the number of the run (SARIF 3.17.3).
    const category = str(rec(each['automationDetails'])['id'])?.replace(/\/[^/]*$/, '').replace(/\/$/, '') ?? '';
    const target = image === null ? repository : imageName(image);
    const about = {
      // Tools that look at one language after the other name each by its category: none of them sees what the others see.
      tool, toolVersion: str(driver['semanticVersion']) ?? str(driver['version']), target: target ?? (category === '' ? null : category), part: target === null ? '' : category,
      scannedAt: instant(invocation?.['endTimeUtc']) ?? instant(invocation?.['startTimeUtc']),
    };
    const scans = new Map<ScanKind, Scan>();
    const scanOf = (kind: ScanKind): Scan => {
      const scan = scans.get(kind) ?? reader.scan({ ...about, kind });
      scans.set(kind, scan);
      return scan;
    };
    // An empty run of Trivy's does not say what it has looked for.
    if (tool !== 'trivy') scanOf('static');
    list(each['results']).forEach((result, at) => {
      const kind = tool === 'trivy' ? trivyKinds[str(rules.byId.get(str(rec(result)['ruleId']) ?? '')?.['name']) ?? ''] : undefined;
      reader.row(scanOf(kind ?? 'static'), `runs[${number}].results[${at}]`, result, (raw) => resultRow(raw, each, rules));
    });
    const usual: Readonly<Record<string, ScanKind>> = { zap: 'dynamic', trivy: 'dependencies', grype: 'dependencies' };
    const scan = scans.get('static');
    if (scan !== undefined) scan.kind = scan.rows.length > 0 || image !== null ? scanKindOf(scan.rows, image !== null) : usual[tool] ?? 'static';
  });
  return str(report['version']);
}

import { urlPattern } from '../../../../shared/security/findings/identity.ts';
import type { Row } from '../../../../shared/security/findings/report.ts';
import { rate } from '../../../../shared/security/findings/severity.ts';
import { cwesOf, emptyRow, instant, isRec, list, need, nowhere, plain, rec, recs, str, type Reader, type Rec } from './untrusted.ts';

/** One alert; its instances are one finding for each kind of address and parameter. */
function alertRows(alert: Rec, site: string): Row[] {
  const rule = need(str(alert['pluginid']) ?? str(alert['pluginId']) ?? str(alert['alertRef']), 'noRule').slice(0, 40);
  const title = plain(alert['alert'] ?? alert['name'], 200) || rule;
  const [, risk] = /^(\w+)/.exec(str(alert['riskdesc']) ?? '') ?? [];
  const common = {
    ...emptyRow('web'), title, description: plain(alert['desc'] ?? alert['description'], 2000), rating: rate(null, null, alert['riskcode'] ?? alert['risk'] ?? risk), rule, cwes: cwesOf([alert['cweid'] ?? alert['cweId']]), fix: plain(alert['solution'], 300) || null,
  };
  // ZAP counts a false alarm that somebody marked as confidence 0.
  const statement = str(alert['confidence']) === '0' ? { state: 'ignored' as const, detail: 'false positive' } : null;
  const instances = [...recs(alert['instances']), ...(alert['uri'] !== undefined || alert['url'] !== undefined ? [alert] : [])];
  const rows = new Map<string, Row>();
  for (const instance of instances) {
    const url = str(instance['uri']) ?? str(instance['url']);
    if (url === null) continue;
    const parameter = str(instance['param'])?.slice(0, 120) ?? null;
    const key = `${urlPattern(url)} ${(parameter ?? '').toLowerCase()}`;
    if (!rows.has(key)) rows.set(key, { ...common, statement, place: { ...nowhere, url: plain(url, 500), parameter } });
  }
  if (rows.size === 0) rows.set('', { ...common, statement, place: { ...nowhere, url: need(site === '' ? null : site, 'noPlace') } });
  return [...rows.values()];
}

/** ZAP's traditional JSON report, and its XML report in the same shape; each site is a scan of its own. */
export const isZap = (report: Rec): boolean => Array.isArray(report['site']) && list(report['site']).every((site) => isRec(site) && ('alerts' in site || '@name' in site));

export function readZap(report: Rec, reader: Reader): string | null {
  const scannedAt = instant(report['created']) ?? instant(report['@generated']);
  list(report['site']).forEach((each, number) => {
    const site = rec(each);
    const name = str(site['@name']) ?? '';
    const scan = reader.scan({ tool: 'zap', toolVersion: str(report['@version']), kind: 'dynamic', target: name === '' ? null : name, scannedAt });
    list(site['alerts']).forEach((alert, at) => reader.row(scan, `site[${number}].alerts[${at}]`, alert, (raw) => alertRows(raw, name)));
  });
  return str(report['@version']);
}

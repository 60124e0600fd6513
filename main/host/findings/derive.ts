import { dueAt, severities, type Severity } from '../../../shared/security/findings/severity.ts';
import type { Acceptance, FindingStatus } from '../../../shared/security/findings/finding.ts';
import type { Place, Row, Statement } from '../../../shared/security/findings/report.ts';
import type { SeverityReason } from '../../../shared/security/findings/severity.ts';

/** What one scan says about a finding, as it is stored. */
export type SourceBody = {
  title: string; description: string; reason: SeverityReason; places: Place[]; ids: string[]; cwes: number[]; rule: string | null; fix: string | null; detail: string;
};
export type Source = { tool: string; /** Empty when nobody has said it. */ target: string; present: boolean; lastSeen: number; severity: number; statement: Statement['state'] | null; body: SourceBody };

/** Where a finding is, in one line. */
export function placeText({ component, file, line, url, parameter }: Place): string {
  if (component !== null) return `${component.name}${component.version === null ? '' : `@${component.version}`}`;
  if (url !== null) return parameter === null ? url : `${url} · ${parameter}`;
  return `${file ?? ''}${line === null ? '' : `:${line}`}`;
}

/** A supplier speaks of one product: where something else is affected too, that is as bad as before. Without a target nobody knows what was meant. */
function isHarmless(source: Source, seeing: readonly Source[]): boolean {
  const [latest] = seeing.filter(({ statement }) => statement !== null && statement !== 'ignored').filter((one) => one === source || (source.target !== '' && one.target === source.target)).toSorted((a, b) => b.lastSeen - a.lastSeen);
  return latest?.statement === 'notAffected';
}

/**
 * The state of a finding by what is known about it: gone everywhere is fixed; what a supplier says counts for its own product, as long
 * as no later statement says otherwise; what a tool was told to ignore is open until somebody accepts it here; an acceptance counts until its day.
 */
export function statusOf(sources: readonly Source[], acceptance: Pick<Acceptance, 'until'> | null, now: number): FindingStatus {
  const seeing = sources.filter(({ present }) => present);
  if (seeing.length === 0) return 'fixed';
  if (seeing.every((source) => isHarmless(source, seeing))) return 'notAffected';
  return acceptance !== null && acceptance.until > now ? 'accepted' : 'open';
}

export type Derived = { severity: Severity; tools: string; title: string; place: string; fix: string | null; words: string };

/** What the list shows, from all sources: the worst severity of those that still see it, the first one's words. */
export function derive(kind: Row['kind'], sources: readonly Source[]): Derived {
  const seeing = sources.filter(({ present }) => present);
  const [first, ...others] = seeing.length > 0 ? seeing : sources;
  if (first === undefined) throw new RangeError('a finding without a source');
  const all = [first, ...others];
  const severity = severities[Math.min(...all.map((source) => source.severity))] ?? 'medium';
  const places = [...new Set(all.flatMap(({ body }) => body.places.map(placeText)))];
  const [place = ''] = places;
  const ids = [...new Set(all.flatMap(({ body }) => body.ids))];
  // Some tools know no title: id and package stand in its place there, and another one's says more.
  const { title: said } = (all.find(({ body }) => !body.ids.some((id) => body.title.startsWith(`${id} ${body.places[0]?.component?.name ?? ''}`))) ?? first).body;
  const id = ids.find((each) => each.startsWith('CVE-')) ?? ids[0];
  const title = kind === 'vulnerability' && id !== undefined && !ids.some((each) => said.includes(each)) ? `${id} ${said}` : said;
  return {
    severity, tools: ` ${[...new Set(all.map(({ tool }) => tool))].toSorted().join(' ')} `, title: title.slice(0, 240),
    place: places.length > 1 ? `${place} +${places.length - 1}` : place, fix: all.find(({ body }) => body.fix !== null)?.body.fix ?? null,
    words: [title, ...places.slice(0, 20), ...ids, ...all.map(({ body }) => body.rule ?? ''), ...all.flatMap(({ body }) => body.cwes.map((cwe) => `cwe-${cwe}`))].join(' ').toLowerCase().slice(0, 1000),
  };
}

/** When an open finding is due; null for every other. */
export const dueOf = (status: FindingStatus, severity: Severity, openedAt: number): number | null => (status === 'open' ? dueAt(severity, openedAt) : null);

import type { Finding, FindingEvent, FindingFilter, FindingPage, FindingQuery, FindingRow, FindingSource, FindingSummary, ImportRecord } from '../../../shared/security/findings/finding.ts';
import { scanKinds, type ScanKind, type Statement } from '../../../shared/security/findings/report.ts';
import { severities } from '../../../shared/security/findings/severity.ts';
import type { Reader, Value } from '../db/connection.ts';
import { parseJson } from '../db/repos/document-rows.ts';
import { acceptanceOf, bodyFrom, kindFrom, lastRun, statusCode, statusFrom } from './book.ts';
import { openBySeverity } from './take.ts';

type Row = { id: number; kind: number; severity: number; status: number; due_at: number | null; first_seen: number; last_seen: number; opened_at: number; closed_at: number | null; opened_run: number; tools: string; title: string; place: string; fix: string | null };
const columns = 'id, kind, severity, status, due_at, first_seen, last_seen, opened_at, closed_at, opened_run, tools, title, place, fix';

const toolList = (tools: string): string[] => tools.trim().split(' ').filter((tool) => tool !== '');
const rowFrom = (row: Row, run: number): FindingRow => ({
  id: row.id, kind: kindFrom(row.kind), title: row.title, severity: severities[row.severity] ?? 'medium', status: statusFrom(row.status), place: row.place, tools: toolList(row.tools),
  firstSeen: row.first_seen, lastSeen: row.last_seen, dueAt: row.due_at, fix: row.fix, isNew: row.opened_run === run && run > 0,
});

function condition(filter: FindingFilter, now: number, run: number): { sql: string; values: Value[] } {
  const parts: string[] = [];
  const values: Value[] = [];
  const among = (column: string, codes: readonly number[]): void => {
    if (codes.length > 0) parts.push(`${column} IN (${codes.join(', ')})`);
  };
  among('severity', filter.severities.map((severity) => severities.indexOf(severity)));
  among('status', filter.statuses.map(statusCode));
  if (filter.overdue) {
    parts.push(`status = ${statusCode('open')} AND due_at < ?`);
    values.push(now);
  }
  if (filter.change !== null) {
    parts.push(filter.change === 'new' ? 'opened_run = ?' : 'closed_run = ?');
    values.push(run);
  }
  if (filter.tools.length > 0) {
    parts.push(`(${filter.tools.map(() => 'instr(tools, ?) > 0').join(' OR ')})`);
    values.push(...filter.tools.map((tool) => ` ${tool} `));
  }
  for (const word of filter.text.toLowerCase().split(/\s+/).filter((each) => each !== '').slice(0, 8)) {
    parts.push('instr(words, ?) > 0');
    values.push(word);
  }
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), values };
}

/** Open ones first, then by what was asked for. */
function order({ sort, direction }: Pick<FindingQuery, 'sort' | 'direction'>): string {
  const up = direction === 'asc' ? 'ASC' : 'DESC';
  if (sort === 'severity') return direction === 'desc' ? 'status, severity, due_at, id' : 'status DESC, severity DESC, due_at DESC, id DESC';
  if (sort === 'due') return `due_at IS NULL, due_at ${up}, id ${up}`;
  return `first_seen ${up}, id ${up}`;
}

export function listFindings(reader: Reader, query: FindingQuery, now: number): FindingPage {
  const run = lastRun(reader);
  const { sql, values } = condition(query.filter, now, run);
  const total = reader.value<number>(`SELECT count(*) FROM findings WHERE ${sql}`, ...values) ?? 0;
  const rows = reader.all<Row>(`SELECT ${columns} FROM findings WHERE ${sql} ORDER BY ${order(query)} LIMIT ? OFFSET ?`, ...values, query.limit, query.offset);
  return { rows: rows.map((row) => rowFrom(row, run)), total };
}

export function findingIds(reader: Reader, filter: FindingFilter, now: number, limit: number): number[] {
  const { sql, values } = condition(filter, now, lastRun(reader));
  return reader.values<number>(`SELECT id FROM findings WHERE ${sql} ORDER BY status, severity, due_at, id LIMIT ?`, ...values, limit);
}

type SourceRow = { tool: string; kind: string; target: string; part: string; present: number; first_seen: number; last_seen: number; severity: number; statement: string | null; body: string };

const kindOfScan = (word: string): ScanKind => scanKinds.find((kind) => kind === word) ?? 'dependencies';

export function getFinding(reader: Reader, id: number): Finding | null {
  const row = reader.one<Row>(`SELECT ${columns} FROM findings WHERE id = ?`, id);
  if (row === undefined) return null;
  const bodies = reader.all<SourceRow>('SELECT c.tool, c.kind, c.target, c.part, s.present, s.first_seen, s.last_seen, s.severity, s.statement, s.body FROM finding_sources s JOIN finding_scopes c ON c.id = s.scope WHERE s.finding = ? ORDER BY s.first_seen, s.id', id)
    .map((source) => ({ source, body: bodyFrom(source.body) }));
  const sources = bodies.map(({ source, body }): FindingSource => ({
    tool: source.tool, kind: kindOfScan(source.kind), target: source.target === '' ? null : source.target, part: source.part, present: source.present === 1, firstSeen: source.first_seen, lastSeen: source.last_seen, severity: severities[source.severity] ?? 'medium',
    reason: body.reason, title: body.title, rule: body.rule, places: body.places, fix: body.fix, statement: source.statement === null ? null : { state: source.statement as Statement['state'], detail: body.detail },
  }));
  const events = reader.all<FindingEvent>('SELECT at, what, by, note FROM finding_events WHERE finding = ? ORDER BY id DESC LIMIT 200', id);
  return {
    ...rowFrom(row, lastRun(reader)), description: bodies.map(({ body }) => body.description).find((text) => text !== '') ?? '', ids: [...new Set(bodies.flatMap(({ body }) => body.ids))], cwes: [...new Set(bodies.flatMap(({ body }) => body.cwes))],
    openedAt: row.opened_at, closedAt: row.closed_at, acceptance: row.status === statusCode('accepted') ? acceptanceOf(reader, id) : null, sources,
    events: [...events, { at: row.first_seen, what: 'found', by: null, note: sources[0]?.tool ?? '' }],
  };
}

/** Imports among which the one is looked for that brought the newest scan of a kind. */
const recentImports = 200;

export function summarize(reader: Reader, now: number): FindingSummary {
  const run = lastRun(reader);
  const byStatus = new Map(reader.rows<[number, number]>('SELECT status, count(*) FROM findings GROUP BY status'));
  const scopes = reader.all<{ tool: string; kind: string; target: string; scanned_at: number; claimed: number }>('SELECT tool, kind, target, scanned_at, claimed FROM finding_scopes ORDER BY scanned_at DESC');
  const imports = listImports(reader, recentImports);
  const count = (sql: string, ...values: Value[]): number => reader.value<number>(`SELECT count(*) FROM findings WHERE ${sql}`, ...values) ?? 0;
  return {
    total: [...byStatus.values()].reduce((sum, each) => sum + each, 0), open: openBySeverity(reader), overdue: count('status = 0 AND due_at < ?', now), accepted: byStatus.get(statusCode('accepted')) ?? 0,
    notAffected: byStatus.get(statusCode('notAffected')) ?? 0, fixed: byStatus.get(statusCode('fixed')) ?? 0, isNew: run === 0 ? 0 : count('opened_run = ?', run), gone: run === 0 ? 0 : count('closed_run = ?', run),
    tools: [...new Set(scopes.map(({ tool }) => tool))].toSorted(), lastImport: reader.value<number>('SELECT max(at) FROM finding_imports') ?? null,
    scans: scanKinds.flatMap((kind) => [0, 1].flatMap((claimed) => {
      const newest = scopes.find((scope) => scope.kind === kind && scope.claimed === claimed);
      if (newest === undefined) return [];
      const target = newest.target === '' ? null : newest.target;
      const brought = imports.flatMap(({ by, scans }) => scans.map((scan) => ({ ...scan, by }))).find((scan) => scan.tool === newest.tool && scan.kind === kind && scan.target === target && scan.scannedAt === newest.scanned_at);
      return [{ kind, tool: newest.tool, target, scannedAt: newest.scanned_at, claimed: claimed === 1, by: brought?.by ?? null, isDated: brought?.isDated !== false }];
    })),
    nextExpiry: reader.value<number | null>('SELECT min(a.until) FROM finding_acceptances a JOIN findings f ON f.id = a.finding WHERE f.status = ?', statusCode('accepted')) ?? null,
  };
}

/** Newest first. */
export const listImports = (reader: Reader, limit: number): ImportRecord[] =>
  reader.values<string>('SELECT body FROM finding_imports ORDER BY id DESC LIMIT ?', limit).flatMap((body) => (parseJson(body) as ImportRecord | null) ?? []);

import { findingKinds, statuses, type Acceptance, type EventKind, type FindingStatus } from '../../../shared/security/findings/finding.ts';
import { severities } from '../../../shared/security/findings/severity.ts';
import type { Row } from '../../../shared/security/findings/report.ts';
import type { Reader, Writer } from '../db/connection.ts';
import { parseJson } from '../db/repos/document-rows.ts';
import { derive, dueOf, statusOf, type Source, type SourceBody } from './derive.ts';

export type FindingRecord = { id: number; kind: number; status: number; severity: number; first_seen: number; last_seen: number; opened_at: number; closed_at: number | null; opened_run: number; closed_run: number | null };
type SourceRow = { tool: string; target: string; present: number; last_seen: number; severity: number; statement: string | null; body: string };

export const statusCode = (status: FindingStatus): number => statuses.indexOf(status);
export const statusFrom = (code: number): FindingStatus => statuses[code] ?? 'open';
export const kindFrom = (code: number): Row['kind'] => findingKinds[code] ?? 'vulnerability';

const emptyBody: SourceBody = { title: '', description: '', reason: { kind: 'word', word: 'unknown', note: 'unknown' }, places: [], ids: [], cwes: [], rule: null, fix: null, detail: '' };
/** What stands in a source; written by this program, but a rescued row may be damaged. */
export const bodyFrom = (text: string): SourceBody => ({ ...emptyBody, ...(parseJson(text) as Partial<SourceBody> | null) });

export function sourcesOf(reader: Reader, finding: number): Source[] {
  return reader.all<SourceRow>('SELECT c.tool, c.target, s.present, s.last_seen, s.severity, s.statement, s.body FROM finding_sources s JOIN finding_scopes c ON c.id = s.scope WHERE s.finding = ? ORDER BY s.first_seen, s.id', finding)
    .map((row) => ({ tool: row.tool, target: row.target, present: row.present === 1, lastSeen: row.last_seen, severity: row.severity, statement: row.statement as Source['statement'], body: bodyFrom(row.body) }));
}

export const acceptanceOf = (reader: Reader, finding: number): Acceptance | null => reader.one<Acceptance>('SELECT reason, until, by, at FROM finding_acceptances WHERE finding = ?', finding) ?? null;

export function addEvent(writer: Writer, finding: number, event: { at: number; what: EventKind; by?: string | null; note?: string }): void {
  writer.run('INSERT INTO finding_events (finding, at, what, by, note) VALUES (?, ?, ?, ?, ?)', finding, Math.round(event.at), event.what, event.by ?? null, (event.note ?? '').slice(0, 1000));
}

/** Number of the run whose changes count as the last ones. */
export const lastRun = (reader: Reader): number => reader.value<number>('SELECT max(run) FROM finding_imports') ?? 0;

const transitions: Readonly<Partial<Record<FindingStatus, EventKind>>> = { fixed: 'fixed', open: 'reopened', notAffected: 'notAffected' };

/**
 * Brings a finding's own row up to what its sources, its acceptance and the time say.
 * @param run number of the import that this is for; null for anything else @returns its state before and after; null when there is no such finding
 */
export function refresh(writer: Writer, finding: number, now: number, run: number | null, note = ''): { before: FindingStatus; after: FindingStatus } | null {
  const row = writer.one<FindingRecord>('SELECT id, kind, status, severity, first_seen, last_seen, opened_at, closed_at, opened_run, closed_run FROM findings WHERE id = ?', finding);
  if (row === undefined) return null;
  const sources = sourcesOf(writer, finding);
  if (sources.length === 0) return null;
  const acceptance = row.status === statusCode('accepted') || run !== null ? acceptanceOf(writer, finding) : null;
  const before = statusFrom(row.status);
  const after = statusOf(sources, acceptance, now);
  const shown = derive(kindFrom(row.kind), sources);
  const isBack = before === 'fixed' && after === 'open';
  const isClosed = after === 'fixed' && before !== 'fixed';
  const openedAt = isBack ? now : row.opened_at;
  const lastSeen = Math.max(...sources.map((source) => source.lastSeen));
  writer.run(
    'UPDATE findings SET first_seen = min(first_seen, (SELECT min(first_seen) FROM finding_sources WHERE finding = findings.id)), severity = ?, status = ?, due_at = ?, last_seen = ?, opened_at = ?, closed_at = ?, opened_run = ?, closed_run = ?, tools = ?, title = ?, place = ?, fix = ?, words = ? WHERE id = ?',
    severities.indexOf(shown.severity), statusCode(after), dueOf(after, shown.severity, openedAt), lastSeen, openedAt, after === 'fixed' ? row.closed_at ?? now : null,
    isBack ? run ?? row.opened_run : row.opened_run, isClosed ? run ?? row.closed_run : after === 'fixed' ? row.closed_run : null, shown.tools, shown.title, shown.place, shown.fix, shown.words, finding,
  );
  const event = transitions[after];
  // Whoever ends an acceptance says so themselves.
  if (before !== after && event !== undefined && !(after === 'open' && before === 'accepted')) addEvent(writer, finding, { at: now, what: event, note });
  return { before, after };
}

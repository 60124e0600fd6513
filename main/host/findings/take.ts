import { noneBySeverity, type BySeverity, type ImportRecord } from '../../../shared/security/findings/finding.ts';
import { severities } from '../../../shared/security/findings/severity.ts';
import type { Reading, Row } from '../../../shared/security/findings/report.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Reader, Writer } from '../db/connection.ts';
import { Aliases } from './aliases.ts';
import { addEvent, lastRun, refresh, statusCode } from './book.ts';
import { derive, dueOf, statusOf, type Source } from './derive.ts';
import { groupRows, type Group } from './group.ts';
import { mergeInto, type KeyBook } from './merge.ts';
import { joinScans, type WholeScan } from './join-scans.ts';
import { UnknownEcosystems } from './unknown-ecosystem.ts';
import { findingKinds } from '../../../shared/security/findings/finding.ts';

/** One transaction whose parts let others in between. Rolled back when a part throws. */
export type Steps = { mayBegin(): boolean; run(work: (writer: Writer) => void, last: boolean): void };
export type Take = { id: string; file: string; target: string | null; by: string; now: number; continues: boolean; claimed: boolean };
export type Progress = { done: number; total: number; isStopped: boolean };

/** Things in one part: some milliseconds of the host. */
const partSize = 150;

type Scope = { id: number; scannedAt: number; isOlder: boolean; closes: boolean; /** Scope without parts that this part is taken out of, on its first scan. */ whole: number | null };
type Counts = Pick<ImportRecord, 'rows' | 'opened' | 'reopened' | 'known' | 'closed' | 'merged'>;

export function openBySeverity(reader: Reader): BySeverity {
  const counts = noneBySeverity();
  for (const [severity, count] of reader.rows<[number, number]>('SELECT severity, count(*) FROM findings WHERE status = ? GROUP BY severity', statusCode('open'))) counts[severities[severity] ?? 'info'] = count;
  return counts;
}

/** Takes a report that could not be used into the history. */
export function rememberRefusal(writer: Writer, take: Take, about: Pick<ImportRecord, 'format' | 'refused' | 'rows' | 'unusable' | 'faults'>): ImportRecord {
  const record: ImportRecord = { id: take.id, at: take.now, by: take.by, file: take.file, scans: [], opened: 0, reopened: 0, known: 0, closed: 0, merged: 0, open: openBySeverity(writer), ...about };
  writer.run('INSERT OR REPLACE INTO finding_imports (uuid, run, at, body) VALUES (?, ?, ?, ?)', take.id, lastRun(writer), Math.round(take.now), JSON.stringify(record));
  return record;
}

/** Takes a report into the database: finds what is known, closes what its scans no longer see, remembers what it did. */
export class Taker {
  readonly #take: Take;
  readonly #run: number;
  readonly #keys: KeyBook;
  readonly #aliases: Aliases;
  readonly #unknown: UnknownEcosystems;
  readonly #counts: Counts = { rows: 0, opened: 0, reopened: 0, known: 0, closed: 0, merged: 0 };

  constructor(reader: Writer, take: Take) {
    this.#take = take;
    this.#run = lastRun(reader) + (take.continues ? 0 : 1);
    this.#keys = { findings: new Map(reader.rows<[string, number]>('SELECT key, finding FROM finding_keys')), reverse: null };
    this.#aliases = new Aliases(reader);
    this.#unknown = new UnknownEcosystems(this.#keys.findings.keys());
  }

  *work(steps: Steps, reading: Reading, progress: Progress): Generator<void, ImportRecord> {
    const scans: ImportRecord['scans'] = [];
    const parts = function* <T>(items: readonly T[], work: (writer: Writer, item: T) => void): Generator<void> {
      for (let from = 0; from < items.length; from += partSize) {
        steps.run((writer) => {
          if (progress.isStopped) throw failure('call.cancelled');
          for (const item of items.slice(from, from + partSize)) work(writer, item);
        }, false);
        progress.done += Math.min(partSize, items.length - from);
        yield;
      }
    };
    for (const scan of reading.scans) for (const row of scan.rows) if (row.kind === 'vulnerability') this.#aliases.learn(row);
    for (const scan of joinScans(reading.scans, this.#take.target)) {
      const groups = yield* groupRows(scan.rows, scan.tool, (row) => this.#aliases.keys(row));
      progress.total += groups.length - scan.rows.length;
      let scope: Scope | null = null;
      steps.run((writer) => { scope = this.#scope(writer, scan, reading.unusableCount === 0); }, false);
      const of = scope as Scope | null;
      if (of === null) throw new RangeError('no scope');
      yield* this.#scan(steps, scan, of, groups, parts);
      scans.push({ tool: scan.tool, toolVersion: scan.toolVersion?.slice(0, 60) ?? null, kind: scan.kind, target: scan.target === '' ? null : scan.target, part: scan.part, scannedAt: of.scannedAt, closes: of.closes, isOlder: of.isOlder, isDated: scan.scannedAt !== null });
      this.#counts.rows += scan.rows.length;
    }
    let record: ImportRecord | null = null;
    steps.run((writer) => {
      this.#aliases.store(writer);
      const { id, now, by, file } = this.#take;
      record = { id, at: now, by, file, format: reading.format, refused: null, scans, ...this.#counts, unusable: reading.unusableCount, faults: reading.unusable, open: openBySeverity(writer) };
      writer.run('INSERT OR REPLACE INTO finding_imports (uuid, run, at, body) VALUES (?, ?, ?, ?)', id, this.#run, Math.round(now), JSON.stringify(record));
    }, true);
    if (record === null) throw new RangeError('no record');
    return record;
  }

  *#scan(steps: Steps, scan: WholeScan, scope: Scope, groups: readonly Group[], parts: <T>(items: readonly T[], work: (writer: Writer, item: T) => void) => Generator<void>): Generator<void> {
    const before = new Map<number, { present: boolean; moved: string | null }>();
    const seen = new Set<number>();
    const unknown: Group[] = [];
    steps.run((writer) => {
      for (const [finding, present, moved] of writer.rows<[number, number, string | null]>('SELECT finding, present, moved FROM finding_sources WHERE scope = ?', scope.id)) before.set(finding, { present: present === 1, moved });
    }, false);
    yield* parts(groups, (writer, group) => {
      const hits = [...new Set([...group.keys].flatMap((key) => this.#keys.findings.get(key) ?? []))].toSorted((a, b) => a - b);
      const [finding = this.#unknown.find(writer, group.keys), ...others] = hits;
      // What may be a renamed file waits until it is clear what is gone.
      if (finding === undefined) {
        if (group.moved !== null && before.size > 0) unknown.push(group);
        else seen.add(this.#create(writer, scan, scope, group));
        return;
      }
      for (const other of others) {
        mergeInto(writer, this.#keys, finding, other, this.#take.now);
        if (before.has(other)) before.set(finding, before.get(finding) ?? { present: true, moved: null });
        before.delete(other);
        this.#counts.merged++;
      }
      this.#update(writer, scan, scope, finding, group);
      seen.add(finding);
    });
    const lost = new Map<string, number[]>();
    for (const [finding, { present, moved }] of before) if (present && moved !== null && !seen.has(finding)) lost.set(moved, [...(lost.get(moved) ?? []), finding]);
    const found = new Map<string, number>();
    for (const { moved } of unknown) found.set(moved ?? '', (found.get(moved ?? '') ?? 0) + 1);
    yield* parts(unknown, (writer, group) => {
      const candidates = scope.isOlder ? [] : lost.get(group.moved ?? '') ?? [];
      // Only what is the one on both sides is the same code in another file; anything else would be a guess.
      const finding = candidates.length === 1 && found.get(group.moved ?? '') === 1 ? candidates[0] : undefined;
      if (finding !== undefined) this.#update(writer, scan, scope, finding, group);
      seen.add(finding ?? this.#create(writer, scan, scope, group));
    });
    if (!scope.closes) return;
    const gone = [...before].filter(([finding, { present }]) => present && !seen.has(finding)).map(([finding]) => finding);
    yield* parts(gone, (writer, finding) => {
      writer.run('UPDATE finding_sources SET present = 0 WHERE finding = ? AND scope = ?', finding, scope.id);
      const change = refresh(writer, finding, this.#take.now, this.#run, this.#take.file);
      if (change?.after === 'fixed' && change.before !== 'fixed') this.#counts.closed++;
      else addEvent(writer, finding, { at: this.#take.now, what: 'gone', note: scan.tool });
    });
  }

  #scope(writer: Writer, { tool, kind, target, part, ...scan }: WholeScan, isWhole: boolean): Scope {
    const find = (of: string): { id: number; scanned_at: number } | undefined => writer.one('SELECT id, scanned_at FROM finding_scopes WHERE tool = ? AND kind = ? AND target = ? AND part = ?', tool, kind, target, of);
    const known = find(part);
    const scannedAt = Math.round(Math.min(scan.scannedAt ?? this.#take.now, this.#take.now));
    const isOlder = known !== undefined && known.scanned_at > scannedAt;
    // Two reports of one moment are one scan in two files: neither sees what is in the other.
    const isSame = known?.scanned_at === scannedAt && scan.scannedAt !== null;
    // What the server says about itself stays its claim, also in a file that somebody hands over.
    const isClaimed = this.#take.claimed || tool === 'server';
    // Without a target nobody knows whether this is the same thing again; with rows that could not be read something may only seem gone.
    const closes = !isOlder && (!isSame || isClaimed) && target !== '' && isWhole;
    const claimed = isClaimed ? 1 : 0;
    if (known === undefined) {
      const id = writer.insert('INSERT INTO finding_scopes (tool, kind, target, part, scanned_at, claimed) VALUES (?, ?, ?, ?, ?, ?)', tool, kind, target, part, scannedAt, claimed);
      return { id, scannedAt, isOlder, closes, whole: part === '' ? null : find('')?.id ?? null };
    }
    if (!isOlder) writer.run('UPDATE finding_scopes SET scanned_at = ?, claimed = ? WHERE id = ?', scannedAt, claimed, known.id);
    return { id: known.id, scannedAt, isOlder, closes, whole: null };
  }

  #create(writer: Writer, scan: WholeScan, scope: Scope, group: Group): number {
    const seenAt = scope.scannedAt;
    const present = !scope.isOlder && group.statement?.state !== 'fixed';
    const source: Source = { tool: scan.tool, target: scan.target, present, lastSeen: seenAt, severity: group.severity, statement: group.statement?.state ?? null, body: group.body };
    const kind: Row['kind'] = group.kind;
    const status = statusOf([source], null, this.#take.now);
    const shown = derive(kind, [source]);
    const severity = shown.severity;
    const id = writer.insert(
      'INSERT INTO findings (kind, severity, status, due_at, first_seen, last_seen, opened_at, closed_at, opened_run, closed_run, tools, title, place, fix, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?)',
      findingKinds.indexOf(kind), severities.indexOf(severity), statusCode(status), dueOf(status, severity, seenAt), seenAt, seenAt, seenAt, status === 'fixed' ? this.#take.now : null, status === 'open' ? this.#run : 0,
      shown.tools, shown.title, shown.place, shown.fix, shown.words,
    );
    this.#putSource(writer, scope, id, group, source);
    this.#putKeys(writer, id, group);
    if (status === 'open') this.#counts.opened++;
    else this.#counts.known++;
    return id;
  }

  #update(writer: Writer, scan: WholeScan, scope: Scope, finding: number, group: Group): void {
    const present = !scope.isOlder && group.statement?.state !== 'fixed';
    const source: Source = { tool: scan.tool, target: scan.target, present, lastSeen: scope.scannedAt, severity: group.severity, statement: group.statement?.state ?? null, body: group.body };
    // Before parts were told apart all of them stood in one scope, which no scan of a part may ever close.
    const isMoved = scope.whole !== null && writer.run('DELETE FROM finding_sources WHERE finding = ? AND scope = ?', finding, scope.whole) > 0;
    const isFirst = this.#putSource(writer, scope, finding, group, source) && !isMoved;
    this.#putKeys(writer, finding, group);
    const change = refresh(writer, finding, this.#take.now, this.#run, this.#take.file);
    if (isFirst) addEvent(writer, finding, { at: this.#take.now, what: 'alsoFound', note: scan.tool });
    if (change?.before === 'fixed' && change.after === 'open') this.#counts.reopened++;
    else this.#counts.known++;
    if (change?.after === 'fixed' && change.before !== 'fixed') this.#counts.closed++;
  }

  /** @returns whether this scan had not seen it before */
  #putSource(writer: Writer, scope: Scope, finding: number, group: Group, source: Source): boolean {
    const known = writer.one<{ id: number }>('SELECT id FROM finding_sources WHERE finding = ? AND scope = ?', finding, scope.id);
    const body = JSON.stringify(group.body);
    if (known === undefined) {
      writer.run('INSERT INTO finding_sources (finding, scope, present, first_seen, last_seen, severity, statement, moved, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', finding, scope.id, source.present ? 1 : 0, scope.scannedAt, scope.scannedAt, group.severity, source.statement, group.moved, body);
      return true;
    }
    // An older report adds nothing to what a newer one of the same has said.
    if (scope.isOlder) writer.run('UPDATE finding_sources SET first_seen = min(first_seen, ?) WHERE id = ?', scope.scannedAt, known.id);
    else writer.run('UPDATE finding_sources SET present = ?, last_seen = ?, severity = ?, statement = ?, moved = ?, body = ? WHERE id = ?', source.present ? 1 : 0, scope.scannedAt, group.severity, source.statement, group.moved, body, known.id);
    return false;
  }

  #putKeys(writer: Writer, finding: number, group: Group): void {
    for (const key of group.keys) {
      if (this.#keys.findings.has(key)) continue;
      writer.run('INSERT INTO finding_keys (key, finding) VALUES (?, ?)', key, finding);
      this.#keys.findings.set(key, finding);
      this.#keys.reverse?.get(finding)?.add(key);
      this.#unknown.learn(key);
    }
  }
}

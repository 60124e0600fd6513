import { equalBytes } from '../../../shared/audit/bytes.ts';
import { parseCheckpoint } from '../../../shared/audit/checkpoint.ts';
import { verifyConsistency } from '../../../shared/audit/merkle.ts';
import { parseNote } from '../../../shared/audit/note.ts';
import type { Fault } from '../../../shared/audit/verdict.ts';
import type { AuditAlarm } from '../../../shared/domain/audit.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Reader, Writer } from '../db/connection.ts';

/** @property note the checkpoint that shows it @property growth proof that it goes on with that of the alarm that was given a reason */
export type Raised = { fault: Fault; firstBad: number | null; note: string | null; growth: readonly Uint8Array[]; section: number; verifiedSize: number; now: number };

type Known = { id: number; note: string | null };

/** Of the alarms about this that somebody has given a reason for, the newest. */
const excused = (reader: Reader, { fault, firstBad, section }: Pick<Raised, 'fault' | 'firstBad' | 'section'>): Known | undefined =>
  reader.one<Known>('SELECT id, note FROM audit_alarms WHERE acknowledged_at IS NOT NULL AND section = ? AND fault = ? AND first_bad IS ? ORDER BY id DESC LIMIT 1', section, fault, firstBad);

function read(note: string | null): { size: number; root: Uint8Array; signers: string } | null {
  const parsed = note === null ? null : parseNote(note);
  const checkpoint = parsed === null ? null : parseCheckpoint(parsed.text);
  return parsed === null || checkpoint === null ? null : { ...checkpoint, signers: parsed.signatures.map(({ name, id }) => `${name} ${id}`).toSorted().join('\n') };
}

/** What the server showed then and shows now is one log by the same hand: the same tree, or one that goes on with it. */
function isSameLog(then: string | null, now: string | null, growth: readonly Uint8Array[]): boolean {
  if (then === now) return true;
  const [old, next] = [read(then), read(now)];
  if (old === null || next === null || old.signers !== next.signers) return false;
  return old.size === next.size ? equalBytes(old.root, next.root) : old.size < next.size && verifyConsistency(old.size, next.size, growth, old.root, next.root);
}

/**
 * The size from which the checkpoint of a finding has to be proven to go on, for it to be what somebody has given a reason for; null when
 * no proof would tell.
 */
export function growthFrom(reader: Reader, raised: Pick<Raised, 'fault' | 'firstBad' | 'section' | 'note'>): number | null {
  const [old, next] = [read(excused(reader, raised)?.note ?? null), read(raised.note)];
  return old !== null && next !== null && old.size > 0 && old.size < next.size ? old.size : null;
}

/**
 * @returns the id of the alarm. It is not new when an open one says the same, or when somebody has given a reason for the same fault, at the
 * same place, in the same log: whoever has explained what happened is not told of it every ten seconds.
 */
export function raiseAlarm(writer: Writer, raised: Raised): { id: number; isNew: boolean } {
  const { fault, firstBad, note, growth, section, verifiedSize, now } = raised;
  const open = writer.one<Known>('SELECT id, note FROM audit_alarms WHERE acknowledged_at IS NULL AND section = ? AND fault = ? AND first_bad IS ? LIMIT 1', section, fault, firstBad);
  const known = excused(writer, raised);
  const same = open ?? (known !== undefined && isSameLog(known.note, note, growth) ? known : undefined);
  if (same === undefined) {
    return { id: writer.insert('INSERT INTO audit_alarms (raised_at, fault, first_bad, verified_size, note, section, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?)', Math.round(now), fault, firstBad, verifiedSize, note, section, Math.round(now)), isNew: true };
  }
  writer.run('UPDATE audit_alarms SET last_seen = ? WHERE id = ?', Math.round(now), same.id);
  return { id: same.id, isNew: false };
}

/** @throws AppFailure input.invalid when there is no such open alarm. */
export function acknowledgeAlarm(writer: Writer, { id, reason, by, now }: { id: number; reason: string; by: string; now: number }): void {
  const changed = writer.run('UPDATE audit_alarms SET acknowledged_at = ?, acknowledged_by = ?, reason = ? WHERE id = ? AND acknowledged_at IS NULL', Math.round(now), by, reason, id);
  if (changed === 0) throw failure('input.invalid', { params: { path: 'id' } });
}

/** The newest hundred, newest first. */
export function listAlarms(reader: Reader): AuditAlarm[] {
  type Row = { id: number; raised_at: number; fault: Fault; first_bad: number | null; verified_size: number; section: number; last_seen: number | null; acknowledged_at: number | null; acknowledged_by: string | null; reason: string | null };
  return reader.all<Row>('SELECT * FROM audit_alarms ORDER BY id DESC LIMIT 100').map((row) => ({
    id: row.id, raisedAt: row.raised_at, lastSeen: row.last_seen ?? row.raised_at, section: row.section, fault: row.fault, firstBad: row.first_bad, verifiedSize: row.verified_size,
    acknowledged: row.acknowledged_at === null ? null : { at: row.acknowledged_at, by: row.acknowledged_by ?? '', reason: row.reason ?? '' },
  }));
}

import type { Fault } from '../../../shared/audit/verdict.ts';
import type { AuditAlarm } from '../../../shared/domain/audit.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Reader, Writer } from '../db/connection.ts';

type Raised = { fault: Fault; firstBad: number | null; note: string | null; verifiedSize: number; now: number };

/** @returns the id of the alarm; that of the open one which says the same, if there is one: it says nothing new */
export function raiseAlarm(writer: Writer, { fault, firstBad, note, verifiedSize, now }: Raised): number {
  const same = writer.value<number>('SELECT id FROM audit_alarms WHERE acknowledged_at IS NULL AND fault = ? AND first_bad IS ? LIMIT 1', fault, firstBad);
  return same ?? writer.insert('INSERT INTO audit_alarms (raised_at, fault, first_bad, verified_size, note) VALUES (?, ?, ?, ?, ?)', Math.round(now), fault, firstBad, verifiedSize, note);
}

/** @throws AppFailure input.invalid when there is no such open alarm. */
export function acknowledgeAlarm(writer: Writer, { id, reason, by, now }: { id: number; reason: string; by: string; now: number }): void {
  const changed = writer.run('UPDATE audit_alarms SET acknowledged_at = ?, acknowledged_by = ?, reason = ? WHERE id = ? AND acknowledged_at IS NULL', Math.round(now), by, reason, id);
  if (changed === 0) throw failure('input.invalid', { params: { path: 'id' } });
}

/** The newest hundred, newest first. */
export function listAlarms(reader: Reader): AuditAlarm[] {
  type Row = { id: number; raised_at: number; fault: Fault; first_bad: number | null; verified_size: number; acknowledged_at: number | null; acknowledged_by: string | null; reason: string | null };
  return reader.all<Row>('SELECT * FROM audit_alarms ORDER BY id DESC LIMIT 100').map((row) => ({
    id: row.id, raisedAt: row.raised_at, fault: row.fault, firstBad: row.first_bad, verifiedSize: row.verified_size,
    acknowledged: row.acknowledged_at === null ? null : { at: row.acknowledged_at, by: row.acknowledged_by ?? '', reason: row.reason ?? '' },
  }));
}

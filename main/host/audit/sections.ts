import { toBase64 } from '../../../shared/audit/bytes.ts';
import type { AuditSection } from '../../../shared/domain/audit.ts';
import type { Reader, Writer } from '../db/connection.ts';
import type { Cosigned } from './colleagues.ts';

/** What goes into the record of a section when it is sealed. */
export type Seal = { kind: 'signed' | 'witness'; origin: string | null; key: string | null; size: number; root: Uint8Array; cosigned: readonly Cosigned[]; reason: string; by: string; now: number };

/** Number of the section that is being read, counted from 1. */
export const currentSection = (reader: Reader): number => (reader.value<number>('SELECT max(number) FROM audit_sections') ?? 0) + 1;

/** Sections that were sealed, the first one first. */
export function listSections(reader: Reader): AuditSection[] {
  type Row = { number: number; sealed_at: number; sealed_by: string; reason: string; kind: 'signed' | 'witness'; origin: string | null; log_key: string | null; size: number; root: Uint8Array };
  return reader.all<Row>('SELECT * FROM audit_sections ORDER BY number').map(({ number, sealed_at: sealedAt, sealed_by: sealedBy, reason, kind, origin, log_key: key, size, root }) =>
    ({ number, sealedAt, sealedBy, reason, kind, origin, key, size, root: toBase64(root) }));
}

/**
 * Puts everything that was read and believed aside, for good, and leaves room for another log. Alarms that are still open end with the
 * same reason. Call it inside a transaction.
 */
export function sealSection(writer: Writer, { kind, origin, key, size, root, cosigned, reason, by, now }: Seal): void {
  const number = currentSection(writer);
  writer.run('UPDATE audit_alarms SET acknowledged_at = ?, acknowledged_by = ?, reason = ? WHERE section = ? AND acknowledged_at IS NULL', Math.round(now), by, reason, number);
  writer.run(
    'INSERT INTO audit_sections (number, sealed_at, sealed_by, reason, kind, origin, log_key, size, root, cosigned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    number, Math.round(now), by, reason, kind, origin, key, size, root, JSON.stringify(cosigned),
  );
  writer.run('INSERT INTO audit_sealed_checkpoints (section, size, root, note, seen_at, source) SELECT ?, size, root, note, seen_at, source FROM audit_checkpoints ORDER BY id', number);
  writer.run('INSERT INTO audit_sealed_tiles (section, tile, entries, leaves, root) SELECT ?, tile, entries, leaves, root FROM audit_tiles ORDER BY tile', number);
  for (const table of ['audit_checkpoints', 'audit_tiles', 'audit_columns', 'audit_values']) writer.run(`DELETE FROM ${table}`);
}

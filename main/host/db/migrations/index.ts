import { failure } from '../../../../shared/ipc/errors.ts';
import type { Writer } from '../connection.ts';
import { documentsMigration } from './0001-documents.ts';
import { factsTrailsLookupsMigration } from './0002-facts-trails-lookups.ts';
import { countersMigration } from './0003-counters.ts';
import { lookupVatMigration } from './0004-lookup-vat.ts';
import { referencesMigration } from './0005-references.ts';
import { draftsOutboxMigration } from './0006-drafts-outbox.ts';
import { policyAlertsMigration } from './0007-policy-alerts.ts';
import { auditMigration } from './0008-audit.ts';
import { recordsMigration } from './0009-records.ts';
import { findingsMigration } from './0010-findings.ts';
import { findingPartsMigration } from './0011-finding-parts.ts';
import { findingKindsMigration } from './0012-finding-kinds.ts';
import { findingStatementsMigration } from './0013-finding-statements.ts';
import { auditSectionsMigration } from './0014-audit-sections.ts';

/** Number n stands at index n − 1. Only ever append. */
export const migrations: readonly string[] = [documentsMigration, factsTrailsLookupsMigration, countersMigration, lookupVatMigration, referencesMigration, draftsOutboxMigration, policyAlertsMigration, auditMigration, recordsMigration, findingsMigration, findingPartsMigration, findingKindsMigration, findingStatementsMigration, auditSectionsMigration];

/** Marks the file as ours, so that a foreign database is never migrated. */
const applicationId = 0x56_4e_41_31;

/**
 * Brings the schema to the newest version, each step in a transaction of its own with its version number, so that a crash
 * between two steps goes on where it stopped.
 * @returns the version it started from; 0 for an empty database.
 * @throws AppFailure `database.newer` when a later version of the app has written this file; nothing is changed then.
 */
export function migrate(writer: Writer, steps: readonly string[] = migrations): number {
  const from = writer.value<number>('PRAGMA user_version') ?? 0;
  if (from > steps.length) throw failure('database.newer', { params: { version: String(from), known: String(steps.length) } });
  if (from > 0 && writer.value<number>('PRAGMA application_id') !== applicationId) throw failure('database.failed');
  for (let version = from + 1; version <= steps.length; version++) {
    writer.transaction(() => {
      writer.script(steps[version - 1] ?? '');
      writer.script(`PRAGMA user_version = ${version}; PRAGMA application_id = ${applicationId}`);
    });
  }
  return from;
}

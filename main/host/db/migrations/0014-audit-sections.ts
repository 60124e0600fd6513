/**
 * Sections of an audit log: what a person has sealed, with everything that it was judged by, and the alarms by section. An alarm that has
 * a reason is met again as long as what it is about stands. FROZEN: never edit, write the next migration instead.
 */
export const auditSectionsMigration = `
ALTER TABLE audit_alarms ADD COLUMN section INTEGER NOT NULL DEFAULT 1;
ALTER TABLE audit_alarms ADD COLUMN last_seen INTEGER;
CREATE TABLE audit_sections (
  number INTEGER PRIMARY KEY,
  sealed_at INTEGER NOT NULL,
  sealed_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  origin TEXT,
  log_key TEXT,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  cosigned TEXT NOT NULL
) STRICT;
CREATE TABLE audit_sealed_checkpoints (
  id INTEGER PRIMARY KEY,
  section INTEGER NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  note TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  source TEXT NOT NULL
) STRICT;
CREATE TABLE audit_sealed_tiles (
  id INTEGER PRIMARY KEY,
  section INTEGER NOT NULL,
  tile INTEGER NOT NULL,
  entries BLOB NOT NULL,
  leaves BLOB NOT NULL,
  root BLOB,
  UNIQUE (section, tile)
) STRICT;
`;

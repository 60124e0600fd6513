/**
 * The audit log as it was read, 256 entries a row as C2SP tlog-tiles has them: their bytes, their leaf hashes and, when the tile
 * is full, its root. The columns for filters lie apart so that they load without the bytes. Checkpoints, alarms and the
 * journal are remembered for ever. FROZEN: never edit, write the next migration instead.
 */
export const auditMigration = `
CREATE TABLE audit_state (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE audit_tiles (
  tile INTEGER PRIMARY KEY,
  entries BLOB NOT NULL,
  leaves BLOB NOT NULL,
  root BLOB
) STRICT;
CREATE TABLE audit_columns (
  tile INTEGER PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;
CREATE TABLE audit_values (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE audit_checkpoints (
  id INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  note TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  UNIQUE (source, size, root)
) STRICT;
CREATE TABLE audit_alarms (
  id INTEGER PRIMARY KEY,
  raised_at INTEGER NOT NULL,
  fault TEXT NOT NULL,
  first_bad INTEGER,
  verified_size INTEGER NOT NULL,
  note TEXT,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  reason TEXT
) STRICT;
CREATE TABLE audit_journal (
  seq INTEGER PRIMARY KEY,
  entry TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
`;

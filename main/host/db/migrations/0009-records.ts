/**
 * Security work as records: what was measured, attested and decided, one row each, with its body as JSON that is checked by
 * the schema of its kind when it is read back. Much of it exists nowhere else. FROZEN: never edit, write the next migration instead.
 */
export const recordsMigration = `
CREATE TABLE records (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (kind, id)
) STRICT;
CREATE INDEX records_changed ON records (kind, changed_at);
`;

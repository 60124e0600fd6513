/**
 * A scan may look at a part of its target only, such as one language of a repository; the part belongs to what a scope is known by.
 * SQLite cannot change the columns that are unique together, so the table is written anew. FROZEN: never edit, write the next
 * migration instead.
 */
export const findingPartsMigration = `
CREATE TABLE finding_scopes_new (
  id INTEGER PRIMARY KEY,
  tool TEXT NOT NULL,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  part TEXT NOT NULL DEFAULT '',
  scanned_at INTEGER NOT NULL,
  claimed INTEGER NOT NULL,
  UNIQUE (tool, kind, target, part)
) STRICT;
INSERT INTO finding_scopes_new (id, tool, kind, target, scanned_at, claimed) SELECT id, tool, kind, target, scanned_at, claimed FROM finding_scopes;
DROP TABLE finding_scopes;
ALTER TABLE finding_scopes_new RENAME TO finding_scopes;
`;

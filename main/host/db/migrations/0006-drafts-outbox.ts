/**
 * What people wrote and what waits for the server: the only copy there is. FROZEN: never edit, write the next migration
 * instead.
 *
 * No table refers to another by a foreign key: a rescue saves each readable row for itself, and a version whose draft
 * lay on a damaged page is still worth having. `seq` is the order of queueing. A command's `entry` changes with every
 * attempt and is small, its `body` is large and hardly ever changes.
 */
export const draftsOutboxMigration = `
CREATE TABLE drafts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  base TEXT,
  base_type INTEGER,
  base_number TEXT,
  earlier TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  discarded_at INTEGER
) STRICT;
CREATE INDEX drafts_base ON drafts (base_number, base_type) WHERE base_number IS NOT NULL;

CREATE TABLE draft_versions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  draft TEXT NOT NULL,
  version INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  content TEXT NOT NULL,
  line_count INTEGER NOT NULL,
  gross TEXT NOT NULL,
  UNIQUE (draft, version)
) STRICT;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  entry TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE decisions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  decision TEXT NOT NULL
) STRICT;
`;

/**
 * Everything else that was read once: small facts with an age, audit trails per document, lookup lists. FROZEN: never
 * edit, write the next migration instead.
 */
export const factsTrailsLookupsMigration = `
CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  fetched_at INTEGER NOT NULL
) STRICT;

CREATE TABLE trails (
  id INTEGER PRIMARY KEY,
  type INTEGER NOT NULL,
  number TEXT NOT NULL,
  entries TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  UNIQUE (number, type)
) STRICT;

CREATE TABLE lookup_lists (
  kind TEXT PRIMARY KEY,
  fetched_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lookup_items (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL REFERENCES lookup_lists (kind) ON DELETE CASCADE,
  item_id TEXT NOT NULL,
  label TEXT NOT NULL,
  label_key TEXT NOT NULL,
  hint TEXT,
  cost TEXT,
  price TEXT,
  UNIQUE (kind, item_id)
) STRICT;
CREATE INDEX lookup_items_label ON lookup_items (kind, label_key);

CREATE TABLE lookup_words (
  kind TEXT NOT NULL,
  word TEXT NOT NULL,
  item INTEGER NOT NULL REFERENCES lookup_items (id) ON DELETE CASCADE,
  PRIMARY KEY (kind, word, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX lookup_words_item ON lookup_words (item);
`;

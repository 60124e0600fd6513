/**
 * How many documents there are, kept by triggers: counting a million rows takes a second on a cold file, and the first
 * list after a start shows the number. FROZEN: never edit, write the next migration instead.
 */
export const countersMigration = `
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) SELECT 'documents', count(*) FROM documents;
CREATE TRIGGER documents_inserted AFTER INSERT ON documents BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'documents';
END;
CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN
  UPDATE counters SET value = value - 1 WHERE name = 'documents';
END;
`;

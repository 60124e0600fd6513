/**
 * Documents. FROZEN: never edit, write the next migration instead.
 *
 * The narrow table holds what lists show, filter and sort by; the body is apart so that a scan over a million rows stays
 * small. `document_words` keeps no text of its own: it maps folded words to rows. Its tokenizer is the plain one because
 * folding happens before (text.ts). One letter is enough as a prefix index: longer starts are rare words, or the list index
 * keeps their rows (list/word-sets.ts), and each further length costs a fifth of the write speed. `document_terms` is a view
 * of the same index, term by term.
 */
export const documentsMigration = `
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  type INTEGER NOT NULL,
  number TEXT NOT NULL,
  date INTEGER,
  partner_id TEXT,
  partner_name TEXT,
  partner_key TEXT NOT NULL,
  net TEXT NOT NULL,
  gross TEXT NOT NULL,
  net_cents INTEGER NOT NULL,
  gross_cents INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_key TEXT NOT NULL,
  workflow INTEGER,
  workflow_version TEXT,
  submitted_by TEXT,
  submitted_at INTEGER,
  etag TEXT,
  changed_at INTEGER,
  fetched_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_number ON documents (number, type);
CREATE INDEX documents_changed ON documents (changed_at);
CREATE INDEX documents_type ON documents (type, changed_at);
CREATE INDEX documents_workflow ON documents (workflow, type, changed_at) WHERE workflow IS NOT NULL;
CREATE INDEX documents_date ON documents (date);
CREATE INDEX documents_partner ON documents (partner_id) WHERE partner_id IS NOT NULL;

CREATE TABLE document_bodies (
  id INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
  body TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE document_words USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, prefix = '1', tokenize = 'ascii'
);
CREATE VIRTUAL TABLE document_terms USING fts5vocab(document_words, instance);
`;

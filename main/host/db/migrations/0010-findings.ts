/**
 * Findings of scanners. A finding is narrow, so that filters over all of them stay fast; what each scan says about it stands in
 * its sources. Keys are all names under which a finding is known; aliases say which names of vulnerabilities are the same. Imports
 * are remembered for ever, the trend is drawn from them. FROZEN: never edit, write the next migration instead.
 */
export const findingsMigration = `
CREATE TABLE findings (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  status INTEGER NOT NULL,
  due_at INTEGER,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  opened_run INTEGER NOT NULL,
  closed_run INTEGER,
  tools TEXT NOT NULL,
  title TEXT NOT NULL,
  place TEXT NOT NULL,
  fix TEXT,
  words TEXT NOT NULL
) STRICT;
CREATE INDEX findings_order ON findings (status, severity, due_at, id);
CREATE INDEX findings_first_seen ON findings (first_seen, id);
CREATE INDEX findings_due ON findings (due_at IS NULL, due_at, id);
CREATE INDEX findings_opened ON findings (opened_run);
CREATE INDEX findings_closed ON findings (closed_run) WHERE closed_run IS NOT NULL;
CREATE TABLE finding_keys (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  finding INTEGER NOT NULL
) STRICT;
CREATE TABLE finding_aliases (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  same_as TEXT NOT NULL
) STRICT;
CREATE TABLE finding_scopes (
  id INTEGER PRIMARY KEY,
  tool TEXT NOT NULL,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  scanned_at INTEGER NOT NULL,
  claimed INTEGER NOT NULL,
  UNIQUE (tool, kind, target)
) STRICT;
CREATE TABLE finding_sources (
  id INTEGER PRIMARY KEY,
  finding INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  present INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  statement TEXT,
  moved TEXT,
  body TEXT NOT NULL,
  UNIQUE (finding, scope)
) STRICT;
CREATE INDEX finding_sources_scope ON finding_sources (scope, present);
CREATE TABLE finding_events (
  id INTEGER PRIMARY KEY,
  finding INTEGER NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  by TEXT,
  note TEXT NOT NULL
) STRICT;
CREATE INDEX finding_events_finding ON finding_events (finding);
CREATE TABLE finding_acceptances (
  finding INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  until INTEGER NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE finding_imports (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  run INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
`;

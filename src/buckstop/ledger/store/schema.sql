-- The schema that all migrations together must give; a test holds the two equal.
CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  incident INTEGER NOT NULL,             -- 0: belongs to no incident
  at TEXT NOT NULL,                      -- UTC, so that text order is time order
  kind TEXT NOT NULL,
  body TEXT NOT NULL                     -- the whole event as canonical JSON
) STRICT;
CREATE INDEX events_by_incident ON events (incident, position);
CREATE INDEX events_by_time ON events (at) WHERE incident = 0;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END;
CREATE TABLE incidents (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  accountable INTEGER NOT NULL,          -- 0: the charter says that nobody needs to answer
  opened_at TEXT NOT NULL,
  resolved_at TEXT
) STRICT;
CREATE INDEX incidents_open ON incidents (number) WHERE resolved_at IS NULL;
CREATE INDEX incidents_resolved ON incidents (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX incidents_by_key ON incidents (key, number);
CREATE TABLE leases (
  incident INTEGER NOT NULL,
  member TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source TEXT NOT NULL,
  label_set TEXT NOT NULL,
  until TEXT NOT NULL,
  PRIMARY KEY (incident, member, source_kind, source, label_set)
) STRICT, WITHOUT ROWID;

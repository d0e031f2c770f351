-- The schema that all migrations together must give; a test holds the two equal.
CREATE TABLE events (
  position INTEGER PRIMARY KEY,          -- 1, 2, 3 and so on, without a gap
  incident INTEGER NOT NULL,             -- 0: belongs to no incident
  at TEXT NOT NULL,                      -- UTC, so that text order is time order
  kind TEXT NOT NULL,
  body TEXT NOT NULL,                    -- the event as canonical JSON, personal texts sealed
  previous BLOB NOT NULL,                -- the hash of the event before
  hash BLOB NOT NULL                     -- over position, previous and body
) STRICT;
CREATE INDEX events_by_incident ON events (incident, position);
CREATE INDEX events_by_time ON events (at) WHERE incident = 0;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_are_only_appended BEFORE INSERT ON events
WHEN NEW.position <= (SELECT coalesce(max(position), 0) FROM events)
BEGIN SELECT RAISE(ABORT, 'events are only appended'); END;
-- Where the record ends: whoever appends takes this row first.
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER head_never_goes_back BEFORE UPDATE ON head WHEN NEW.size <= OLD.size
BEGIN SELECT RAISE(ABORT, 'the head never goes back'); END;
CREATE TRIGGER head_is_never_deleted BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'the head is never deleted'); END;
-- Personal texts, outside of what is hashed: they can be erased, and never changed.
CREATE TABLE personal (
  position INTEGER NOT NULL,             -- of the event
  place TEXT NOT NULL,                   -- where in the event, as a JSON pointer
  person TEXT NOT NULL,                  -- whom it concerns
  salt BLOB NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (position, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX personal_by_person ON personal (person);
CREATE TRIGGER personal_texts_are_never_changed BEFORE UPDATE ON personal
BEGIN SELECT RAISE(ABORT, 'personal texts are erased, never changed'); END;
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

-- The events become a chain, and personal texts leave what is hashed. What was recorded before is
-- carried over, sealed and chained, and the old table dropped, by `migrating.carry_into_chain`.
DROP TRIGGER events_are_never_changed;
DROP TRIGGER events_are_never_deleted;
DROP TRIGGER events_are_never_replaced;
DROP INDEX events_by_incident;
DROP INDEX events_by_time;
ALTER TABLE events RENAME TO events_unchained;

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
INSERT INTO head VALUES (1, 0, zeroblob(32));
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

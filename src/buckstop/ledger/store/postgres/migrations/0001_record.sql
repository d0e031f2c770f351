-- The record in PostgreSQL; what each column is stands in ../../schema.sql. Texts that anybody may
-- have written are kept as JSON strings, since PostgreSQL's own text cannot hold every character.
CREATE TABLE events (
  position BIGINT PRIMARY KEY,
  incident BIGINT NOT NULL,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  previous BYTEA NOT NULL,
  hash BYTEA NOT NULL
);
CREATE INDEX events_by_incident ON events (incident, position);
CREATE INDEX events_by_time ON events (at) WHERE incident = 0;

CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size BIGINT NOT NULL,
  hash BYTEA NOT NULL
);
INSERT INTO head VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE personal (
  position BIGINT NOT NULL,
  place TEXT NOT NULL,
  person TEXT NOT NULL,                  -- as a JSON string
  salt BYTEA NOT NULL,
  text TEXT NOT NULL,                    -- as a JSON string
  PRIMARY KEY (position, place)
);
CREATE INDEX personal_by_person ON personal (person);

CREATE TABLE incidents (
  number BIGINT PRIMARY KEY,
  key TEXT NOT NULL,
  accountable INTEGER NOT NULL,
  opened_at TEXT NOT NULL,
  resolved_at TEXT
);
CREATE INDEX incidents_open ON incidents (number) WHERE resolved_at IS NULL;
CREATE INDEX incidents_resolved ON incidents (resolved_at) WHERE resolved_at IS NOT NULL;

CREATE TABLE leases (
  incident BIGINT NOT NULL,
  member TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source TEXT NOT NULL,
  label_set TEXT NOT NULL,
  until TEXT NOT NULL,
  PRIMARY KEY (incident, member, source_kind, source, label_set)
);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: the record is only appended to', TG_OP, TG_TABLE_NAME;
END $$;
CREATE FUNCTION refuse_unless_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position <= (SELECT coalesce(max(position), 0) FROM events) THEN
    RAISE EXCEPTION 'events are only appended';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION refuse_to_go_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size <= OLD.size THEN
    RAISE EXCEPTION 'the head never goes back';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER events_are_never_deleted BEFORE DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER events_are_only_appended BEFORE INSERT ON events
FOR EACH ROW EXECUTE FUNCTION refuse_unless_appended();
CREATE TRIGGER head_never_goes_back BEFORE UPDATE ON head
FOR EACH ROW EXECUTE FUNCTION refuse_to_go_back();
CREATE TRIGGER head_is_never_deleted BEFORE DELETE OR TRUNCATE ON head
FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER personal_texts_are_never_changed BEFORE UPDATE ON personal
FOR EACH STATEMENT EXECUTE FUNCTION refuse();

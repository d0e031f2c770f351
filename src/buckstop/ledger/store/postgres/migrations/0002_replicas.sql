-- Several servers: each reads which leases the others have renewed since it last looked.
CREATE SEQUENCE lease_renewals;
ALTER TABLE leases ADD COLUMN renewal BIGINT NOT NULL DEFAULT 0;
CREATE INDEX leases_by_renewal ON leases (renewal);

-- Once a statement instead of once a row: the same is refused, in a fraction of the time.
DROP TRIGGER events_are_only_appended ON events;
DROP FUNCTION refuse_unless_appended();
CREATE FUNCTION refuse_what_is_not_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM events WHERE position >= (SELECT min(position) FROM appended))
      > (SELECT count(*) FROM appended) THEN
    RAISE EXCEPTION 'events are only appended';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER events_are_only_appended AFTER INSERT ON events
REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_is_not_appended();

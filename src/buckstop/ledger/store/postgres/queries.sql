-- The statements of ../queries.sql for PostgreSQL, by the same names.

-- name: head
SELECT size, hash FROM head FOR UPDATE;

-- name: head_as_read
SELECT size, hash FROM head;

-- name: last_event
SELECT position, hash FROM events ORDER BY position DESC LIMIT 1;

-- name: append_events
INSERT INTO events (position, incident, at, kind, body, previous, hash)
SELECT * FROM unnest(
    %b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::bytea[], %b::bytea[]);

-- name: keep_texts
INSERT INTO personal (position, place, person, salt, text)
SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::bytea[], %b::text[]);

-- name: move_head
UPDATE head SET size = %s, hash = %s;

-- name: put_incidents
INSERT INTO incidents (number, key, accountable, opened_at, resolved_at)
SELECT * FROM unnest(%b::bigint[], %b::text[], %b::integer[], %b::text[], %b::text[])
ON CONFLICT (number) DO UPDATE SET key = excluded.key, resolved_at = excluded.resolved_at;

-- name: put_leases
INSERT INTO leases (incident, member, source_kind, source, label_set, until, renewal)
SELECT * FROM unnest(
    %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bigint[])
ON CONFLICT (incident, member, source_kind, source, label_set)
DO UPDATE SET until = excluded.until, renewal = excluded.renewal;

-- name: drop_leases
DELETE FROM leases WHERE incident = ANY(%b::bigint[]);

-- name: next_renewal
-- Drawn while the head is held, so that a larger number was committed later.
SELECT nextval('lease_renewals');

-- name: missed_events
SELECT position, body, (SELECT coalesce(json_object_agg(place, text::json)::text, '{}')
                        FROM personal WHERE personal.position = events.position)
FROM events WHERE position > %s ORDER BY position;

-- name: missed_leases
SELECT renewal, incident, member, source_kind, source, label_set, until
FROM leases WHERE renewal > %s ORDER BY renewal;

-- name: reached
SELECT (SELECT coalesce(max(position), 0) FROM events), (SELECT coalesce(max(renewal), 0) FROM leases);

-- name: notify
SELECT pg_notify('buckstop_record', '');

-- name: recent_events
SELECT body, (SELECT coalesce(json_object_agg(place, text::json)::text, '{}') FROM personal
              WHERE personal.position = events.position)
FROM events
WHERE incident IN (
    SELECT number FROM incidents WHERE resolved_at IS NULL OR resolved_at >= %(since)s)
   OR (incident = 0 AND at >= %(since)s)
ORDER BY position;

-- name: events_of_incident
SELECT body, (SELECT coalesce(json_object_agg(place, text::json)::text, '{}') FROM personal
              WHERE personal.position = events.position)
FROM events WHERE incident = %s ORDER BY position;

-- name: earlier_events
SELECT body, (SELECT coalesce(json_object_agg(place, text::json)::text, '{}') FROM personal
              WHERE personal.position = events.position)
FROM events WHERE incident = %s AND position < %s ORDER BY position;

-- name: events_apart
SELECT body, (SELECT coalesce(json_object_agg(place, text::json)::text, '{}') FROM personal
              WHERE personal.position = events.position)
FROM events WHERE incident = 0 AND kind = %s ORDER BY position DESC LIMIT %s OFFSET %s;

-- name: texts_of_person
SELECT position, place FROM personal
WHERE person = %(person)s
   OR (place = '/why' AND position IN (SELECT position FROM personal WHERE person = %(person)s))
ORDER BY place, position;

-- name: erase_text
DELETE FROM personal WHERE position = %s AND place = %s;

-- name: mentions
SELECT position, place FROM personal WHERE position(lower(%s) IN lower(text)) > 0
ORDER BY position, place;

-- name: hashes
SELECT hash FROM events WHERE position > %s ORDER BY position LIMIT %s;

-- name: entries_of_incident
SELECT position, incident, at, kind, body, previous, hash
FROM events WHERE incident = %s ORDER BY position;

-- name: texts_of_incident
SELECT position, place, salt, text FROM personal
WHERE position IN (SELECT position FROM events WHERE incident = %s) ORDER BY position, place;

-- name: entries_between
SELECT position, incident, at, kind, body, previous, hash
FROM events WHERE position BETWEEN %s AND %s ORDER BY position;

-- name: texts_between
SELECT position, place, salt, text FROM personal
WHERE position BETWEEN %s AND %s ORDER BY position, place;

-- name: span
-- Where a time begins and ends in the record.
SELECT (SELECT min(position) FROM events WHERE at >= %s),
       (SELECT max(position) FROM events WHERE at < %s);

-- name: entries
SELECT position, incident, at, kind, body, previous, hash FROM events ORDER BY position;

-- name: personal_texts
SELECT position, place, salt, text FROM personal ORDER BY position, place;

-- name: incident_rows
SELECT number, key, accountable, opened_at, resolved_at FROM incidents ORDER BY number;

-- name: triggers
SELECT tgname, tgenabled::text || ' ' || pg_get_triggerdef(oid) FROM pg_trigger
WHERE NOT tgisinternal
  AND tgrelid IN ('events'::regclass, 'head'::regclass, 'personal'::regclass);

-- name: functions
SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace;

-- name: last_numbers_by_key
SELECT key, max(number) FROM incidents GROUP BY key;

-- name: last_number
SELECT coalesce(max(number), 0) FROM incidents;

-- name: leases
SELECT incident, member, source_kind, source, label_set, until FROM leases;

-- name: resolved_numbers
SELECT number FROM incidents
WHERE resolved_at IS NOT NULL AND accountable = 1
ORDER BY resolved_at DESC, number DESC LIMIT %s OFFSET %s;

-- name: opened_numbers
-- The incidents that were opened in a time, in order.
SELECT number FROM incidents WHERE opened_at >= %s AND opened_at < %s
ORDER BY number LIMIT %s OFFSET %s;

-- Every statement that the store runs, by name. One a paragraph, the name on its first line.

-- name: head
SELECT size, hash FROM head;

-- name: last_event
SELECT position, hash FROM events ORDER BY position DESC LIMIT 1;

-- name: append_event
INSERT INTO events (position, incident, at, kind, body, previous, hash)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: keep_text
INSERT INTO personal (position, place, person, salt, text) VALUES (?, ?, ?, ?, ?);

-- name: move_head
UPDATE head SET size = ?, hash = ?;

-- name: put_incident
-- The index follows the record; key and end may change, the rest never.
INSERT INTO incidents (number, key, accountable, opened_at, resolved_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET key = excluded.key, resolved_at = excluded.resolved_at;

-- name: put_lease
INSERT INTO leases (incident, member, source_kind, source, label_set, until)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET until = excluded.until;

-- name: drop_leases
DELETE FROM leases WHERE incident = ?;

-- name: recent_events
-- What a start needs: open incidents, those resolved since ?1, what belongs to none since ?1.
SELECT body, (SELECT json_group_object(place, text) FROM personal
              WHERE personal.position = events.position)
FROM events
WHERE incident IN (SELECT number FROM incidents WHERE resolved_at IS NULL OR resolved_at >= ?1)
   OR (incident = 0 AND at >= ?1)
ORDER BY position;

-- name: events_of_incident
SELECT body, (SELECT json_group_object(place, text) FROM personal
              WHERE personal.position = events.position)
FROM events WHERE incident = ? ORDER BY position;

-- name: earlier_events
-- Of an incident, what was recorded before a position.
SELECT body, (SELECT json_group_object(place, text) FROM personal
              WHERE personal.position = events.position)
FROM events WHERE incident = ? AND position < ? ORDER BY position;

-- name: events_apart
-- Of what belongs to no incident, one kind, the newest first.
SELECT body, (SELECT json_group_object(place, text) FROM personal
              WHERE personal.position = events.position)
FROM events WHERE incident = 0 AND kind = ? ORDER BY position DESC LIMIT ? OFFSET ?;

-- name: texts_of_person
-- What concerns a person; where anything of an event does, its sentence for people does too.
SELECT position, place FROM personal
WHERE person = ?1
   OR (place = '/why' AND position IN (SELECT position FROM personal WHERE person = ?1))
ORDER BY place, position;

-- name: erase_text
DELETE FROM personal WHERE position = ? AND place = ?;

-- name: mentions
-- Texts of others that have a word in them.
SELECT position, place FROM personal WHERE instr(lower(text), lower(?)) > 0
ORDER BY position, place;

-- name: hashes
SELECT hash FROM events WHERE position > ? ORDER BY position LIMIT ?;

-- name: entries_of_incident
SELECT position, incident, at, kind, body, previous, hash
FROM events WHERE incident = ? ORDER BY position;

-- name: texts_of_incident
SELECT position, place, salt, text FROM personal
WHERE position IN (SELECT position FROM events WHERE incident = ?) ORDER BY position, place;

-- name: entries_between
SELECT position, incident, at, kind, body, previous, hash
FROM events WHERE position BETWEEN ? AND ? ORDER BY position;

-- name: texts_between
SELECT position, place, salt, text FROM personal
WHERE position BETWEEN ? AND ? ORDER BY position, place;

-- name: span
-- Where a time begins and ends in the record.
SELECT (SELECT min(position) FROM events WHERE at >= ?),
       (SELECT max(position) FROM events WHERE at < ?);

-- name: entries
-- Every row as it is stored, as bytes where a damaged file may hold what is no text.
SELECT position, incident, CAST(at AS BLOB), CAST(kind AS BLOB), CAST(body AS BLOB), previous, hash
FROM events ORDER BY position;

-- name: personal_texts
SELECT position, CAST(place AS BLOB), salt, CAST(text AS BLOB) FROM personal
ORDER BY position, place;

-- name: incident_rows
SELECT number, CAST(key AS BLOB), accountable, CAST(opened_at AS BLOB), CAST(resolved_at AS BLOB)
FROM incidents ORDER BY number;

-- name: triggers
SELECT CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_schema WHERE type = 'trigger';

-- name: last_numbers_by_key
SELECT key, max(number) FROM incidents GROUP BY key;

-- name: last_number
SELECT coalesce(max(number), 0) FROM incidents;

-- name: leases
SELECT incident, member, source_kind, source, label_set, until FROM leases;

-- name: resolved_numbers
-- The latest resolved incidents that a team answered for, newest first.
SELECT number FROM incidents
WHERE resolved_at IS NOT NULL AND accountable = 1
ORDER BY resolved_at DESC, number DESC LIMIT ? OFFSET ?;

-- name: opened_numbers
-- The incidents that were opened in a time, in order.
SELECT number FROM incidents WHERE opened_at >= ? AND opened_at < ?
ORDER BY number LIMIT ? OFFSET ?;

-- Every statement that the store runs, by name. One a paragraph, the name on its first line.

-- name: append_event
INSERT INTO events (incident, at, kind, body) VALUES (?, ?, ?, ?);

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
-- What a start needs: open incidents, those resolved since ?1, unseen resolutions since ?1.
SELECT body FROM events
WHERE incident IN (SELECT number FROM incidents WHERE resolved_at IS NULL OR resolved_at >= ?1)
   OR (incident = 0 AND at >= ?1)
ORDER BY position;

-- name: events_of_incident
SELECT body FROM events WHERE incident = ? ORDER BY position;

-- name: last_numbers_by_key
SELECT key, max(number) FROM incidents GROUP BY key;

-- name: last_number
SELECT coalesce(max(number), 0) FROM incidents;

-- name: last_position
SELECT coalesce(max(position), 0) FROM events;

-- name: leases
SELECT incident, member, source_kind, source, label_set, until FROM leases;

-- name: resolved_numbers
-- The latest resolved incidents that a team answered for, newest first.
SELECT number FROM incidents
WHERE resolved_at IS NOT NULL AND accountable = 1
ORDER BY resolved_at DESC, number DESC LIMIT ? OFFSET ?;

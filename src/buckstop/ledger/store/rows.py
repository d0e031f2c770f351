"""Values of the domain as rows of a table, and back; the same for every kind of database."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from buckstop.ledger.domain.book import Key, Lease
from buckstop.ledger.domain.events import Event, Stream
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.record.chain import Entry, Head, event_hash
from buckstop.ledger.record.evidence import Recorded
from buckstop.ledger.record.personal import PersonalText, seal, unseal
from buckstop.ledger.record.text_check import StoredText
from buckstop.ledger.record.verification import PlacedText

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chained:
    """Events as they go into the record, and where it ends with them."""

    entries: tuple[Entry, ...]
    texts: tuple[tuple[int, PersonalText], ...]
    head: Head


def chained(head: Head, events: Iterable[Event]) -> Chained:
    """`events` sealed and chained to what ends with `head`."""
    entries: list[Entry] = []
    texts: list[tuple[int, PersonalText]] = []
    for event in events:
        sealed, personal = seal(event)
        body, position = sealed.encode("utf-8"), head.size + 1
        hash_ = event_hash(position, head.hash, body)
        entries.append(Entry(position, *columns_of(event), body, head.hash, hash_))
        texts += ((position, text) for text in personal)
        head = Head(position, hash_)
    return Chained(tuple(entries), tuple(texts), head)


def goes_on_after(head_row: Sequence[Any] | None, last_row: Sequence[Any] | None) -> Head:
    """Where the record goes on: after its head.

    Alerts are recorded in a record that was tampered with too, and nothing is covered up by that:
    where events were cut off the gap stays, and what was put behind the head is linked to nothing,
    so that `record verify` finds either for ever.

    Args:
        head_row: size and hash; None where there is no head.
        last_row: position and hash of the last event; None where there is none.
    """
    end = Head() if last_row is None else Head(*last_row)
    head = end if head_row is None else Head(*head_row)
    if head != end:
        log.error("the record was tampered with: its head and its last event differ")
    return Head(max(head.size, end.size), head.hash)


def columns_of(event: Event) -> tuple[int, str, str]:
    """What stands beside the body of `event` for look-ups: incident, time and kind."""
    return event.incident, time_text(event.at), event.body.kind


def recorded(entries: Iterable[Sequence[Any]], texts: Iterable[PlacedText]) -> tuple[Recorded, ...]:
    """Rows of events, each with the texts beside it."""
    beside: dict[int, dict[str, StoredText]] = {}
    for position, place, text in texts:
        beside.setdefault(position, {})[place] = text
    found = []
    for position, incident, at, kind, body, previous, hash_ in entries:
        entry = Entry(position, incident, at, kind, body.encode("utf-8"), previous, hash_)
        found.append(Recorded(entry, beside.get(position, {})))
    return tuple(found)


def event_of(body: str, texts: str) -> Event:
    """The event of a row: its body, and a JSON object of the personal texts that are left."""
    return unseal(body, json.loads(texts))


def incident_row(incident: Incident) -> tuple[int, str, int, str, str | None]:
    """The index's row for `incident`."""
    resolved = incident.resolved
    return (
        incident.number,
        json.dumps(incident.key, ensure_ascii=False),
        int(incident.not_accountable is None),
        time_text(incident.opened_at),
        None if resolved is None else time_text(resolved.at),
    )


def lease_row(lease: Lease) -> tuple[int, str, str, str, str, str]:
    """The row of `lease`."""
    stream = lease.stream
    stem = (lease.incident, lease.member, stream.kind, stream.source, stream.label_set)
    return (*stem, time_text(lease.until))


def lease_of(row: Sequence[Any]) -> Lease:
    """The lease that `lease_row` wrote."""
    incident, member, kind, source, label_set, until = row
    return Lease(incident, member, Stream(kind, source, label_set), datetime.fromisoformat(until))


def time_text(at: datetime) -> str:
    """`at` in UTC, always with microseconds: text order must be time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def key_of(text: str) -> Key:
    """The key that `incident_row` wrote."""
    return tuple((name, value) for name, value in json.loads(text))

"""One transaction that appends to the record in PostgreSQL: two round trips, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from buckstop.ledger.domain.book import Lease
from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.record.chain import Head
from buckstop.ledger.record.text_check import StoredText
from buckstop.ledger.record.verification import PlacedText
from buckstop.ledger.store.errors import as_recorded
from buckstop.ledger.store.interface import Missed
from buckstop.ledger.store.postgres.connecting import Connection, statement
from buckstop.ledger.store.rows import (
    Chained,
    chained,
    event_of,
    goes_on_after,
    incident_row,
    lease_of,
    lease_row,
)


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to where a server has read the record.

    Attributes:
        position: of an event.
        renewal: number of a transaction that renewed leases.
    """

    position: int = 0
    renewal: int = 0


class PostgresTransaction:
    """The record's end, held; what is appended is written when it is committed."""

    def __init__(self, db: Connection, head: Head, missed: Missed, renewal: int) -> None:
        self._db = db
        self._head = head
        self._missed = missed
        self._renewal = renewal
        self._writes: list[Callable[[], object]] = []

    @classmethod
    def begin(cls, db: Connection, reached: Reached) -> PostgresTransaction:
        """Wait for the record's end, take it, and read what is missed. Raises psycopg.Error."""
        with db.pipeline():
            db.execute("BEGIN")
            head = db.execute(statement("head"))
            last = db.execute(statement("last_event"))
            events = db.execute(statement("missed_events"), (reached.position,))
            leases = db.execute(statement("missed_leases"), (reached.renewal,))
            renewal = db.execute(statement("next_renewal"))
        ((number,),) = renewal.fetchall()
        missed = missed_of(events.fetchall(), leases.fetchall())
        return cls(db, goes_on_after(head.fetchone(), last.fetchone()), missed, number)

    @property
    def missed(self) -> Missed:
        """What other servers have recorded."""
        return self._missed

    @property
    def reached(self) -> Reached:
        """Up to where the record is known, once this is committed."""
        return Reached(self._head.size, self._renewal)

    def append(
        self, events: Sequence[Event], leases: Iterable[Lease], changed: Collection[Incident]
    ) -> int:
        """Append at the record's end; see `interface.Transaction`."""
        if events:
            new = chained(self._head, events)
            self._head = new.head
            self._writes.append(lambda: write_events(self._db, new))
        ended = [incident.number for incident in changed if incident.resolved is not None]
        self._put("put_incidents", map(incident_row, changed))
        self._put("put_leases", ((*lease_row(lease), self._renewal) for lease in leases))
        self._put("drop_leases", ((number,) for number in ended))
        return self._head.size

    def commit(self) -> None:
        """Write all of it, and tell other servers. Raises psycopg.Error."""
        with self._db.pipeline():
            for write in self._writes:
                write()
            if self._writes:
                self._db.execute(statement("notify"))
            self._db.execute("COMMIT")

    def _put(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        columns = columns_of(rows)
        if columns:
            self._writes.append(lambda: self._db.execute(statement(name), columns))


def write_events(db: Connection, new: Chained) -> None:
    """Put events and their texts into the record, and move its head; the head is held."""
    events = columns_of(
        (e.position, e.incident, e.at, e.kind, e.body.decode("utf-8"), e.previous, e.hash)
        for e in new.entries
    )
    db.execute(statement("append_events"), events)
    texts = columns_of(
        (position, t.place, json_text(t.person), t.salt, json_text(t.text))
        for position, t in new.texts
    )
    if texts:
        db.execute(statement("keep_texts"), texts)
    db.execute(statement("move_head"), (new.head.size, new.head.hash))


def columns_of(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """`rows` by column, as `unnest` takes them: one statement whatever their number."""
    return [list(column) for column in zip(*rows, strict=True)]


def missed_of(events: Sequence[Sequence[Any]], leases: Sequence[Sequence[Any]]) -> Missed:
    """What was read beyond what was known. Raises StoreError."""
    if not events and not leases:
        return Missed()
    with as_recorded():
        return Missed(
            tuple(event_of(body, texts) for _, body, texts in events),
            tuple(lease_of(lease) for _, *lease in leases),
        )


def json_text(text: str) -> str:
    """`text` as PostgreSQL keeps it: a JSON string, for its own has no U+0000."""
    return json.dumps(text, ensure_ascii=False)


def placed_text(row: Sequence[Any]) -> PlacedText:
    """A personal text from a row that has it as a JSON string."""
    position, place, salt, text = row
    try:
        read = json.loads(text)
    except ValueError:
        # Somebody else wrote it, and no commitment is of it.
        read = text
    return position, place, StoredText(salt, str(read))

"""Reading the record of PostgreSQL, beside its writer."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident, fold
from buckstop.ledger.record.evidence import Recorded
from buckstop.ledger.store.errors import StoreError, StoreRefusedError, as_recorded
from buckstop.ledger.store.postgres.connecting import (
    Connection,
    connect_to_record,
    statement,
    translated,
)
from buckstop.ledger.store.postgres.transaction import placed_text
from buckstop.ledger.store.rows import event_of, recorded, time_text


class PostgresReader:
    """Reads the record while the writer writes; for any thread, one at a time."""

    def __init__(self, where: str) -> None:
        """Connect to the database at `where`. Raises StoreError."""
        self._where = where
        self._in_use = threading.Lock()
        self._db = self._connected()

    def close(self) -> None:
        """Disconnect."""
        with self._in_use:
            self._db.close()

    def history(self, number: int) -> tuple[Event, ...]:
        """All events of incident `number`, in order; empty where there is none."""
        return self._events("events_of_incident", (number,))

    def resolved(self, limit: int, offset: int = 0) -> tuple[Incident, ...]:
        """The latest resolved incidents that a team answered for, newest first."""
        rows = self._read("resolved_numbers", (limit, offset))
        with as_recorded():
            return tuple(fold(self.history(number)) for (number,) in rows)

    def opened(
        self, since: datetime, until: datetime, limit: int, offset: int = 0
    ) -> tuple[tuple[Event, ...], ...]:
        """All events of each incident opened at `since` or later and before `until`, in order."""
        rows = self._read("opened_numbers", (time_text(since), time_text(until), limit, offset))
        return tuple(self.history(number) for (number,) in rows)

    def apart(self, kind: str, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """Events of a kind that belong to no incident, newest first."""
        return self._events("events_apart", (kind, limit, offset))

    def recorded(self, number: int) -> tuple[Recorded, ...]:
        """What is stored of incident `number`, in order, with the texts beside it."""
        return self._recorded("of_incident", (number,))

    def recorded_between(self, first: int, last: int) -> tuple[Recorded, ...]:
        """What is stored at the positions `first` to `last`, with the texts beside it."""
        return self._recorded("between", (first, last))

    def span(self, since: datetime, until: datetime) -> tuple[int | None, int | None]:
        """The first position of an event at `since` or later, the last of one before `until`."""
        ((first, last),) = self._read("span", (time_text(since), time_text(until)))
        return first, last

    def hashes(self, after: int, limit: int) -> list[bytes]:
        """The hashes of the next `limit` events after position `after`. Raises StoreError."""
        return [bytes(hash_) for (hash_,) in self._read("hashes", (after, limit))]

    def _recorded(self, which: str, parameters: tuple[int, ...]) -> tuple[Recorded, ...]:
        entries = self._read(f"entries_{which}", parameters)
        texts = self._read(f"texts_{which}", parameters)
        return recorded(entries, map(placed_text, texts))

    def _events(self, name: str, parameters: tuple[str | int, ...]) -> tuple[Event, ...]:
        rows = self._read(name, parameters)
        with as_recorded():
            return tuple(event_of(str(body), str(texts)) for body, texts in rows)

    def _read(self, name: str, parameters: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        with self._in_use, translated():
            if self._db.closed or self._db.broken:
                self._db = self._connected()
            return self._db.execute(statement(name), parameters).fetchall()

    def _connected(self) -> Connection:
        try:
            return connect_to_record(self._where)
        except StoreRefusedError as error:
            raise StoreError(str(error)) from error

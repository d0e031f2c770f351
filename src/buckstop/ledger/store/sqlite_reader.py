"""Reading the record of a SQLite file, beside its writer."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident, fold
from buckstop.ledger.record.evidence import Recorded
from buckstop.ledger.record.text_check import StoredText
from buckstop.ledger.store.errors import as_recorded
from buckstop.ledger.store.rows import event_of, recorded, time_text
from buckstop.ledger.store.sql import queries
from buckstop.ledger.store.sqlite_file import open_to_read, translated


class StoreReader:
    """Reads the record while the writer writes; for any thread, one at a time."""

    def __init__(self, path: Path) -> None:
        """Open the store at `path`. Raises StoreError."""
        with translated():
            self._db = open_to_read(path)
        self._in_use = threading.Lock()

    def close(self) -> None:
        """Close the connection."""
        with self._in_use:
            self._db.close()

    def history(self, number: int) -> tuple[Event, ...]:
        """All events of incident `number`, in order; empty where there is none."""
        return self._events("events_of_incident", (number,))

    def resolved(self, limit: int, offset: int = 0) -> tuple[Incident, ...]:
        """The latest resolved incidents that a team answered for, newest first."""
        with self._in_use, translated():
            rows: list[Any] = self._db.execute(
                queries()["resolved_numbers"], (limit, offset)
            ).fetchall()
        with as_recorded():
            return tuple(fold(self.history(number)) for (number,) in rows)

    def opened(
        self, since: datetime, until: datetime, limit: int, offset: int = 0
    ) -> tuple[tuple[Event, ...], ...]:
        """All events of each incident opened at `since` or later and before `until`, in order."""
        parameters = (time_text(since), time_text(until), limit, offset)
        with self._in_use, translated():
            rows: list[Any] = self._db.execute(queries()["opened_numbers"], parameters).fetchall()
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
        parameters = (time_text(since), time_text(until))
        with self._in_use, translated():
            rows: list[Any] = self._db.execute(queries()["span"], parameters).fetchall()
        ((first, last),) = rows
        return first, last

    def hashes(self, after: int, limit: int) -> list[bytes]:
        """The hashes of the next `limit` events after position `after`. Raises StoreError."""
        with self._in_use, translated():
            rows: list[Any] = self._db.execute(queries()["hashes"], (after, limit)).fetchall()
        return [hash_ for (hash_,) in rows]

    def _recorded(self, which: str, parameters: tuple[int, ...]) -> tuple[Recorded, ...]:
        with self._in_use, translated():
            entries: list[Any] = self._db.execute(
                queries()[f"entries_{which}"], parameters
            ).fetchall()
            texts: list[Any] = self._db.execute(queries()[f"texts_{which}"], parameters).fetchall()
        return recorded(
            entries,
            ((position, place, StoredText(salt, text)) for position, place, salt, text in texts),
        )

    def _events(self, name: str, parameters: tuple[str | int, ...]) -> tuple[Event, ...]:
        with self._in_use, translated(), as_recorded():
            rows: list[Any] = self._db.execute(queries()[name], parameters).fetchall()
        with as_recorded():
            return tuple(event_of(body, texts) for body, texts in rows)

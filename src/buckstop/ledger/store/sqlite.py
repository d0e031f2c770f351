"""The record in one SQLite file: appended by one writer, durable before it is acknowledged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import apsw

from buckstop.ledger.domain.book import HOLD_SECONDS, Book, Draft, Lease
from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.store.appending import append_events, read_head
from buckstop.ledger.store.erasure import Erasure, Places, erasure_of, places_of
from buckstop.ledger.store.errors import StoreError, StoreRefusedError, as_recorded
from buckstop.ledger.store.interface import Missed
from buckstop.ledger.store.rows import (
    event_of,
    incident_row,
    key_of,
    lease_of,
    lease_row,
    time_text,
)
from buckstop.ledger.store.sql import queries
from buckstop.ledger.store.sqlite_file import locked, open_to_write, transaction, translated
from buckstop.ledger.store.sqlite_reader import StoreReader


class SqliteTransaction:
    """One transaction on the file, which nobody else writes to."""

    missed = Missed()

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self.head = read_head(db)

    def append(
        self, events: Sequence[Event], leases: Iterable[Lease], changed: Collection[Incident]
    ) -> int:
        """Append at the record's end; see `interface.Transaction`."""
        sql = queries()
        with translated():
            self.head = append_events(self._db, self.head, events)
            self._db.executemany(sql["put_incident"], map(incident_row, changed))
            self._db.executemany(sql["put_lease"], map(lease_row, leases))
            self._db.executemany(
                sql["drop_leases"],
                ((incident.number,) for incident in changed if incident.resolved is not None),
            )
        return self.head.size


class SqliteStore:
    """One open store file. For one thread at a time; `reader` gives others their own."""

    def __init__(self, path: Path, *, max_pages: int | None = None) -> None:
        """Open or create the store at `path`, and lock it against other servers.

        Args:
            max_pages: the file may not grow beyond this many pages (a limit for small disks).

        Raises:
            StoreRefusedError: the folder or file cannot be used, it is no ledger, it comes from a
                newer Buckstop, or another server has it open.
        """
        self.path = path
        self._max_pages = max_pages
        self._position = 0
        self._lock = locked(path)
        try:
            self._db = open_to_write(path, max_pages)
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Close the file and let others open it."""
        self._db.close()
        self._lock.close()

    def reopen(self) -> None:
        """Begin anew on the same file after an error of the disk. Raises StoreError."""
        with translated():
            self._db.close(True)
            try:
                self._db = open_to_write(self.path, self._max_pages)
            except StoreRefusedError as refused:
                raise StoreError(str(refused)) from refused

    def load(self, now: datetime) -> Book:
        """The book as the record leaves it. Raises StoreError."""
        sql = queries()
        since = time_text(now - timedelta(seconds=HOLD_SECONDS))
        with translated(), as_recorded():
            last_by_key = {
                key_of(text): number
                for text, number in self._db.execute(sql["last_numbers_by_key"])
            }
            last_number = self._db.execute(sql["last_number"]).get
            draft = Draft(Book(last_by_key=last_by_key, last_number=last_number))
            for body, texts in self._db.execute(sql["recent_events"], (since,)):
                draft.record(event_of(body, texts))
            for row in self._db.execute(sql["leases"]):
                draft.renew(lease_of(row))
            self._position = read_head(self._db).size
        return draft.book()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Commit all that is appended, or nothing; see `interface.Store`."""
        with translated(), transaction(self._db):
            current = SqliteTransaction(self._db)
            yield current
        self._position = current.head.size

    @property
    def position(self) -> int:
        """Up to where the record was read or written."""
        return self._position

    def missed(self) -> Missed:
        """Nothing: nobody else writes to the file."""
        return Missed()

    @property
    def leads(self) -> bool:
        """Always: the file has one server."""
        return True

    def lead(self) -> bool:
        """Always: the file has one server."""
        return True

    def listen(self, heard: Callable[[], None]) -> None:
        """There is nobody to hear from."""

    def erase(self, person: str, erased: Callable[[Places], Event]) -> Erasure:
        """Erase all personal texts that concern `person`, and record that with `erased`'s event.

        Nothing is recorded where nothing is left to erase. The file is written anew in any case,
        so that none of its pages keeps a text.

        Raises:
            StoreError: nothing was erased, or the file could not be written anew; the message
                says which. Once the reason is gone, do it again.
        """
        sql = queries()
        with translated(), transaction(self._db):
            found: list[Any] = self._db.execute(sql["texts_of_person"], (person,)).fetchall()
            self._db.executemany(sql["erase_text"], found)
            mentions: list[Any] = self._db.execute(sql["mentions"], (person,)).fetchall()
            if found:
                append_events(self._db, read_head(self._db), [erased(places_of(found))])
        self._write_anew()
        return erasure_of(found, mentions)

    @property
    def eraser(self) -> SqliteStore:
        """Itself: whoever may write the file may erase from it."""
        return self

    def reader(self) -> StoreReader:
        """A read-only view for another thread, with a connection of its own."""
        return StoreReader(self.path)

    def _write_anew(self) -> None:
        """Leave neither in free pages nor in the write-ahead log what was erased."""
        with translated():
            self._db.execute("VACUUM")
            busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]
        if busy:
            raise StoreError(
                f"the texts are erased, but their bytes may be in {self.path}-wal as long as "
                "somebody reads the file (a backup); end that, and erase again"
            )

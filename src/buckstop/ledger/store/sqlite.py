"""The record in one SQLite file: appended by one writer, durable before it is acknowledged."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import apsw

from buckstop.ledger.domain.book import HOLD_SECONDS, Book, Draft, Key, Lease
from buckstop.ledger.domain.events import Event, Stream, read_event, write_event
from buckstop.ledger.domain.incident import Incident, fold
from buckstop.ledger.store.sql import migrations, queries

BUSY_MILLISECONDS = 500
"""How long a reader of the file (a backup) may make the writer wait."""


class StoreError(Exception):
    """The record could not be written or read; nothing of the transaction is kept."""


class StoreFullError(StoreError):
    """There is no space for the record; writing works again once there is."""


class StoreRefusedError(Exception):
    """The file cannot serve as a store at all; the message says why and how to mend it."""


class SqliteStore:
    """One open store file. For one thread at a time; `snapshot_reader` gives others their own."""

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
        self._lock = _locked(path)
        try:
            self._db = self._opened()
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Close the file and let others open it."""
        self._db.close()
        self._lock.close()

    def reopen(self) -> None:
        """Begin anew on the same file after an error of the disk. Raises StoreError."""
        with _translated():
            self._db.close(True)
            try:
                self._db = self._opened()
            except StoreRefusedError as refused:
                raise StoreError(str(refused)) from refused

    def load(self, now: datetime) -> Book:
        """The book as the record leaves it. Raises StoreError."""
        sql = queries()
        since = _time(now - timedelta(seconds=HOLD_SECONDS))
        with _translated():
            last_by_key = {
                _key(text): number for text, number in self._db.execute(sql["last_numbers_by_key"])
            }
            last_number = self._db.execute(sql["last_number"]).get
            draft = Draft(Book(last_by_key=last_by_key, last_number=last_number))
            for (body,) in self._db.execute(sql["recent_events"], (since,)):
                draft.record(read_event(body))
            for lease in self._leases():
                draft.renew(lease)
        return draft.book()

    def append(
        self, events: Sequence[Event], leases: Iterable[Lease], changed: Collection[Incident]
    ) -> int:
        """Commit all of it or nothing; returns the last position once it is durable.

        Raises:
            StoreFullError: no space.
            StoreError: the disk failed otherwise; `reopen` before the next attempt.
        """
        sql = queries()
        with _translated(), self._transaction():
            self._db.executemany(
                sql["append_event"],
                (
                    (event.incident, _time(event.at), event.body.kind, write_event(event))
                    for event in events
                ),
            )
            position: int = self._db.execute(sql["last_position"]).get
            for incident in changed:
                resolved = incident.resolved
                row = (
                    incident.number,
                    json.dumps(incident.key, ensure_ascii=False),
                    int(incident.not_accountable is None),
                    _time(incident.opened_at),
                    None if resolved is None else _time(resolved.at),
                )
                self._db.execute(sql["put_incident"], row)
            for lease in leases:
                stream = lease.stream
                stem = (lease.incident, lease.member, stream.kind, stream.source, stream.label_set)
                self._db.execute(sql["put_lease"], (*stem, _time(lease.until)))
            self._db.executemany(
                sql["drop_leases"],
                ((incident.number,) for incident in changed if incident.resolved is not None),
            )
        return position

    def reader(self) -> StoreReader:
        """A read-only view for another thread, with a connection of its own."""
        return StoreReader(self.path)

    def _leases(self) -> Iterator[Lease]:
        for incident, member, kind, source, label_set, until in self._db.execute(
            queries()["leases"]
        ):
            yield Lease(
                incident, member, Stream(kind, source, label_set), datetime.fromisoformat(until)
            )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # SQLite rolls back by itself after some errors, and then has nothing to roll back.
            if self._db.in_transaction:
                with contextlib.suppress(apsw.Error):
                    self._db.execute("ROLLBACK")
            raise

    def _opened(self) -> apsw.Connection:
        try:
            db = apsw.Connection(os.fspath(self.path))
            db.set_busy_timeout(BUSY_MILLISECONDS)
            if db.pragma("journal_mode", "wal") != "wal":
                raise StoreRefusedError(f"{self.path}: the file system does not allow WAL mode")
            db.pragma("synchronous", "full")
            if self._max_pages is not None:
                db.pragma("max_page_count", self._max_pages)
            _migrate(db, self.path)
        except apsw.Error as error:
            raise StoreRefusedError(f"cannot use {self.path} as the ledger's store: {error}") from (
                error
            )
        return db


class StoreReader:
    """Reads the record while the writer writes; for any thread, one at a time."""

    def __init__(self, path: Path) -> None:
        self._db = apsw.Connection(os.fspath(path), flags=apsw.SQLITE_OPEN_READONLY)
        self._db.set_busy_timeout(BUSY_MILLISECONDS)
        self._in_use = threading.Lock()

    def close(self) -> None:
        """Close the connection."""
        with self._in_use:
            self._db.close()

    def history(self, number: int) -> tuple[Event, ...]:
        """All events of incident `number`, in order; empty where there is none."""
        with self._in_use, _translated():
            rows: list[Any] = self._db.execute(
                queries()["events_of_incident"], (number,)
            ).fetchall()
        return tuple(read_event(body) for (body,) in rows)

    def resolved(self, limit: int, offset: int = 0) -> tuple[Incident, ...]:
        """The latest resolved incidents that a team answered for, newest first."""
        with self._in_use, _translated():
            rows: list[Any] = self._db.execute(
                queries()["resolved_numbers"], (limit, offset)
            ).fetchall()
        return tuple(fold(self.history(number)) for (number,) in rows)


def _locked(path: Path) -> IO[str]:
    lock_path = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = lock_path.open("a", encoding="utf-8")
    except OSError as error:
        raise StoreRefusedError(
            f"cannot write beside {path}: {error.strerror or error}; "
            "name another place with --store PATH"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise StoreRefusedError(
            f"another ledger has {path} open; stop it, or name another store with --store PATH"
        ) from error
    return lock


def _migrate(db: apsw.Connection, path: Path) -> None:
    version = db.pragma("user_version")
    assert isinstance(version, int)
    steps = migrations()
    if version > len(steps):
        raise StoreRefusedError(
            f"{path} was written by a newer Buckstop (schema {version}, this one knows "
            f"{len(steps)}); use that one"
        )
    tables = db.execute("SELECT count(*) FROM sqlite_schema").get
    if version == 0 and tables:
        raise StoreRefusedError(f"{path} is a database, but no ledger of Buckstop")
    for number, text in steps[version:]:
        with db:
            db.execute(text)
            db.pragma("user_version", number)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.FullError as error:
        raise StoreFullError(f"no space for the record: {error}") from error
    except apsw.Error as error:
        raise StoreError(f"the store failed: {error}") from error


def _time(at: datetime) -> str:
    # Always with microseconds: text order must be time order.
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _key(text: str) -> Key:
    return tuple((name, value) for name, value in json.loads(text))

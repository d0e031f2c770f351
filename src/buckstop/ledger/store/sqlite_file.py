"""One SQLite file as a store: opened durably, locked against other servers, migrated."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import apsw

from buckstop.ledger.store.errors import StoreError, StoreFullError, StoreRefusedError
from buckstop.ledger.store.migrating import migrate

BUSY_MILLISECONDS = 500
"""How long a reader of the file (a backup) may make the writer wait."""


def open_to_write(path: Path, max_pages: int | None) -> apsw.Connection:
    """The file at `path`, made or migrated if need be. Raises StoreRefusedError."""
    try:
        db = apsw.Connection(os.fspath(path))
        db.set_busy_timeout(BUSY_MILLISECONDS)
        if db.pragma("journal_mode", "wal") != "wal":
            raise StoreRefusedError(f"{path}: the file system does not allow WAL mode")
        db.pragma("synchronous", "full")
        # What is erased is overwritten, wherever it stood.
        db.pragma("secure_delete", "on")
        if max_pages is not None:
            db.pragma("max_page_count", max_pages)
        migrate(db, path)
    except apsw.Error as error:
        raise StoreRefusedError(f"cannot use {path} as the ledger's store: {error}") from error
    return db


def open_to_read(path: Path) -> apsw.Connection:
    """The file at `path`, for reading only. Raises apsw.Error."""
    db = apsw.Connection(os.fspath(path), flags=apsw.SQLITE_OPEN_READONLY)
    db.set_busy_timeout(BUSY_MILLISECONDS)
    return db


def locked(path: Path) -> IO[str]:
    """A lock that one server at a time has on the store at `path`. Raises StoreRefusedError."""
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


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors of SQLite as the store's own."""
    try:
        yield
    except apsw.FullError as error:
        raise StoreFullError(f"no space for the record: {error}") from error
    except apsw.Error as error:
        raise StoreError(f"the store failed: {error}") from error


@contextlib.contextmanager
def transaction(db: apsw.Connection) -> Iterator[None]:
    """All of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # SQLite rolls back by itself after some errors, and then has nothing to roll back.
        if db.in_transaction:
            with contextlib.suppress(apsw.Error):
                db.execute("ROLLBACK")
        raise

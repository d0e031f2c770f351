"""A store by what the user names it: a file, or an address of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.store.errors import StoreRefusedError
from buckstop.ledger.store.interface import Eraser, Reader, Store
from buckstop.ledger.store.sqlite import SqliteStore
from buckstop.ledger.store.sqlite_reader import StoreReader
from buckstop.ledger.store.sqlite_verify import SqliteVerification
from buckstop.ledger.store.verifying import StoreVerification

POSTGRES = ("postgresql://", "postgres://")


def is_postgres(where: str) -> bool:
    """Whether `where` names a database of PostgreSQL rather than a file."""
    return where.startswith(POSTGRES)


def shown(where: str) -> str:
    """`where` as it may be shown and logged: without a password."""
    if is_postgres(where):
        from buckstop.ledger.store.postgres.connecting import shown as without_password

        return without_password(where)
    return where


def open_store(where: str) -> Store:
    """The store to write to; a file is made if need be. Raises StoreRefusedError."""
    if is_postgres(where):
        from buckstop.ledger.store.postgres.store import PostgresStore

        return PostgresStore(where)
    return SqliteStore(Path(where))


def open_reader(where: str) -> Reader:
    """The store to read from. Raises StoreError."""
    if is_postgres(where):
        from buckstop.ledger.store.postgres.reader import PostgresReader

        return PostgresReader(where)
    return StoreReader(Path(where))


def open_eraser(where: str) -> Eraser:
    """The store to erase from. Raises StoreRefusedError, also where there is none."""
    if is_postgres(where):
        from buckstop.ledger.store.postgres.erasing import PostgresEraser

        return PostgresEraser(where)
    if not Path(where).is_file():
        raise StoreRefusedError(f"there is no store at {where}; name it with --store FILE")
    return SqliteStore(Path(where))


def open_verification(where: str, checkpoints: Sequence[Checkpoint]) -> StoreVerification:
    """The store to verify. Raises StoreRefusedError."""
    if is_postgres(where):
        from buckstop.ledger.store.postgres.verifying import PostgresVerification

        return PostgresVerification(where, checkpoints)
    return SqliteVerification(Path(where), checkpoints)

"""Connections to the database: who may connect, what its errors are, that its schema fits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from buckstop.ledger.store.errors import StoreError, StoreFullError, StoreRefusedError
from buckstop.ledger.store.sql import migrations, queries

Connection = psycopg.Connection[tuple[Any, ...]]

CONNECT_SECONDS = 10
SILENT_MILLISECONDS = 10_000
"""A server that acknowledges nothing for so long is gone."""
IDLE_SECONDS = 6
"""A ledger that asks nothing for so long is gone: its session ends, and with it its lead."""
DECIDING_SECONDS = 10
"""The same while it holds the record's end, for which all others wait."""


def shown(where: str) -> str:
    """`where` without a password."""
    try:
        parts = conninfo_to_dict(where)
    except psycopg.ProgrammingError:
        return "postgresql://…"
    named = ("user", "host", "port", "dbname")
    return make_conninfo("", **{name: parts[name] for name in named if parts.get(name)})


def connect(where: str) -> Connection:
    """A connection. Raises psycopg.Error; its messages have no password."""
    db = psycopg.connect(
        where,
        autocommit=True,
        application_name="buckstop",
        connect_timeout=CONNECT_SECONDS,
        tcp_user_timeout=SILENT_MILLISECONDS,
    )
    # Acknowledged means durable, whatever the server's default is.
    db.execute("SET synchronous_commit = on")
    return db


def end_when_silent(db: Connection) -> None:
    """Have the database end the session of `db` when its process hangs or is cut off."""
    db.execute(f"SET idle_session_timeout = '{IDLE_SECONDS}s'")
    db.execute(f"SET idle_in_transaction_session_timeout = '{DECIDING_SECONDS}s'")


def connect_to_record(where: str) -> Connection:
    """A connection to a database that has the record's schema. Raises StoreRefusedError."""
    with refused(where):
        db = connect(where)
        try:
            check_schema(db, where)
        except BaseException:
            db.close()
            raise
        return db


def check_schema(db: Connection, where: str) -> None:
    """Refuse a database whose schema is another. Raises StoreRefusedError, psycopg.Error."""
    encoding = db.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreRefusedError(f"{shown(where)} is encoded in {encoding}; make one in UTF8")
    version, newest = schema_version(db), len(migrations("postgres"))
    if version > newest:
        raise StoreRefusedError(
            f"{shown(where)} was written by a newer Buckstop (schema {version}, this one knows "
            f"{newest}); use that one"
        )
    if version < newest:
        raise StoreRefusedError(
            f"{shown(where)} has no ledger of schema {newest}: as the owner of the database, run "
            "`buckstop record prepare --store … --role …`"
        )


def schema_version(db: Connection) -> int:
    """The schema that the database has; 0 for none."""
    if db.execute("SELECT to_regclass('buckstop_schema')").fetchall() == [(None,)]:
        return 0
    ((version,),) = db.execute("SELECT coalesce(max(version), 0) FROM buckstop_schema").fetchall()
    assert isinstance(version, int)
    return version


def statement(name: str) -> str:
    """The statement of that name."""
    return queries("postgres")[name]


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors of PostgreSQL as the store's own."""
    try:
        yield
    except psycopg.errors.DiskFull as error:
        raise StoreFullError(f"no space for the record: {error}") from error
    except psycopg.Error as error:
        raise StoreError(f"the store failed: {error}") from error


@contextlib.contextmanager
def refused(where: str) -> Iterator[None]:
    """Errors while opening, as reasons not to."""
    try:
        yield
    except psycopg.Error as error:
        said = f"cannot use {shown(where)} as the ledger's store: {error}"
        raise StoreRefusedError(said) from error

"""From the schema that a file was written with to the one of this Buckstop, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import apsw

from buckstop.ledger.domain.events import Event, read_event
from buckstop.ledger.record.chain import Head
from buckstop.ledger.store.appending import append_events
from buckstop.ledger.store.errors import StoreRefusedError
from buckstop.ledger.store.sql import migrations

ROWS_AT_ONCE = 10_000


def migrate(db: apsw.Connection, path: Path) -> None:
    """Bring `db` up to the newest schema; a new file begins with none. Raises StoreRefusedError."""
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
            if number == 2:
                carry_into_chain(db)
            db.pragma("user_version", number)


def carry_into_chain(db: apsw.Connection) -> None:
    """Seal and chain what was recorded before there was a chain, in its order.

    Raises:
        StoreRefusedError: an event cannot be read.
    """
    events = _unchained(db)
    head = Head()
    while some := list(islice(events, ROWS_AT_ONCE)):
        head = append_events(db, head, some)
    db.execute("DROP TABLE events_unchained")


def _unchained(db: apsw.Connection) -> Iterator[Event]:
    rows: Any = db.execute("SELECT position, body FROM events_unchained ORDER BY position")
    for position, body in rows:
        try:
            yield read_event(body)
        except ValueError as error:
            raise StoreRefusedError(
                f"event {position} of the store cannot be read, so its schema is not brought up to "
                f"date; restore a backup: {error}"
            ) from error

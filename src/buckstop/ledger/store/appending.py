"""Rows of the record, written: the one place that inserts events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import apsw

from buckstop.ledger.domain.events import Event
from buckstop.ledger.record.chain import Head
from buckstop.ledger.store.rows import chained, goes_on_after
from buckstop.ledger.store.sql import queries


def append_events(db: apsw.Connection, head: Head, events: Sequence[Event]) -> Head:
    """Append `events` to what ends with `head`, within the open transaction; the new head."""
    if not events:
        return head
    sql = queries()
    new = chained(head, events)
    db.executemany(
        sql["append_event"],
        (
            (e.position, e.incident, e.at, e.kind, e.body.decode("utf-8"), e.previous, e.hash)
            for e in new.entries
        ),
    )
    db.executemany(
        sql["keep_text"],
        ((position, t.place, t.person, t.salt, t.text) for position, t in new.texts),
    )
    db.execute(sql["move_head"], (new.head.size, new.head.hash))
    return new.head


def read_head(db: apsw.Connection) -> Head:
    """Where the record goes on; see `goes_on_after`."""
    row: Any = db.execute(queries()["head"]).fetchone()
    last: Any = db.execute(queries()["last_event"]).fetchone()
    return goes_on_after(row, last)

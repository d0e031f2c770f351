"""Rows of the record, written: the one place that inserts events."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import apsw

from buckstop.ledger.domain.events import Event
from buckstop.ledger.record.chain import Head
from buckstop.ledger.store.rows import chained
from buckstop.ledger.store.sql import queries

log = logging.getLogger(__name__)


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
    """Where the record goes on: after its head.

    Alerts are recorded in a record that was tampered with too, and nothing is covered up by that:
    where events were cut off the gap stays, and what was put behind the head is linked to nothing,
    so that `record verify` finds either for ever.
    """
    row: Any = db.execute(queries()["head"]).fetchone()
    last: Any = db.execute(queries()["last_event"]).fetchone()
    end = Head() if last is None else Head(*last)
    head = end if row is None else Head(*row)
    if head != end:
        log.error("the record was tampered with: its head and its last event differ")
    return Head(max(head.size, end.size), head.hash)

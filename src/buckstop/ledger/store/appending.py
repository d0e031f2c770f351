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
    """Where the record goes on.

    That is its head. Where events were cut off, the gap stays for `record verify` to find; where
    the head was set back, the last event counts: alerts are recorded in either case.
    """
    row: Any = db.execute(queries()["head"]).fetchone()
    last: Any = db.execute(queries()["last_event"]).fetchone()
    heads = [Head(*found) for found in (row, last) if found is not None]
    head = max(heads, key=lambda found: found.size, default=Head())
    if any(found != head for found in heads) and head.size:
        log.error("the record was tampered with: its head and its last event differ")
    return head

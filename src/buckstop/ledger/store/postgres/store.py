"""The record in PostgreSQL: appended under the locked head, durable before it is acknowledged."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from buckstop.ledger.domain.book import HOLD_SECONDS, Book, Draft, Lease
from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.record.chain import Head
from buckstop.ledger.store.errors import StoreError, StoreRefusedError, as_recorded
from buckstop.ledger.store.postgres.connecting import (
    Connection,
    connect_to_record,
    refused,
    shown,
    statement,
    translated,
)
from buckstop.ledger.store.postgres.reader import PostgresReader
from buckstop.ledger.store.rows import (
    chained,
    event_of,
    goes_on_after,
    incident_row,
    key_of,
    lease_of,
    lease_row,
    time_text,
)

ONE_SERVER = 0x6275_636B_7374_6F70
"""The database's advisory lock that one server at a time has; "buckstop" in ASCII."""


class PostgresStore:
    """One open database. For one thread at a time; `reader` gives others their own connection."""

    def __init__(self, where: str) -> None:
        """Connect to the database at `where`, and lock it against other servers.

        Raises:
            StoreRefusedError: it cannot be reached, it is not prepared or not of this schema, the
                role may change the record, or another server has it.
        """
        self._where = where
        self._db = self._opened()

    def close(self) -> None:
        """Disconnect, and let others connect."""
        self._db.close()

    def reopen(self) -> None:
        """Begin anew after an error. Raises StoreError."""
        with translated():
            self._db.close()
        try:
            self._db = self._opened()
        except StoreRefusedError as error:
            raise StoreError(str(error)) from error

    def load(self, now: datetime) -> Book:
        """The book as the record leaves it. Raises StoreError."""
        since = time_text(now - timedelta(seconds=HOLD_SECONDS))
        with translated(), as_recorded(), self._db.transaction():
            last_by_key = {
                key_of(text): number
                for text, number in self._db.execute(statement("last_numbers_by_key"))
            }
            ((last_number,),) = self._db.execute(statement("last_number")).fetchall()
            draft = Draft(Book(last_by_key=last_by_key, last_number=last_number))
            for body, texts in self._db.execute(statement("recent_events"), {"since": since}):
                draft.record(event_of(body, texts))
            for row in self._db.execute(statement("leases")):
                draft.renew(lease_of(row))
        return draft.book()

    def append(
        self, events: Sequence[Event], leases: Iterable[Lease], changed: Collection[Incident]
    ) -> int:
        """Commit all of it or nothing; returns the last position once it is durable.

        Raises:
            StoreFullError: no space.
            StoreError: it failed otherwise; `reopen` before the next attempt.
        """
        with translated(), self._db.transaction(), self._db.cursor() as cursor:
            head = append_events(self._db, events)
            cursor.executemany(statement("put_incident"), list(map(incident_row, changed)))
            cursor.executemany(statement("put_lease"), list(map(lease_row, leases)))
            ended = [(incident.number,) for incident in changed if incident.resolved is not None]
            cursor.executemany(statement("drop_leases"), ended)
        return head.size

    def reader(self) -> PostgresReader:
        """A view for another thread, with a connection of its own. Raises StoreError."""
        return PostgresReader(self._where)

    def _opened(self) -> Connection:
        db = connect_to_record(self._where)
        try:
            with refused(self._where):
                self._check_rights(db)
                ((free,),) = db.execute("SELECT pg_try_advisory_lock(%s)", (ONE_SERVER,)).fetchall()
            if not free:
                raise StoreRefusedError(
                    f"another ledger has {shown(self._where)} open; stop it, or name another store "
                    "with --store"
                )
        except BaseException:
            db.close()
            raise
        return db

    def _check_rights(self, db: Connection) -> None:
        ((may_change,),) = db.execute(
            "SELECT has_table_privilege('events', 'UPDATE, DELETE, TRUNCATE')"
        ).fetchall()
        if may_change:
            raise StoreRefusedError(
                f"the role of {shown(self._where)} may change the record, and a ledger's must not; "
                "connect as the role that `buckstop record prepare --role` was given"
            )


def append_events(db: Connection, events: Sequence[Event]) -> Head:
    """Lock the head and append `events` to the record, within the open transaction."""
    head_row = db.execute(statement("head")).fetchone()
    head = goes_on_after(head_row, db.execute(statement("last_event")).fetchone())
    if not events:
        return head
    new = chained(head, events)
    with db.cursor() as cursor:
        with cursor.copy(statement("append_events")) as rows:
            for e in new.entries:
                body = e.body.decode("utf-8")
                rows.write_row((e.position, e.incident, e.at, e.kind, body, e.previous, e.hash))
        cursor.executemany(
            statement("keep_text"),
            [
                (position, t.place, json_text(t.person), t.salt, json_text(t.text))
                for position, t in new.texts
            ],
        )
    db.execute(statement("move_head"), (new.head.size, new.head.hash))
    return new.head


def json_text(text: str) -> str:
    """`text` as PostgreSQL keeps it: a JSON string, for its own has no U+0000."""
    return json.dumps(text, ensure_ascii=False)

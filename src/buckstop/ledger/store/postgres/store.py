"""The record in PostgreSQL: appended under the locked head, durable before it is acknowledged.

Any number of servers append to it, one after the other. Each reads what the others have appended
before it decides anything.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import psycopg

from buckstop.ledger.domain.book import HOLD_SECONDS, Book, Draft
from buckstop.ledger.store.errors import StoreError, StoreRefusedError, as_recorded
from buckstop.ledger.store.interface import Missed
from buckstop.ledger.store.postgres.connecting import (
    Connection,
    connect_to_record,
    end_when_silent,
    refused,
    shown,
    statement,
    translated,
)
from buckstop.ledger.store.postgres.listening import PostgresListening
from buckstop.ledger.store.postgres.reader import PostgresReader
from buckstop.ledger.store.postgres.transaction import PostgresTransaction, Reached, missed_of
from buckstop.ledger.store.rows import event_of, key_of, lease_of, time_text

LEAD = 0x6275_636B_7374_6F70
"""The database's advisory lock that the session of the leading server has; "buckstop" in ASCII."""


class PostgresStore:
    """One open database. For one thread at a time; `reader` gives others their own connection."""

    def __init__(self, where: str) -> None:
        """Connect to the database at `where`.

        Raises:
            StoreRefusedError: it cannot be reached, it is not prepared or not of this schema, or
                the role may change the record.
        """
        self._where = where
        self._reached = Reached()
        self._leads = False
        self._db = self._opened()

    def close(self) -> None:
        """Disconnect, and let another lead."""
        self._db.close()

    def reopen(self) -> None:
        """Begin anew after an error. Raises StoreError."""
        self._leads = False
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
            self._db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
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
            (reached,) = self._db.execute(statement("reached")).fetchall()
        self._reached = Reached(*reached)
        return draft.book()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        """Take the record's end, then commit all that is appended, or nothing; see `Store`."""
        with translated():
            try:
                current = PostgresTransaction.begin(self._db, self._reached)
                # What was missed is known from here on, whatever becomes of what is appended.
                self._reached = current.reached
                yield current
                current.commit()
            except BaseException:
                # Where the connection itself has gone, so has the transaction.
                with contextlib.suppress(psycopg.Error):
                    self._db.rollback()
                raise
        self._reached = current.reached

    def missed(self) -> Missed:
        """What other servers have recorded since this one last looked. Raises StoreError."""
        reached = self._reached
        with translated(), self._db.pipeline():
            self._db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            event_rows = self._db.execute(statement("missed_events"), (reached.position,))
            lease_rows = self._db.execute(statement("missed_leases"), (reached.renewal,))
            self._db.execute("COMMIT")
        events, leases = event_rows.fetchall(), lease_rows.fetchall()
        missed = missed_of(events, leases)
        self._reached = Reached(
            events[-1][0] if events else reached.position,
            leases[-1][0] if leases else reached.renewal,
        )
        return missed

    @property
    def position(self) -> int:
        """Up to where the record was read or written."""
        return self._reached.position

    @property
    def leads(self) -> bool:
        """Whether this session has the lead."""
        return self._leads

    def lead(self) -> bool:
        """Take the lead, or see that the session still has it; see `Store`. Raises StoreError."""
        with translated():
            if self._leads:
                self._db.execute("SELECT 1")
            else:
                row = self._db.execute("SELECT pg_try_advisory_lock(%s)", (LEAD,)).fetchone()
                self._leads = row == (True,)
        return self._leads

    def listen(self, heard: Callable[[], None]) -> PostgresListening:
        """Have `heard` called whenever a server has recorded."""
        return PostgresListening(self._where, heard)

    @property
    def eraser(self) -> None:
        """Nobody: the ledger's role may only append."""

    def reader(self) -> PostgresReader:
        """A view for another thread, with a connection of its own. Raises StoreError."""
        return PostgresReader(self._where)

    def _opened(self) -> Connection:
        db = connect_to_record(self._where)
        try:
            with refused(self._where):
                self._check_rights(db)
                end_when_silent(db)
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

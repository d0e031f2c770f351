"""Erasing from the record in PostgreSQL, as the owner of its tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from buckstop.ledger.domain.events import Event
from buckstop.ledger.store.erasure import Erasure, Places, erasure_of, places_of
from buckstop.ledger.store.errors import StoreRefusedError
from buckstop.ledger.store.postgres.connecting import (
    connect_to_record,
    shown,
    statement,
    translated,
)
from buckstop.ledger.store.postgres.transaction import json_text, write_events
from buckstop.ledger.store.rows import chained, goes_on_after


class PostgresEraser:
    """One connection of the owner; the ledger may run meanwhile."""

    def __init__(self, where: str) -> None:
        """Connect. Raises StoreRefusedError, also where the role is not the tables' owner."""
        self._db = connect_to_record(where)
        owner: Any = self._db.execute(
            "SELECT pg_has_role(tableowner, 'USAGE') FROM pg_tables "
            "WHERE schemaname = current_schema() AND tablename = 'personal'"
        ).fetchone()
        if owner != (True,):
            self._db.close()
            raise StoreRefusedError(
                f"the role of {shown(where)} does not own the record's tables; only their owner "
                "may erase"
            )

    def close(self) -> None:
        """Disconnect."""
        self._db.close()

    def erase(self, person: str, erased: Callable[[Places], Event]) -> Erasure:
        """Erase all personal texts that concern `person`; see `interface.Eraser`."""
        named = {"person": json_text(person)}
        with translated(), self._db.transaction(), self._db.cursor() as cursor:
            # The head first: nobody appends what would then be left over.
            head_row = self._db.execute(statement("head")).fetchone()
            found: list[Any] = self._db.execute(statement("texts_of_person"), named).fetchall()
            cursor.executemany(statement("erase_text"), found)
            inside = json_text(person)[1:-1]
            mentions: list[Any] = self._db.execute(statement("mentions"), (inside,)).fetchall()
            if found:
                last_row = self._db.execute(statement("last_event")).fetchone()
                head = goes_on_after(head_row, last_row)
                write_events(self._db, chained(head, [erased(places_of(found))]))
                self._db.execute(statement("notify"))
        with translated():
            # The table is written anew, without the rows that are gone.
            self._db.execute("VACUUM (FULL) personal")
        return erasure_of(found, mentions)

"""Verifying the record in PostgreSQL, beside a running ledger or without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from buckstop.ledger.domain.events import Event
from buckstop.ledger.record.chain import Entry, Head
from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.record.discrepancy import Discrepancy
from buckstop.ledger.record.verification import Stored
from buckstop.ledger.store.postgres.connecting import connect_to_record, statement
from buckstop.ledger.store.postgres.transaction import placed_text
from buckstop.ledger.store.rows import event_of
from buckstop.ledger.store.sql import migrations
from buckstop.ledger.store.verifying import StoreVerification

ROWS_AT_ONCE = 10_000

_TRIGGER = re.compile(r"^(CREATE TRIGGER (\w+)\s.*?);$", re.MULTILINE | re.DOTALL)
_DROPPED = re.compile(r"^DROP (?:TRIGGER|FUNCTION) (\w+)", re.MULTILINE)
_FUNCTION = re.compile(r"^CREATE FUNCTION (\w+)\(\).*?\$\$(.*?)\$\$;$", re.MULTILINE | re.DOTALL)


class PostgresVerification(StoreVerification):
    """One verification of the database at `where`. Raises StoreRefusedError."""

    def __init__(self, where: str, checkpoints: Sequence[Checkpoint] = ()) -> None:
        super().__init__(checkpoints)
        self._db = connect_to_record(where)

    def run(self) -> Iterator[Discrepancy]:
        """Everything that is wrong, as of one moment; disconnects."""
        self._db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._db.read_only = True
        try:
            with self._db.transaction():
                yield from self._guards()
                yield from self._verification.run(self._stored())
        except psycopg.Error as error:
            said = f"the database cannot be read on: {error}"
            yield Discrepancy("file-damaged", None, said)
        finally:
            self._db.close()

    def _guards(self) -> Iterator[Discrepancy]:
        there = {name: _one_line(text) for name, text in self._db.execute(statement("triggers"))}
        there |= {name: _one_line(text) for name, text in self._db.execute(statement("functions"))}
        for name, text in _expected().items():
            if there.get(name) != text:
                yield Discrepancy("guard-missing", None, f"the guard {name} is gone or altered")

    def _stored(self) -> Stored:
        head = self._db.execute(statement("head_as_read")).fetchone()
        return Stored(
            None if head is None else Head(*head),
            map(_entry, self._rows("entries")),
            map(placed_text, self._rows("personal_texts")),
            self._rows("incident_rows"),
            self._earlier,
        )

    def _earlier(self, number: int, position: int) -> Iterator[Event]:
        rows = self._db.execute(statement("earlier_events"), (number, position))
        return (event_of(str(body), str(texts)) for body, texts in rows)

    def _rows(self, name: str) -> Iterator[Any]:
        with self._db.cursor(name=name) as cursor:
            cursor.itersize = ROWS_AT_ONCE
            yield from cursor.execute(statement(name))


def _expected() -> dict[str, str]:
    """Every guard that the migrations make, by name."""
    expected: dict[str, str] = {}
    for _, text in migrations("postgres"):
        for name in _DROPPED.findall(text):
            del expected[name]
        expected |= {name: f"O {_one_line(made)}" for made, name in _TRIGGER.findall(text)}
        expected |= {name: _one_line(body) for name, body in _FUNCTION.findall(text)}
    return expected


def _one_line(text: str) -> str:
    """Without the schema, which PostgreSQL adds to a trigger's table, and without line breaks."""
    return re.sub(r"\bON \w+\.", "ON ", " ".join(text.split()))


def _entry(row: Any) -> Entry:
    position, incident, at, kind, body, previous, hash_ = row
    return Entry(position, incident, at, kind, body.encode("utf-8"), previous, hash_)

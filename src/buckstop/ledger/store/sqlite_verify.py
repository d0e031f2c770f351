"""Verifying the record of a SQLite file, beside a running ledger or without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw

from buckstop.ledger.domain.events import Event
from buckstop.ledger.record.chain import Entry, Head
from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.record.discrepancy import Discrepancy
from buckstop.ledger.record.index_check import Row
from buckstop.ledger.record.text_check import StoredText
from buckstop.ledger.record.verification import PlacedText, Stored
from buckstop.ledger.store.errors import StoreRefusedError
from buckstop.ledger.store.rows import event_of
from buckstop.ledger.store.sql import migrations, queries, schema
from buckstop.ledger.store.sqlite_file import open_to_read
from buckstop.ledger.store.verifying import StoreVerification

DAMAGES = 20
"""Of a damaged file so many places are named."""


class SqliteVerification(StoreVerification):
    """One verification of the store at `path`. Raises StoreRefusedError where it is none."""

    def __init__(self, path: Path, checkpoints: Sequence[Checkpoint] = ()) -> None:
        super().__init__(checkpoints)
        if not path.is_file():
            raise StoreRefusedError(f"there is no store at {path}; name it with --store FILE")
        try:
            self._db = open_to_read(path)
            version = self._db.pragma("user_version")
        except apsw.Error as error:
            raise StoreRefusedError(f"cannot read {path} as a ledger's store: {error}") from error
        if version != len(migrations()):
            raise StoreRefusedError(
                f"{path} has schema {version}, and this Buckstop verifies schema "
                f"{len(migrations())}: `buckstop serve` brings an older one up to it, a newer one "
                "needs a newer Buckstop"
            )

    def run(self) -> Iterator[Discrepancy]:
        """Everything that is wrong, as of one moment; closes the file."""
        try:
            self._db.execute("BEGIN")
            yield from self._guards()
            yield from self._damages()
            yield from self._verification.run(self._stored())
        except apsw.Error as error:
            said = f"the file cannot be read on: {error}"
            yield Discrepancy("file-damaged", None, said)
        finally:
            self._db.close(True)

    def _guards(self) -> Iterator[Discrepancy]:
        expected = apsw.Connection(":memory:")
        expected.execute(schema())
        there = _triggers(self._db)
        for name, text in _triggers(expected).items():
            if there.get(name) != text:
                yield Discrepancy("guard-missing", None, f"the guard {name} is gone or altered")

    def _damages(self) -> Iterator[Discrepancy]:
        for (said,) in self._db.execute(f"PRAGMA integrity_check({DAMAGES})"):
            if said != "ok":
                yield Discrepancy("file-damaged", None, str(said))

    def _stored(self) -> Stored:
        sql = queries()
        head: Any = self._db.execute(sql["head"]).fetchone()
        return Stored(
            None if head is None else Head(*head),
            map(_entry, self._db.execute(sql["entries"])),
            map(_text, self._db.execute(sql["personal_texts"])),
            map(_row, self._db.execute(sql["incident_rows"])),
            self._earlier,
        )

    def _earlier(self, number: int, position: int) -> Iterator[Event]:
        rows: Any = self._db.execute(queries()["earlier_events"], (number, position))
        return (event_of(body, texts) for body, texts in rows)


def _triggers(db: apsw.Connection) -> dict[str, str]:
    found: Any = db.execute(queries()["triggers"])
    return {_readable(name): " ".join(_readable(text).split()) for name, text in found}


def _entry(row: Any) -> Entry:
    position, incident, at, kind, body, previous, hash_ = row
    return Entry(position, incident, _readable(at), _readable(kind), body, previous, hash_)


def _text(row: Any) -> PlacedText:
    position, place, salt, text = row
    return position, _readable(place), StoredText(salt, _readable(text))


def _row(row: Any) -> Row:
    number, key, accountable, opened_at, resolved_at = row
    resolved = None if resolved_at is None else _readable(resolved_at)
    return number, _readable(key), accountable, _readable(opened_at), resolved


def _readable(data: bytes) -> str:
    # Altered bytes may be no text; they equal nothing that was recorded.
    return data.decode("utf-8", "replace")

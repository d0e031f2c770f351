"""The SQL files beside this module, read by name."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

_STORE = files("buckstop.ledger.store")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_MIGRATION = re.compile(r"^(\d{4})_\w+\.sql$")


Database = Literal["sqlite", "postgres"]


def _folder(database: Database) -> Traversable:
    return _STORE if database == "sqlite" else _STORE.joinpath(database)


@cache
def queries(database: Database = "sqlite") -> dict[str, str]:
    """The statements of ``queries.sql`` by name."""
    text = _folder(database).joinpath("queries.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


@cache
def migrations(database: Database = "sqlite") -> tuple[tuple[int, str], ...]:
    """Number and text of every migration, in order, from 1 without a gap."""
    found = sorted(
        (int(match[1]), entry.read_text(encoding="utf-8"))
        for entry in _folder(database).joinpath("migrations").iterdir()
        if (match := _MIGRATION.match(entry.name))
    )
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    return tuple(found)


def schema() -> str:
    """The schema that all migrations of SQLite together give."""
    return _STORE.joinpath("schema.sql").read_text(encoding="utf-8")

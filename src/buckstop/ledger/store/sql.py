"""The SQL files beside this module, read by name."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_PACKAGE = files("buckstop.ledger.store")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_MIGRATION = re.compile(r"^(\d{4})_\w+\.sql$")


@cache
def queries() -> dict[str, str]:
    """The statements of ``queries.sql`` by name."""
    text = _PACKAGE.joinpath("queries.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


@cache
def migrations() -> tuple[tuple[int, str], ...]:
    """Number and text of every migration, in order, from 1 without a gap."""
    found = sorted(
        (int(match[1]), entry.read_text(encoding="utf-8"))
        for entry in _PACKAGE.joinpath("migrations").iterdir()
        if (match := _MIGRATION.match(entry.name))
    )
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    return tuple(found)


def schema() -> str:
    """The schema that all migrations together give."""
    return _PACKAGE.joinpath("schema.sql").read_text(encoding="utf-8")

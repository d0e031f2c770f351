"""``--at TIME``: a moment with its zone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import click

_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9000
"""Within these, a moment is one in every zone."""


def moment(
    ctx: click.Context,  # noqa: ARG001 - click hands all three to a callback
    param: click.Parameter,  # noqa: ARG001
    value: str | None,
) -> datetime | None:
    """The moment that an option says in the form of RFC 3339; seconds may be left out."""
    if value is None:
        return None
    how = "write it with its zone, as 2026-11-22T17:30:00+01:00 or 2026-11-22T16:30:00Z"
    if not _RFC_3339.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no time; {how}")
    try:
        read = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no time: {error}; {how}") from error
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise click.BadParameter(f"{value!r}: years from {FIRST_YEAR} to {LAST_YEAR}")
    return read

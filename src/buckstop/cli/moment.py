"""A moment with its zone, as ``--at TIME`` takes it."""

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
    """The moment that an option says, or None where it is not given."""
    if value is None:
        return None
    try:
        return parse_moment(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def parse_moment(value: str) -> datetime:
    """The moment that `value` says in the form of RFC 3339; seconds may be left out.

    Raises:
        ValueError: with words for the user.
    """
    how = "write it with its zone, as 2026-11-22T17:30:00+01:00 or 2026-11-22T16:30:00Z"
    if not _RFC_3339.fullmatch(value):
        raise ValueError(f"{value!r} is no time; {how}")
    try:
        read = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise ValueError(f"{value!r} is no time: {error}; {how}") from error
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise ValueError(f"{value!r}: years from {FIRST_YEAR} to {LAST_YEAR}")
    return read

"""A moment with its zone, as ``--at TIME`` takes it, and the time between two."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import click

_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
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


def period(since: str, until: str) -> tuple[datetime, datetime]:
    """From when to before when ``--since`` and ``--until`` are, in UTC; a day as the end is the
    last one.

    Raises click.UsageError.
    """
    first = _bound("--since", since, days=0)
    end = _bound("--until", until, days=1)
    if first >= end:
        raise click.UsageError("--since must be before --until")
    return first, end


def _bound(option: str, text: str, *, days: int) -> datetime:
    try:
        if not _DAY.fullmatch(text):
            return parse_moment(text).astimezone(UTC)
        return parse_moment(f"{text}T00:00Z").astimezone(UTC) + timedelta(days=days)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}, or give a day, as 2026-11-22") from error

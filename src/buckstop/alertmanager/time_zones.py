"""Which time zones there are, by the database of the machine that asks."""

from __future__ import annotations

import functools
import zoneinfo
from typing import Final

_ALWAYS: Final = frozenset({"", "UTC", "Local"})


@functools.cache
def is_time_zone(name: str) -> bool:
    """Whether `name` is a time zone; every name where this machine has no database to ask."""
    return name in _ALWAYS or _exists(name) or not _exists("Europe/London")


def _exists(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

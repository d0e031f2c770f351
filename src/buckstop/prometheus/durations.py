"""Durations as Prometheus and Alertmanager write them: ``1h30m``, ``500ms``, ``0``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_MILLISECONDS: Final = {
    "y": 365 * 24 * 3_600_000,
    "w": 7 * 24 * 3_600_000,
    "d": 24 * 3_600_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1_000,
    "ms": 1,
}
"""Units from the largest to the smallest, as they must be written; a year has 365 days."""

_DURATION = re.compile("".join(f"(?:([0-9]+){unit})?" for unit in _MILLISECONDS))

MAX_MILLISECONDS: Final = (2**63 - 1) // 1_000_000
"""The servers count nanoseconds in 64 bits with a sign: some 292 years."""

MAX_DURATION_LENGTH: Final = 200
"""Characters of a duration; the longest that can be in range is far shorter."""


MAX_REMEMBERED: Final = 1_024
"""Durations of which it is kept what they are: files repeat a few."""


@lru_cache(MAX_REMEMBERED)
def parse_duration(text: str) -> float:
    """`text` in seconds, exactly when the servers' own parser takes it (``model.ParseDuration``).

    Units come from the largest to the smallest, each once, whole numbers, no sign; only ``0``
    needs no unit.

    Raises:
        ValueError: with a message for the user.
    """
    if text == "":
        raise ValueError("a duration is missing")
    if text == "0":
        return 0.0
    match = _DURATION.fullmatch(text) if len(text) <= MAX_DURATION_LENGTH else None
    if match is None:
        raise ValueError(
            f"{text[:MAX_DURATION_LENGTH]!r} is not a duration: write whole numbers with units "
            "from large to small (y w d h m s ms), such as 30s or 1h30m"
        )
    total = sum(
        int(number) * unit
        for number, unit in zip(match.groups(), _MILLISECONDS.values(), strict=True)
        if number is not None
    )
    if total > MAX_MILLISECONDS:
        raise ValueError(f"{text!r} is out of range: at most some 292 years")
    return total / 1000


@lru_cache(MAX_REMEMBERED)
def format_duration(seconds: float) -> str:
    """`seconds` as the servers themselves print it; `parse_duration` gives it back.

    Weeks and years are used only where they divide it evenly, so 30 days stay ``30d``.

    Raises:
        ValueError: if `seconds` is negative, out of range or no whole number of milliseconds.
    """
    if not 0 <= seconds * 1000 <= MAX_MILLISECONDS:
        raise ValueError(f"{seconds!r} seconds are out of range for a duration")
    rest = round(seconds * 1000)
    if abs(rest - seconds * 1000) > 1e-3:
        raise ValueError(f"{seconds!r} seconds are no whole number of milliseconds")
    if rest == 0:
        return "0s"
    written = ""
    for unit, size in _MILLISECONDS.items():
        if unit in {"y", "w"} and rest % size:
            continue
        count, rest = divmod(rest, size)
        if count:
            written += f"{count}{unit}"
    return written

"""Who was accountable from when to when, as a bar: lengths in proportion to time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from buckstop.web.ownership_view import OwnerView

LENGTH: Final = 1_000.0
"""Of the whole bar, in its own units."""
LEAST: Final = 8.0
"""A team that was accountable for a moment is seen too."""
SHADES: Final = 4
"""Ways of drawing; neighbours always differ."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The time of one owner.

    Attributes:
        start, length: along the bar.
        shade: which of `SHADES`; the same team has the same one as long as there are enough.
    """

    owner: OwnerView
    start: float
    length: float
    shade: int


def ownership_bar(owners: Sequence[OwnerView], end: datetime) -> tuple[Segment, ...]:
    """One segment for each owner, in order, up to `end`: the present or the resolution."""
    seconds = [max(0.0, ((owner.until or end) - owner.since).total_seconds()) for owner in owners]
    total = sum(seconds) or 1.0
    lengths = [max(LEAST, LENGTH * one / total) for one in seconds]
    scale = LENGTH / sum(lengths) if lengths else 1.0
    segments: list[Segment] = []
    shades: dict[str, int] = {}
    start = 0.0
    for owner, length in zip(owners, lengths, strict=True):
        before = segments[-1].shade if segments else None
        shade = shades.setdefault(owner.team, len(shades) % SHADES)
        if shade == before:
            shade = (shade + 1) % SHADES
        segments.append(Segment(owner, round(start, 1), round(length * scale, 1), shade))
        start += length * scale
    return tuple(segments)

"""What is seen of the week, minute by minute, as one day after another is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from buckstop.alertmanager.week import WEEK_MINUTES, Stretch, Told


class WeekSeen:
    """The week, minute by minute, as days are entered, from the earliest on."""

    def __init__(self) -> None:
        self._seen = {told: bytearray(WEEK_MINUTES) for told in (True, False)}
        self._untold: dict[tuple[int, int], datetime] = {}

    def enter(self, first: int, last: int, moment: datetime, *, told: bool) -> None:
        """Between these seconds from a Monday's midnight, from `moment` on, it is so.

        A minute of which only a part is entered counts as a whole one.
        """
        begin, end = first // 60, -(-last // 60)
        for minute, after in _within(begin, end):
            self._seen[told][minute:after] = b"\1" * (after - minute)
        if not told:
            self._untold.setdefault((begin % WEEK_MINUTES, end - begin), moment)

    def stretches(self) -> tuple[Stretch, ...]:
        """The whole week, each minute of which has been entered."""
        of: dict[tuple[int, int], Told] = {(1, 0): "always", (0, 1): "never", (1, 1): "at times"}
        kinds = [of[seen] for seen in zip(self._seen[True], self._seen[False], strict=True)]
        edges = [minute for minute in range(1, WEEK_MINUTES) if kinds[minute] != kinds[minute - 1]]
        return tuple(
            Stretch(first, last, kinds[first], self._first_untold(first, last))
            for first, last in pairwise((0, *edges, WEEK_MINUTES))
        )

    def _first_untold(self, first: int, last: int) -> datetime | None:
        found = [
            moment + timedelta(minutes=max(0, first - minute))
            for (begin, length), moment in self._untold.items()
            for minute in (begin, begin - WEEK_MINUTES)
            if minute < last and first < minute + length
        ]
        return min(found, default=None)


def _within(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The same minutes within the week, which they may go over at either end."""
    for week in range(begin // WEEK_MINUTES, (end - 1) // WEEK_MINUTES + 1):
        start = week * WEEK_MINUTES
        yield max(begin, start) - start, min(end, start + WEEK_MINUTES) - start

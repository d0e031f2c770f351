"""Hours of the week: stretches of it, and how they are said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Literal

HOUR_MINUTES: Final = 60
DAY_MINUTES: Final = 24 * HOUR_MINUTES
WEEK_MINUTES: Final = 7 * DAY_MINUTES
SLOT_MINUTES: Final = 30
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Told = Literal["always", "at times", "never"]
"""Whether somebody is told in each week, in some weeks, or in none."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the week in which one thing is so.

    Attributes:
        first, last: minutes from Monday 00:00, the last one no longer included.
        told: whether somebody is told.
        untold_at: the first moment to come at which nobody is; None where somebody always is.
    """

    first: int
    last: int
    told: Told
    untold_at: datetime | None


def slots(week: Sequence[Stretch]) -> tuple[tuple[Told, ...], ...]:
    """The seven days of a whole `week` in half hours; one that differs within is "at times"."""
    of: list[set[Told]] = [set() for _ in range(WEEK_MINUTES // SLOT_MINUTES)]
    for one in week:
        for slot in range(one.first // SLOT_MINUTES, -(-one.last // SLOT_MINUTES)):
            of[slot].add(one.told)
    said: list[Told] = [next(iter(told)) if len(told) == 1 else "at times" for told in of]
    a_day = DAY_MINUTES // SLOT_MINUTES
    return tuple(tuple(said[day * a_day : (day + 1) * a_day]) for day in range(7))


def said_hours(stretches: Sequence[Stretch]) -> str:
    """``Mon–Fri 12:00–13:00, Sat 00:00–Sun 24:00``; the same hours of following days once."""
    if [(one.first, one.last) for one in stretches] == [(0, WEEK_MINUTES)]:
        return "the whole week"
    return ", ".join(_said(run) for run in _runs(_over_sunday(stretches)))


def _over_sunday(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    """First and last minutes; what ends with the week and begins with it is one."""
    hours = [(one.first, one.last) for one in stretches]
    if len(hours) > 1 and hours[0][0] == 0 and hours[-1][1] == WEEK_MINUTES:
        (_, last), (first, _) = hours[0], hours[-1]
        return [*hours[1:-1], (first, WEEK_MINUTES + last)]
    return hours


def _runs(hours: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Hours that are the same on one day after the other, together."""
    numbered = enumerate(hours)

    def kind(one: tuple[int, tuple[int, int]]) -> tuple[int, int, int]:
        place, (first, last) = one
        return place - first // DAY_MINUTES, first % DAY_MINUTES, last - first

    return [[hour for _, hour in run] for _, run in groupby(numbered, kind)]


def _said(run: Sequence[tuple[int, int]]) -> str:
    first, last = run[0]
    within_a_day = first // DAY_MINUTES == (last - 1) // DAY_MINUTES
    if not within_a_day and (len(run) == 1 or last - first >= DAY_MINUTES):
        return ", ".join(
            f"{_day(one)} {_clock(one)}–{_day(other - 1)} {_end(other)}" for one, other in run
        )
    days = _day(first) if len(run) == 1 else f"{_day(first)}–{_day(run[-1][0])}"
    following = "" if within_a_day else " the day after"
    return f"{days} {_clock(first)}–{_end(last)}{following}"


def _day(minute: int) -> str:
    return WEEKDAYS[minute // DAY_MINUTES % 7]


def _clock(minute: int) -> str:
    hour, rest = divmod(minute % DAY_MINUTES, HOUR_MINUTES)
    return f"{hour:02}:{rest:02}"


def _end(minute: int) -> str:
    return "24:00" if minute % DAY_MINUTES == 0 else _clock(minute)

"""Whether, at every moment to come, one of several routes notifies; if not, in which hours.

Decided exactly, over all dates and clock changes that can make a difference (`standing_days`).
"""

from __future__ import annotations

import functools
import operator
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from buckstop.alertmanager.model import Route
from buckstop.alertmanager.standing_days import (
    DAY_SECONDS,
    LAST_YEAR,
    Asked,
    Offsets,
    StandingDay,
    local_days,
    standing_days,
    years_to_look_at,
)
from buckstop.alertmanager.time_ranges import (
    LOCAL,
    TimeInterval,
    TimeRange,
    TimeZoneUnknownError,
    zone_of,
)
from buckstop.alertmanager.week import DAY_MINUTES, WEEK_MINUTES, Stretch
from buckstop.alertmanager.week_seen import WeekSeen

MAX_YEARS: Final = 1_000
"""Years that are looked at; more only where intervals name dozens of years."""
UTC_NAME: Final = "UTC"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Coverage:
    """When somebody is told.

    Attributes:
        zone: in which the week is said: that of most ranges, or UTC.
        week: all of the week, stretch by stretch.
        asked: the fields of the intervals by which one week may differ from another
            (``days_of_month``, ``months``, ``years``); without one, only clock changes do.
    """

    zone: str
    week: tuple[Stretch, ...]
    asked: tuple[str, ...] = ()

    @property
    def gaps(self) -> tuple[Stretch, ...]:
        """The stretches in which nobody is told, each week or in some."""
        return tuple(one for one in self.week if one.told != "always")

    @property
    def untold_at(self) -> datetime | None:
        """The first moment to come at which nobody is told, or None."""
        moments = [one.untold_at for one in self.gaps if one.untold_at is not None]
        return min(moments, default=None)


ALWAYS: Final = Coverage(UTC_NAME, (Stretch(0, WEEK_MINUTES, "always", None),))


@dataclass(frozen=True, slots=True)
class NotDecided:
    """Why it is not known when somebody is told."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Times:
    """When a route notifies: in the active ranges (None: at any time), but not in the mute ones."""

    active: tuple[TimeRange, ...] | None
    mute: tuple[TimeRange, ...]


@dataclass(frozen=True, slots=True)
class _Clock:
    """The ranges of one zone, each as a bit.

    Attributes:
        cuts: minutes of the day at which one begins or ends to hold, 0 among them.
        held: for each of these, the ranges whose times hold from there on.
    """

    zone: tzinfo
    ranges: tuple[tuple[int, TimeRange], ...]
    cuts: tuple[int, ...]
    held: tuple[int, ...]

    def held_on(self, day: datetime) -> int:
        """The ranges that hold on the date of `day`, at the hours that they have."""
        local = day.replace(tzinfo=self.zone)
        return sum(bit for bit, one in self.ranges if one.holds_on(local))


def coverage(
    routes: Iterable[Route], intervals: Mapping[str, TimeInterval], since: date
) -> Coverage | NotDecided:
    """When one of `routes` notifies, from `since` (a day of UTC) on.

    As in `muted_by`, a name that `intervals` lacks never holds. Not decided where the clock is that
    of the server's machine, or this machine does not have the zone.
    """

    def ranges(names: Iterable[str]) -> tuple[TimeRange, ...]:
        return tuple(one for name in names if name in intervals for one in intervals[name].ranges)

    times = tuple(
        dict.fromkeys(
            _Times(
                ranges(route.active_time_intervals) if route.active_time_intervals else None,
                ranges(route.mute_time_intervals),
            )
            for route in routes
        )
    )
    return ALWAYS if _Times(None, ()) in times else _covered(times, since)


@functools.lru_cache(maxsize=1_000)
def _covered(times: tuple[_Times, ...], since: date) -> Coverage | NotDecided:
    every = (one for route in times for one in (*(route.active or ()), *route.mute))
    ranges = tuple(dict.fromkeys(every))
    if any(one.location == LOCAL for one in ranges):
        return NotDecided(f"the zone {LOCAL} is that of the machine on which the server runs")
    asked = _asked(ranges)
    counted = Counter(one.location or UTC_NAME for one in ranges)
    names = tuple(counted) or (UTC_NAME,)
    try:
        clocks = tuple(_clock(name, ranges) for name in names)
    except TimeZoneUnknownError as error:
        return NotDecided(str(error))
    if len(years_to_look_at(tuple(one.zone for one in clocks), asked, since.year)) > MAX_YEARS:
        return NotDecided("the intervals name too many years")
    shown = max(names, key=lambda name: (counted[name], -names.index(name)))
    week = _week(clocks, names.index(shown), asked, since, _notified(times, ranges))
    return Coverage(shown, week.stretches(), _fields(asked))


def _notified(times: Iterable[_Times], ranges: Sequence[TimeRange]) -> Callable[[int], bool]:
    """Whether a route notifies while the `ranges` hold whose bits are set."""
    bit = {one: 1 << place for place, one in enumerate(ranges)}

    def bits(some: Iterable[TimeRange]) -> int:
        return functools.reduce(operator.or_, (bit[one] for one in some), 0)

    routes = [
        (None if route.active is None else bits(route.active), bits(route.mute)) for route in times
    ]
    return lambda held: any(
        (active is None or held & active) and not held & mute for active, mute in routes
    )


def _week(
    clocks: Sequence[_Clock],
    shown: int,
    asked: Asked,
    since: date,
    notified: Callable[[int], bool],
) -> WeekSeen:
    """The week as the clock `shown` has it."""
    week = WeekSeen()
    entered: set[tuple[object, ...]] = set()
    for day in standing_days(tuple(clock.zone for clock in clocks), asked, since):
        held_on = tuple(
            tuple(clock.held_on(day.start + local * _DAY) for local in local_days(offsets))
            for clock, offsets in zip(clocks, day.offsets, strict=True)
        )
        key = (day.start.weekday(), day.offsets, held_on)
        if key in entered:
            continue
        entered.add(key)
        for first, last, held in _hours(day, clocks, held_on):
            begin = day.start.weekday() * DAY_SECONDS + _shown(day.offsets[shown], first)
            moment = day.start + timedelta(seconds=first)
            week.enter(begin, begin + last - first, moment, told=notified(held))
    return week


def _asked(ranges: Iterable[TimeRange]) -> Asked:
    years = {
        edge
        for one in ranges
        for bounds in one.years or ()
        for edge in (bounds.first, bounds.last + 1)
        if edge <= LAST_YEAR
    }
    return Asked(
        days_of_month=any(one.days_of_month is not None for one in ranges),
        months=any(one.months is not None for one in ranges),
        years=tuple(sorted(years)),
    )


def _fields(asked: Asked) -> tuple[str, ...]:
    fields = ("days_of_month", "months", "years")
    return tuple(name for name in fields if getattr(asked, name))


def _clock(name: str, ranges: Sequence[TimeRange]) -> _Clock:
    zone = zone_of(name)
    assert zone is not None
    own = tuple(
        (1 << place, one) for place, one in enumerate(ranges) if (one.location or UTC_NAME) == name
    )
    edges = {
        edge
        for _, one in own
        for bounds in one.times or ()
        for edge in (bounds.first, bounds.last)
        if edge < DAY_MINUTES
    }
    cuts = tuple(sorted({0, *edges}))
    held = tuple(sum(bit for bit, one in own if one.holds_in(cut)) for cut in cuts)
    return _Clock(zone, own, cuts, held)


def _hours(
    day: StandingDay, clocks: Sequence[_Clock], held_on: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int, int]]:
    """The seconds of `day` between which the same ranges hold, and these ranges.

    Args:
        held_on: for each clock, the ranges that hold on each date that it shows.
    """
    zoned = tuple(zip(clocks, day.offsets, held_on, strict=True))
    cuts = {cut for clock, offsets, _ in zoned for cut in _cuts(offsets, clock.cuts)}
    for first, last in pairwise((*sorted(cuts), DAY_SECONDS)):
        held = 0
        for clock, offsets, on in zoned:
            local, second = divmod(_shown(offsets, first), DAY_SECONDS)
            at = clock.held[bisect_right(clock.cuts, second // 60) - 1]
            held |= on[local - local_days(offsets)[0]] & at
        yield first, last, held


def _shown(offsets: Offsets, second: int) -> int:
    """What clocks show at `second` of a day of UTC, in seconds from its own midnight."""
    return second + [offset for since, offset in offsets if since <= second][-1]


def _cuts(offsets: Offsets, cuts: Sequence[int]) -> Iterator[int]:
    """The seconds of the day of UTC at which clocks get to one of `cuts`, or change."""
    for (since, offset), (after, _) in pairwise((*offsets, (DAY_SECONDS, 0))):
        yield since
        for local in local_days(offsets):
            for cut in cuts:
                second = local * DAY_SECONDS + cut * 60 - offset
                if since < second < after:
                    yield second

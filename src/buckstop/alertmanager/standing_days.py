"""The days that stand for all days to come, as far as time intervals can tell days apart.

An interval asks a day for its weekday and perhaps for its date; what it asks for, and the offsets
of the zones while the day lasts, is all that can make a difference. Of the days that have the same
in all of this one stands for the rest: the first.

Not every day to come is looked at to find them. Weekdays, dates, leap days and by rule the changes
of clocks come in every combination within 28 years, unless a year such as 2100 leaves out its leap
day; then within 28 years after it. So 28 years are looked at of each stretch of years that
intervals do not tell apart, and the years beside its ends. Where a zone's clocks do not change by a
rule (Ramadan moves through the year), the years for which the database of time zones lists each
change are looked at as well. That clocks will change as it has it is taken for granted.
"""

from __future__ import annotations

import calendar
import functools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from buckstop.alertmanager.time_ranges import days_in_month

CYCLE_YEARS: Final = 28
CYCLE_WEEKS: Final = 1461
"""Of 28 years with their leap days."""
LISTED_UNTIL_YEAR: Final = 2087
"""Up to when the database lists each change of zones whose clocks change by no rule."""
LAST_YEAR: Final = 9_000
"""Nothing is said of later years."""
DAY_SECONDS: Final = 24 * 60 * 60
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What time intervals ask a day for beside its weekday.

    Attributes:
        days_of_month: whether they ask for the day of the month, from either end.
        months: whether they ask for the month.
        years: the first years of the stretches that they tell apart, in order.
    """

    days_of_month: bool = False
    months: bool = False
    years: tuple[int, ...] = ()


Offsets = tuple[tuple[int, int], ...]
"""While a day of UTC lasts: from which second of it clocks are how many seconds ahead of UTC."""


@dataclass(frozen=True, slots=True)
class StandingDay:
    """A day of UTC, and what clocks show while it lasts.

    Attributes:
        start: its midnight.
        offsets: of each zone.
    """

    start: datetime
    offsets: tuple[Offsets, ...]


def local_days(offsets: Offsets) -> range:
    """Which days clocks show while a day of UTC lasts, 0 being that day's own date."""
    ends = (*(second for second, _ in offsets[1:]), DAY_SECONDS)
    shown = [
        second + offset
        for (begin, offset), end in zip(offsets, ends, strict=True)
        for second in (begin, end - 1)
    ]
    return range(min(shown) // DAY_SECONDS, max(shown) // DAY_SECONDS + 1)


@functools.lru_cache(maxsize=100)
def standing_days(zones: tuple[tzinfo, ...], asked: Asked, since: date) -> tuple[StandingDay, ...]:
    """The days that stand for every day from `since` on, in order."""
    found: dict[tuple[object, ...], StandingDay] = {}
    for year in years_to_look_at(zones, asked, since.year):
        for start, offsets in _days_of(year, since, zones):
            dates = () if asked == Asked() else _dates(asked, zones, start, offsets)
            key = (start.weekday(), offsets, dates)
            if key not in found:
                found[key] = StandingDay(start, offsets)
    return tuple(found.values())


@functools.lru_cache(maxsize=100)
def years_to_look_at(zones: tuple[tzinfo, ...], asked: Asked, first: int) -> tuple[int, ...]:
    """The years from `first` on that have every kind of day."""
    by_rule = all(_changes_by_rule(zone, first) for zone in zones)
    ruled = first if by_rule else max(first, LISTED_UNTIL_YEAR + 1)
    begins = sorted({first, *(year for year in asked.years if first < year <= LAST_YEAR)})
    years: dict[int, None] = {}
    for begin, after in pairwise([*begins, LAST_YEAR + 1]):
        # The days beside a stretch's ends are told apart from their neighbours by their years.
        inner = range(begin + 1, min(_cycle_end(max(begin + 1, ruled)), after))
        years |= dict.fromkeys((begin, *inner))
        if after <= LAST_YEAR:
            years[after - 1] = None
    return tuple(years)


def _changes_by_rule(zone: tzinfo, first: int) -> bool:
    """Whether its offsets are the same 28 years later, week by week."""
    start = datetime(first, 1, 1, tzinfo=UTC)
    weeks = (start + 7 * week * _DAY for week in range(CYCLE_WEEKS))
    return all(
        _offset(zone, week) == _offset(zone, week + CYCLE_WEEKS * 7 * _DAY) for week in weeks
    )


def _cycle_end(first: int) -> int:
    """The year after the first 28 that `first` begins and that have their leap days."""
    end = first + CYCLE_YEARS
    for year in range(first, end):
        if year % 100 == 0 and not calendar.isleap(year):
            return year + 1 + CYCLE_YEARS
    return end


def _days_of(
    year: int, since: date, zones: Sequence[tzinfo]
) -> Iterator[tuple[datetime, tuple[Offsets, ...]]]:
    """The midnights of `year` with the zones' offsets; no zone changes its clocks twice a week."""
    first = max(date(year, 1, 1), since)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    after = datetime(year + 1, 1, 1, tzinfo=UTC)
    while start < after:
        week = [start + day * _DAY for day in range(min(7, (after - start).days))]
        end = week[-1] + _DAY
        ends = [(zone, _offset(zone, start), _offset(zone, end)) for zone in zones]
        if all(old == new for _, old, new in ends):
            offsets = tuple(((0, old),) for _, old, _ in ends)
            yield from ((day, offsets) for day in week)
        else:
            for day in week:
                yield day, tuple(_offsets(zone, day) for zone in zones)
        start = end


def _offsets(zone: tzinfo, start: datetime) -> Offsets:
    before, after = _offset(zone, start), _offset(zone, start + _DAY)
    if before == after:
        return ((0, before),)
    return ((0, before), (_change(zone, start, before), after))


def _offset(zone: tzinfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _change(zone: tzinfo, start: datetime, before: int) -> int:
    """The second of the day at which the offset is `before` no longer."""
    early, late = 0, DAY_SECONDS
    while late - early > 1:
        middle = (early + late) // 2
        if _offset(zone, start + timedelta(seconds=middle)) == before:
            early = middle
        else:
            late = middle
    return late


def _dates(
    asked: Asked, zones: Sequence[tzinfo], start: datetime, offsets: Sequence[Offsets]
) -> tuple[object, ...]:
    """What `asked` asks for of the dates that clocks show on the day."""
    return tuple(
        _date(asked, zone, start + local * _DAY)
        for zone, of_zone in zip(zones, offsets, strict=True)
        for local in local_days(of_zone)
    )


def _date(asked: Asked, zone: tzinfo, day: datetime) -> tuple[int, ...]:
    """What `asked` asks the date of `day` for."""
    return (
        *((day.day, days_in_month(day.year, day.month, zone)) if asked.days_of_month else ()),
        *((day.month,) if asked.months else ()),
        *((bisect_right(asked.years, day.year),) if asked.years else ()),
    )

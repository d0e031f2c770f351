"""Time intervals as values, and whether a moment lies in one, exactly as Alertmanager decides it.

The fields of one range are ANDed, the items of a field and the ranges of an interval are ORed.
Times of day run from their first minute up to, and not including, their last. Without a
``location`` the clock is UTC.
"""

from __future__ import annotations

import functools
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from buckstop.diagnostics import Span

LOCAL: Final = "Local"
"""The location that means the zone of the machine on which the server runs."""

_NO_OFFSET: Final = timedelta(0)


class TimeZoneUnknownError(ValueError):
    """This machine's database of time zones does not have the zone; the message names it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `first` to `last`, both included."""

    first: int
    last: int

    def hold(self, number: int) -> bool:
        """Whether `number` lies between them."""
        return self.first <= number <= self.last


@dataclass(frozen=True, slots=True)
class TimeRange:
    """One item under the ``time_intervals`` of an interval; a field that is None says nothing.

    A field that is there without an item is never satisfied.

    Attributes:
        times: minutes of the day, the last one of each no longer included.
        weekdays: 0 is Sunday.
        days_of_month: from 1; negative ones count from the month's end, -1 being its last day.
        months: from 1; numbers beyond 12 never come.
        location: a name from the database of time zones, ``Local``, or empty for UTC.
    """

    times: tuple[Bounds, ...] | None = None
    weekdays: tuple[Bounds, ...] | None = None
    days_of_month: tuple[Bounds, ...] | None = None
    months: tuple[Bounds, ...] | None = None
    years: tuple[Bounds, ...] | None = None
    location: str = ""

    def holds(self, moment: datetime) -> bool:
        """Whether `moment`, which has a zone, lies in it.

        Raises:
            TimeZoneUnknownError: if `location` is not known here.
        """
        local = moment.astimezone(zone_of(self.location))
        return self.holds_in(local.hour * 60 + local.minute) and self.holds_on(local)

    def holds_in(self, minute: int) -> bool:
        """Whether its times hold in `minute` of a day."""
        return self.times is None or any(one.first <= minute < one.last for one in self.times)

    def holds_on(self, local: datetime) -> bool:
        """Whether all but its times hold on the day of `local`, which is in the range's zone."""
        return (
            _one_holds(self.weekdays, local.isoweekday() % 7)
            and (self.days_of_month is None or _day_holds(self.days_of_month, local))
            and _one_holds(self.months, local.month)
            and _one_holds(self.years, local.year)
        )


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """A named interval: any of its `ranges`; without one it is never."""

    name: str
    span: Span
    ranges: tuple[TimeRange, ...]

    def holds(self, moment: datetime) -> bool:
        """Whether `moment`, which has a zone, lies in it.

        Raises:
            TimeZoneUnknownError: if a range's location is not known here.
        """
        return any(one.holds(moment) for one in self.ranges)


def _one_holds(bounds: tuple[Bounds, ...] | None, number: int) -> bool:
    return bounds is None or any(one.hold(number) for one in bounds)


def _day_holds(days: tuple[Bounds, ...], local: datetime) -> bool:
    assert local.tzinfo is not None
    length = days_in_month(local.year, local.month, local.tzinfo)
    for one in days:
        first = one.first if one.first > 0 else length + one.first + 1
        last = one.last if one.last > 0 else length + one.last + 1
        # A first day that this month does not have is no reason to take its last day instead.
        if first <= length and first <= local.day <= min(last, length):
            return True
    return False


@functools.lru_cache(maxsize=10_000)
def days_in_month(year: int, month: int, zone: tzinfo) -> int:
    """The length of the month as the server counts it: its hours, divided by 24, rounded down.

    Where clocks go forward the month is an hour short, and so has one day less: ``-1`` means the
    30th of March in Berlin. Each midnight is found as Go's ``time.Date`` finds it, which matters
    where clocks change at that very moment.
    """
    start = _go_date(datetime(year, month, 1), zone)  # noqa: DTZ001 - a clock's face
    shown = start.astimezone(zone).replace(tzinfo=None)
    after = shown.replace(day=1) + timedelta(days=31)
    end = _go_date(after.replace(day=1) + timedelta(days=shown.day - 1), zone)
    return int((end - start).total_seconds() // 3600 // 24)


def _go_date(face: datetime, zone: tzinfo) -> datetime:
    """The moment at which a clock in `zone` shows `face`, as ``time.Date`` of Go chooses it."""
    taken = face.replace(tzinfo=UTC)
    offset = taken.astimezone(zone).utcoffset() or _NO_OFFSET
    if offset:
        offset = (taken - offset).astimezone(zone).utcoffset() or _NO_OFFSET
    return taken - offset


@functools.lru_cache(maxsize=1_000)
def zone_of(location: str) -> tzinfo | None:
    """The zone, or None for the machine's own (which is what ``astimezone`` takes None for).

    Raises:
        TimeZoneUnknownError: if `location` is not known here.
    """
    if location == LOCAL:
        return None
    if location in {"", "UTC"}:
        return UTC
    try:
        return zoneinfo.ZoneInfo(location)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise TimeZoneUnknownError(f"this machine has no time zone '{location}'") from None

"""``time_intervals``: names, and whether each time, day, month and year can be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from buckstop.alertmanager.codes import TIME_INTERVAL_DUPLICATE, TIME_INTERVAL_INVALID
from buckstop.alertmanager.time_zones import is_time_zone
from buckstop.diagnostics import Diagnostic, Related
from buckstop.document import Fields, Scalar
from buckstop.document.codes import KEY_MISSING

SECTIONS: Final = ("mute_time_intervals", "time_intervals")
"""Where intervals are defined; the first is the older name for the same."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_WEEKDAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_LAST_DAY: Final = 31
_SHORTEST_MONTH: Final = 28


def read_intervals(root: Fields) -> tuple[str, ...]:
    """The names of all intervals that the configuration defines, in order."""
    names: dict[str, Scalar] = {}
    for section in SECTIONS:
        for node in root.sequence(section, "time intervals"):
            fields = Fields.of(node, "a time interval", root.findings)
            if fields is None:
                continue
            name = fields.scalar("name")
            if name is None or name.text == "":
                fields.findings.append(
                    Diagnostic(KEY_MISSING, "a time interval needs 'name'", node.span)
                )
            elif name.text in names:
                fields.findings.append(
                    Diagnostic(
                        TIME_INTERVAL_DUPLICATE,
                        f"a time interval called '{name.text}' is defined already",
                        name.span,
                        related=(Related(names[name.text].span, "it is defined here"),),
                    )
                )
            else:
                names[name.text] = name
            for item in fields.sequence("time_intervals", "ranges of time"):
                ranges = Fields.of(item, "a range of time", fields.findings)
                if ranges is not None:
                    _read_ranges(ranges)
            fields.finish()
    return tuple(names)


def _read_ranges(fields: Fields) -> None:
    for node in fields.sequence("times", "times of day"):
        times = Fields.of(node, "a time of day", fields.findings)
        if times is not None:
            _read_times(times)
    for key, fault_of in (
        ("weekdays", _weekdays_fault),
        ("days_of_month", _days_fault),
        ("months", _months_fault),
        ("years", _years_fault),
    ):
        for scalar in fields.scalars(key, key.replace("_", " ")) or ():
            fault = _range_fault(scalar.text, fault_of)
            if fault is not None:
                fields.findings.append(Diagnostic(TIME_INTERVAL_INVALID, fault, scalar.span))
    zone = fields.scalar("location")
    if zone is not None and not is_time_zone(zone.text):
        fields.findings.append(
            Diagnostic(
                TIME_INTERVAL_INVALID,
                f"there is no time zone '{zone.text}'",
                zone.span,
                hint="write it as Europe/Berlin or UTC",
            )
        )
    fields.finish()


def _read_times(times: Fields) -> None:
    start, end = times.scalar("start_time"), times.scalar("end_time")
    times.finish()
    minutes: list[int] = []
    for key, scalar in (("start_time", start), ("end_time", end)):
        if scalar is None or scalar.text == "":
            times.findings.append(
                Diagnostic(KEY_MISSING, f"a time of day needs '{key}'", times.node.span)
            )
        elif not _TIME.fullmatch(scalar.text):
            times.findings.append(
                Diagnostic(
                    TIME_INTERVAL_INVALID,
                    f"'{scalar.text}' is no time of day",
                    scalar.span,
                    hint="write two digits for the hour and two for the minute: 09:00 up to 24:00",
                )
            )
        else:
            minutes.append(int(scalar.text[:2]) * 60 + int(scalar.text[3:]))
    if len(minutes) == 2 and minutes[0] >= minutes[1]:
        times.findings.append(
            Diagnostic(
                TIME_INTERVAL_INVALID,
                "the time must end after it begins",
                times.node.span,
                hint="a time over midnight needs two ranges: one up to 24:00, one from 00:00",
            )
        )


def _range_fault(text: str, fault_of: Callable[[str, str], str | None]) -> str | None:
    """What is wrong with ``begin:end`` or a single value, or None."""
    parts = text.lower().split(":")
    if len(parts) > 2:
        return f"'{text}' has more than one colon"
    return fault_of(parts[0], parts[-1])


def _weekdays_fault(begin: str, end: str) -> str | None:
    for day in (begin, end):
        if day not in _WEEKDAYS:
            return f"'{day}' is no weekday"
    if _WEEKDAYS.index(begin) > _WEEKDAYS.index(end):
        return "the days must not end before they begin; a week starts on sunday"
    return None


def _months_fault(begin: str, end: str) -> str | None:
    numbers: list[int] = []
    for month in (begin, end):
        if month in _MONTHS:
            numbers.append(_MONTHS.index(month) + 1)
        elif _NUMBER.fullmatch(month):
            # Numbers beyond 12 are accepted by the servers, and never come.
            numbers.append(int(month))
        else:
            return f"'{month}' is no month"
    return None if numbers[0] <= numbers[1] else "the months must not end before they begin"


def _years_fault(begin: str, end: str) -> str | None:
    for year in (begin, end):
        if not _NUMBER.fullmatch(year):
            return f"'{year}' is no year"
    return None if int(begin) <= int(end) else "the years must not end before they begin"


def _days_fault(begin: str, end: str) -> str | None:
    for day in (begin, end):
        if not _NUMBER.fullmatch(day) or not 1 <= abs(int(day)) <= _LAST_DAY:
            return f"'{day}' is no day of a month: 1 to 31, or -1 to -31 counted from its end"
    first, last = int(begin), int(end)
    if first < 0 < last:
        return "days that begin counted from the month's end must end so too"
    # Judged by the shortest month: what cannot hold there may never hold.
    if first < 0:
        first += _SHORTEST_MONTH
    if last < 0:
        last += _SHORTEST_MONTH
    return None if first <= last else "the days always end before they begin"

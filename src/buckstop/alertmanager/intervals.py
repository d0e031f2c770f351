"""``time_intervals``, read: each time, day, month and year as a value, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from buckstop.alertmanager.codes import TIME_INTERVAL_DUPLICATE, TIME_INTERVAL_INVALID
from buckstop.alertmanager.time_ranges import Bounds, TimeInterval, TimeRange
from buckstop.alertmanager.time_zones import is_time_zone
from buckstop.diagnostics import Diagnostic, Related
from buckstop.document import Fields, Node, Scalar
from buckstop.document.codes import KEY_MISSING

SECTIONS: Final = ("mute_time_intervals", "time_intervals")
"""Where intervals are defined; the first is the older name for the same."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4000}", re.ASCII)
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


def read_intervals(root: Fields) -> tuple[TimeInterval, ...]:
    """All intervals that the configuration defines, in order; what cannot be read is left out."""
    found: dict[str, TimeInterval] = {}
    for section in SECTIONS:
        for node in root.sequence(section, "time intervals"):
            fields = None if _is_null(node) else Fields.of(node, "a time interval", root.findings)
            if fields is None:
                continue
            name = _name(fields, found)
            ranges = tuple(
                read
                for entry in fields.sequence("time_intervals", "ranges of time")
                if (read := _read_range(entry, fields.findings)) is not None
            )
            fields.finish()
            if name is not None:
                found[name.text] = TimeInterval(name.text, name.span, ranges)
    return tuple(found.values())


def _name(fields: Fields, found: Mapping[str, TimeInterval]) -> Scalar | None:
    """The interval's name; None, with a finding, where it has none or another has it already."""
    name = fields.scalar("name")
    if name is None or name.text == "":
        fields.findings.append(
            Diagnostic(KEY_MISSING, "a time interval needs 'name'", fields.node.span)
        )
        return None
    if name.text in found:
        fields.findings.append(
            Diagnostic(
                TIME_INTERVAL_DUPLICATE,
                f"a time interval called '{name.text}' is defined already",
                name.span,
                related=(Related(found[name.text].span, "it is defined here"),),
            )
        )
        return None
    return name


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _read_range(node: Node, findings: list[Diagnostic]) -> TimeRange | None:
    """One range; a null says nothing, and so holds at any time."""
    if _is_null(node):
        return TimeRange()
    fields = Fields.of(node, "a range of time", findings)
    if fields is None:
        return None
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
    read = TimeRange(
        times=_read_times(fields),
        weekdays=_read_bounds(fields, "weekdays", _weekdays),
        days_of_month=_read_bounds(fields, "days_of_month", _days),
        months=_read_bounds(fields, "months", _months),
        years=_read_bounds(fields, "years", _years),
        location="" if zone is None else zone.text,
    )
    fields.finish()
    return read


def _read_bounds(
    fields: Fields, key: str, bounds_of: Callable[[str, str], Bounds]
) -> tuple[Bounds, ...] | None:
    """Each ``begin:end`` or single value under `key`; None where the key says nothing."""
    scalars = fields.scalars(key, key.replace("_", " "))
    if scalars is None:
        return None
    read: list[Bounds] = []
    for scalar in scalars:
        if scalar.is_null:
            # The servers read a zero: Sunday, and a day, month or year that never comes.
            read.append(Bounds(0, 0))
            continue
        begin, colon, end = scalar.text.lower().partition(":")
        try:
            if ":" in end:
                raise ValueError(f"'{scalar.text}' has more than one colon")
            read.append(bounds_of(begin, end if colon else begin))
        except ValueError as error:
            fields.findings.append(Diagnostic(TIME_INTERVAL_INVALID, str(error), scalar.span))
    return tuple(read)


def _read_times(fields: Fields) -> tuple[Bounds, ...] | None:
    if fields.node_at("times") is None:
        return None
    read = (_read_time(node, fields.findings) for node in fields.sequence("times", "times of day"))
    return tuple(bounds for bounds in read if bounds is not None)


def _read_time(node: Node, findings: list[Diagnostic]) -> Bounds | None:
    """Minutes from 00:00, the end exclusive; None, with findings, where they cannot be read."""
    if _is_null(node):
        return Bounds(0, 0)
    times = Fields.of(node, "a time of day", findings)
    if times is None:
        return None
    start, end = times.scalar("start_time"), times.scalar("end_time")
    times.finish()
    minutes: list[int] = []
    for key, scalar in (("start_time", start), ("end_time", end)):
        if scalar is None or scalar.text == "":
            findings.append(Diagnostic(KEY_MISSING, f"a time of day needs '{key}'", node.span))
        elif not _TIME.fullmatch(scalar.text):
            findings.append(
                Diagnostic(
                    TIME_INTERVAL_INVALID,
                    f"'{scalar.text}' is no time of day",
                    scalar.span,
                    hint="write two digits for the hour and two for the minute: 09:00 up to 24:00",
                )
            )
        else:
            minutes.append(int(scalar.text[:2]) * 60 + int(scalar.text[3:]))
    if len(minutes) < 2:
        return None
    if minutes[0] >= minutes[1]:
        findings.append(
            Diagnostic(
                TIME_INTERVAL_INVALID,
                "the time must end after it begins",
                node.span,
                hint="a time over midnight needs two ranges: one up to 24:00, one from 00:00",
            )
        )
        return None
    return Bounds(minutes[0], minutes[1])


def _weekdays(begin: str, end: str) -> Bounds:
    for day in (begin, end):
        if day not in _WEEKDAYS:
            raise ValueError(f"'{day}' is no weekday")
    bounds = Bounds(_WEEKDAYS.index(begin), _WEEKDAYS.index(end))
    if bounds.first > bounds.last:
        raise ValueError("the days must not end before they begin; a week starts on sunday")
    return bounds


def _months(begin: str, end: str) -> Bounds:
    bounds = Bounds(_month(begin), _month(end))
    if bounds.first > bounds.last:
        raise ValueError("the months must not end before they begin")
    return bounds


def _month(text: str) -> int:
    """Numbers beyond 12 are accepted by the servers, and never come."""
    if text in _MONTHS:
        return _MONTHS.index(text) + 1
    return _number(text, "month")


def _years(begin: str, end: str) -> Bounds:
    bounds = Bounds(_number(begin, "year"), _number(end, "year"))
    if bounds.first > bounds.last:
        raise ValueError("the years must not end before they begin")
    return bounds


def _number(text: str, what: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"'{text}' is no {what}")
    return int(text)


def _days(begin: str, end: str) -> Bounds:
    for day in (begin, end):
        if not _NUMBER.fullmatch(day) or not 1 <= abs(int(day)) <= _LAST_DAY:
            raise ValueError(
                f"'{day}' is no day of a month: 1 to 31, or -1 to -31 counted from its end"
            )
    bounds = Bounds(int(begin), int(end))
    if bounds.first < 0 < bounds.last:
        raise ValueError("days that begin counted from the month's end must end so too")
    # Judged by the shortest month: what cannot hold there may never hold.
    first, last = (day + _SHORTEST_MONTH if day < 0 else day for day in (bounds.first, bounds.last))
    if first > last:
        raise ValueError("the days always end before they begin")
    return bounds

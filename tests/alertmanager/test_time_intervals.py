"""Mute and active times: every field, zones, clock changes, and whose intervals count."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from buckstop.alertmanager import read
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.muting import muted_by
from buckstop.alertmanager.time_ranges import TimeZoneUnknownError

SEED = 20_261_122


def config(ranges: str, route: str = "mute_time_intervals: [n]") -> AlertmanagerConfig:
    text = (
        f"route: {{receiver: r, routes: [{{receiver: c, {route}, routes: [{{}}]}}]}}\n"
        "receivers: [{name: r}, {name: c}]\n"
        f"time_intervals: [{{name: n, time_intervals: {ranges}}}, {{name: always, "
        "time_intervals: [{}]}, {name: never}]\n"
    )
    found, diagnostics = read(text, "alertmanager.yml")
    assert found is not None, diagnostics
    assert diagnostics == ()
    return found


def muted(ranges: str, moment: str) -> bool:
    (interval, *_) = config(ranges).time_intervals
    return interval.holds(datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("ranges", "moment", "holds"),
    [
        ("[{}]", "2026-11-22T12:00Z", True),
        ("[]", "2026-11-22T12:00Z", False),
        ("[{times: []}]", "2026-11-22T12:00Z", False),
        ("[{times: }]", "2026-11-22T12:00Z", True),
        ("[{weekdays: []}]", "2026-11-22T12:00Z", False),
        ("[{times: [{start_time: '09:00', end_time: '17:00'}]}]", "2026-11-22T09:00:00Z", True),
        ("[{times: [{start_time: '09:00', end_time: '17:00'}]}]", "2026-11-22T16:59:59Z", True),
        ("[{times: [{start_time: '09:00', end_time: '17:00'}]}]", "2026-11-22T17:00:00Z", False),
        ("[{times: [{start_time: '23:00', end_time: '24:00'}]}]", "2026-11-22T23:59:59Z", True),
        ("[{weekdays: [saturday, SUNDAY]}]", "2026-11-22T12:00Z", True),
        ("[{weekdays: ['monday:friday']}]", "2026-11-22T12:00Z", False),
        ("[{weekdays: ['sunday:saturday']}]", "2026-11-22T12:00Z", True),
        ("[{days_of_month: ['-1']}]", "2026-02-28T12:00Z", True),
        ("[{days_of_month: ['-1']}]", "2028-02-28T12:00Z", False),
        ("[{days_of_month: ['-3:-2']}]", "2026-11-28T12:00Z", True),
        ("[{days_of_month: ['-3:-2']}]", "2026-11-30T12:00Z", False),
        ("[{days_of_month: ['29:31']}]", "2026-02-28T12:00Z", False),
        ("[{days_of_month: ['28:31']}]", "2026-02-28T12:00Z", True),
        ("[{days_of_month: ['25:-1']}]", "2026-11-30T12:00Z", True),
        ("[{months: ['november', '2']}]", "2026-11-22T12:00Z", True),
        ("[{months: ['december:13']}]", "2026-11-22T12:00Z", False),
        ("[{years: ['2020:2026']}]", "2026-12-31T23:59Z", True),
        ("[{years: ['2020:2026']}]", "2027-01-01T00:00Z", False),
        ("[{years: ['2020:2026'], location: Europe/Berlin}]", "2026-12-31T23:00Z", False),
        ("[{months: [january], weekdays: [sunday]}]", "2026-11-22T12:00Z", False),
        ("[{months: [january]}, {weekdays: [sunday]}]", "2026-11-22T12:00Z", True),
    ],
)
def test_fields_are_anded_and_items_ored(ranges: str, moment: str, holds: bool) -> None:  # noqa: FBT001 # a parameter
    """A field without items never holds; one that is null or left out says nothing."""
    assert muted(ranges, moment) is holds


def test_last_day_of_the_month_is_a_day_early_where_clocks_go_forward() -> None:
    """The server divides a month's hours by 24: March has 30 days in Berlin and 31 in UTC."""
    there = "[{days_of_month: ['-1'], location: Europe/Berlin}]"
    assert muted(there, "2026-03-30T12:00Z")
    assert not muted(there, "2026-03-31T12:00Z")
    assert muted(there, "2026-10-31T12:00Z")
    assert muted("[{days_of_month: ['-1']}]", "2026-03-31T12:00Z")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_every_minute_of_the_days_on_which_clocks_change(zone: str) -> None:
    """A skipped hour is never, a repeated one is twice: judged by the clock on the wall."""
    rng = random.Random(SEED)
    for day in (datetime(2026, 3, 7), datetime(2026, 3, 28), datetime(2026, 4, 4)):  # noqa: DTZ001
        for start in (day, day + timedelta(days=217), day + timedelta(days=210)):
            first = rng.randrange(0, 1439)
            last = rng.randrange(first + 1, 1441)
            shown = [f"{minute // 60:02}:{minute % 60:02}" for minute in (first, last)]
            text = f"{{start_time: '{shown[0]}', end_time: '{shown[1]}'}}"
            (interval, *_) = config(f"[{{times: [{text}], location: {zone}}}]").time_intervals
            for minute in range(2 * 1440):
                moment = start.replace(tzinfo=UTC) + timedelta(minutes=minute)
                wall = moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")
                expected = shown[0] <= wall < shown[1]
                assert interval.holds(moment) is expected, f"seed {SEED}: {zone} {moment}"


@pytest.mark.parametrize(
    ("route", "names"),
    [
        ("mute_time_intervals: [never, n, always]", ("n", "always")),
        ("active_time_intervals: [never]", ("never",)),
        ("active_time_intervals: [never, n]", ()),
        ("active_time_intervals: [always], mute_time_intervals: [n]", ("n",)),
        ("active_time_intervals: [never], mute_time_intervals: [n]", ("never",)),
    ],
)
def test_route_is_muted_in_its_mute_times_and_outside_its_active_ones(
    route: str, names: tuple[str, ...]
) -> None:
    """The names are those that the server's API gives under `mutedBy`."""
    read_config = config("[{}]", route)
    intervals = {interval.name: interval for interval in read_config.time_intervals}
    child = read_config.route.routes[0]
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    assert muted_by(child, intervals, moment) == names
    assert muted_by(child.routes[0], intervals, moment) == (), "intervals are not inherited"


def test_zone_that_this_machine_does_not_know_is_said() -> None:
    """Nothing is claimed about a clock that cannot be read."""
    from buckstop.alertmanager.time_ranges import TimeRange

    with pytest.raises(TimeZoneUnknownError, match="Mars/Olympus"):
        TimeRange(location="Mars/Olympus").holds(datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize("field", ["months", "years", "days_of_month"])
def test_a_number_beyond_all_is_refused_in_words_of_ours(field: str) -> None:
    """Six thousand digits are no month; Python's own limit is nobody's business."""
    digits = "9" * 6_000
    _, diagnostics = read(
        "route: {receiver: a}\nreceivers: [{name: a}]\n"
        f"time_intervals: [{{name: t, time_intervals: [{{{field}: ['{digits}']}}]}}]\n",
        "alertmanager.yml",
    )
    (found,) = diagnostics
    assert "is no " in found.message
    assert "integer string conversion" not in found.message

"""When one of several routes notifies: hours of the week, dates, zones and clock changes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.alertmanager.random_times import ZONES, random_times

from buckstop.alertmanager import read
from buckstop.alertmanager.coverage import MAX_YEARS, Coverage, NotDecided, coverage
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.muting import muted_by
from buckstop.alertmanager.week import said_hours

SEED = 20_261_130
SINCE = date(2026, 11, 30)
BERLIN = "location: Europe/Berlin"
EAST, WEST = "location: America/New_York", "location: America/Chicago"


def times(*edges: str) -> str:
    """From the first to the second, from the third to the fourth, and so on."""
    pairs = zip(edges[::2], edges[1::2], strict=True)
    listed = (f"{{start_time: '{one}', end_time: '{two}'}}" for one, two in pairs)
    return f"times: [{', '.join(listed)}]"


DAY = times("08:00", "18:00")
NIGHT = times("00:00", "08:00", "18:00", "24:00")


def config(intervals: dict[str, str], *routes: str) -> AlertmanagerConfig:
    listed = "".join(f"  - {{{fields}, continue: true}}\n" for fields in routes)
    named = "".join(f"- {{name: {name}, time_intervals: {it}}}\n" for name, it in intervals.items())
    text = (
        f"route:\n  receiver: r\n  routes:\n{listed}receivers: [{{name: r}}]\n"
        f"time_intervals:\n{named}"
    )
    found, diagnostics = read(text, "alertmanager.yml")
    assert found is not None, diagnostics
    assert diagnostics == ()
    return found


def judged(of: AlertmanagerConfig, since: date = SINCE) -> Coverage | NotDecided:
    named = {interval.name: interval for interval in of.time_intervals}
    return coverage(of.route.routes, named, since)


def covered(intervals: dict[str, str], *routes: str) -> Coverage:
    found = judged(config(intervals, *routes))
    assert isinstance(found, Coverage)
    return found


def is_told(of: AlertmanagerConfig, moment: datetime) -> bool:
    named = {interval.name: interval for interval in of.time_intervals}
    return any(not muted_by(route, named, moment) for route in of.route.routes)


@pytest.mark.parametrize(
    ("intervals", "routes"),
    [
        ({}, ["receiver: r"]),
        ({"i": "[{}]"}, ["mute_time_intervals: [i]", "receiver: r"]),
        ({"i": "[{}]"}, ["active_time_intervals: [i]"]),
        ({"i": "[]"}, ["mute_time_intervals: [i]"]),
        ({"i": "[{months: ['13']}]"}, ["mute_time_intervals: [i]"]),
        ({"i": "[{years: ['1999:2025']}]"}, ["mute_time_intervals: [i]"]),
        (
            {"day": f"[{{{DAY}, {BERLIN}}}]", "night": f"[{{{NIGHT}, {BERLIN}}}]"},
            ["active_time_intervals: [day]", "active_time_intervals: [night]"],
        ),
        (
            {"work": f"[{{{DAY}, weekdays: ['monday:friday'], {BERLIN}}}]"},
            ["active_time_intervals: [work]", "mute_time_intervals: [work]"],
        ),
        (
            {"a": "[{days_of_month: ['1:28']}]", "b": "[{days_of_month: ['29:31']}]"},
            ["active_time_intervals: [a]", "active_time_intervals: [b]"],
        ),
        (
            {"a": "[{years: ['2000:2030']}]", "b": "[{years: ['2031:99999']}]"},
            ["active_time_intervals: [a]", "active_time_intervals: [b]"],
        ),
        (
            {"a": "[{}]", "elsewhere": "[{location: Local}]"},
            ["active_time_intervals: [a]", "receiver: r", "mute_time_intervals: [elsewhere]"],
        ),
    ],
)
def test_somebody_is_always_told(intervals: dict[str, str], routes: list[str]) -> None:
    """Two routes that share the hours of the week between them leave none out."""
    found = covered(intervals, *routes)
    assert (found.gaps, found.untold_at) == ((), None)


@pytest.mark.parametrize(
    ("intervals", "routes", "hours", "zone", "first"),
    [
        (
            {"weekend": f"[{{weekdays: [saturday, sunday], {BERLIN}}}]"},
            ["mute_time_intervals: [weekend]"],
            "Sat 00:00–Sun 24:00",
            "Europe/Berlin",
            "2026-12-04T23:00Z",
        ),
        (
            {"work": f"[{{{DAY}, weekdays: ['monday:friday']}}]"},
            ["active_time_intervals: [work]"],
            "Mon–Thu 18:00–08:00 the day after, Fri 18:00–Mon 08:00",
            "UTC",
            "2026-11-30T00:00Z",
        ),
        (
            {"i": "[{}]"},
            ["mute_time_intervals: [i]"],
            "the whole week",
            "UTC",
            "2026-11-30T00:00Z",
        ),
        ({"i": "[]"}, ["active_time_intervals: [i]"], "the whole week", "UTC", "2026-11-30T00:00Z"),
        (
            {
                "day": f"[{{{DAY}, {BERLIN}}}]",
                "night": f"[{{{NIGHT.replace('18:00', '19:00')}, {BERLIN}}}]",
            },
            ["active_time_intervals: [day]", "active_time_intervals: [night]"],
            "Mon–Sun 18:00–19:00",
            "Europe/Berlin",
            "2026-11-30T17:00Z",
        ),
    ],
)
def test_hours_in_which_nobody_is_told_in_any_week(
    intervals: dict[str, str], routes: list[str], hours: str, zone: str, first: str
) -> None:
    """The hours are those of the intervals' zone; the first moment to come is named."""
    found = covered(intervals, *routes)
    assert {gap.told for gap in found.gaps} == {"never"}
    assert (said_hours(found.gaps), found.zone) == (hours, zone)
    assert found.untold_at == datetime.fromisoformat(first)


@pytest.mark.parametrize(
    ("intervals", "routes", "hours", "asked", "first"),
    [
        # The same hours in two zones: from spring to autumn they are not the same.
        (
            {
                "day": f"[{{{times('07:00', '24:00')}}}]",
                "night": f"[{{{times('00:00', '08:00')}, {BERLIN}}}]",
            },
            ["active_time_intervals: [day]", "active_time_intervals: [night]"],
            "Mon–Sun 06:00–07:00",
            (),
            "2027-03-28T06:00Z",
        ),
        # In autumn an hour is there twice, and the other zone's clocks change an hour later.
        (
            {
                "east": f"[{{{times('00:00', '01:00', '02:00', '24:00')}, {EAST}}}]",
                "west": f"[{{{times('00:00', '01:00')}, {WEST}}}]",
            },
            ["active_time_intervals: [east]", "active_time_intervals: [west]"],
            "Sun 01:00–02:00",
            (),
            "2027-11-07T06:00Z",
        ),
        # In spring an hour is skipped.
        (
            {
                "east": f"[{{{times('00:00', '03:00')}, {EAST}}}]",
                "west": f"[{{{times('02:00', '23:00')}, {WEST}}}]",
            },
            ["active_time_intervals: [east]", "active_time_intervals: [west]"],
            "Sun 03:00–04:00",
            (),
            "2027-03-14T07:00Z",
        ),
        (
            {"i": "[{days_of_month: ['-1'], months: [december]}]"},
            ["mute_time_intervals: [i]"],
            "the whole week",
            ("days_of_month", "months"),
            "2026-12-31T00:00Z",
        ),
        (
            {"i": "[{years: ['2025:2029']}]"},
            ["active_time_intervals: [i]"],
            "the whole week",
            ("years",),
            "2030-01-01T00:00Z",
        ),
        # The server divides a month's hours by 24: with clocks going forward it is a day short.
        (
            {
                "last": f"[{{days_of_month: ['-1'], {BERLIN}}}]",
                "rest": f"[{{days_of_month: ['1:27']}}, {{days_of_month: ['1:30'], {BERLIN}}}]",
            },
            ["active_time_intervals: [last]", "active_time_intervals: [rest]"],
            # All of Wednesday the 31st and so on; on Sunday the 31st clocks skip this hour.
            "Sun 03:00–Sun 02:00",
            ("days_of_month",),
            "2027-03-30T22:00Z",
        ),
        # Morocco's clocks go back for Ramadan, which is in late March again in 2055.
        (
            {
                "there": f"[{{{times('00:00', '12:00')}, location: Africa/Casablanca}}]",
                "here": f"[{{{times('11:00', '23:00')}}}]",
                "rest": "[{months: ['1:2', '4:12']}, {days_of_month: ['1:19']}]",
            },
            [
                "active_time_intervals: [there]",
                "active_time_intervals: [here]",
                "active_time_intervals: [rest]",
            ],
            "Mon–Sun 23:00–24:00",
            ("days_of_month", "months"),
            "2055-03-28T23:00Z",
        ),
        # A leap day on a Sunday.
        (
            {"i": "[{days_of_month: ['29'], months: [february], weekdays: [sunday]}]"},
            ["mute_time_intervals: [i]"],
            "Sun 00:00–24:00",
            ("days_of_month", "months"),
            "2032-02-29T00:00Z",
        ),
    ],
)
def test_hours_in_which_nobody_is_told_in_some_weeks(
    intervals: dict[str, str],
    routes: list[str],
    hours: str,
    asked: tuple[str, ...],
    first: str,
) -> None:
    """What makes one week differ from another is named, with the first moment."""
    found = covered(intervals, *routes)
    assert {gap.told for gap in found.gaps} == {"at times"}
    assert (said_hours(found.gaps), found.asked) == (hours, asked)
    assert found.untold_at == datetime.fromisoformat(first)


@pytest.mark.parametrize(
    ("interval", "reason"),
    [
        ("[{location: Local, weekdays: [sunday]}]", "the machine on which the server runs"),
        (f"[{{years: [{', '.join(map(str, range(2030, 6000, 60)))}]}}]", "too many years"),
    ],
)
def test_what_cannot_be_known_here_is_not_decided(interval: str, reason: str) -> None:
    """The reason is said; nothing is guessed."""
    found = judged(config({"i": interval}, "mute_time_intervals: [i]"))
    assert isinstance(found, NotDecided)
    assert reason in found.reason


def moments(rng: random.Random, found: Coverage) -> Iterator[datetime]:
    """Moments to come: any, ends of months and years, clock changes, edges of hours and gaps."""
    start = datetime(SINCE.year, SINCE.month, SINCE.day, tzinfo=UTC)
    for _ in range(30):
        yield start + timedelta(minutes=rng.randrange(40 * 365 * 1440))
        year, month = rng.randrange(2027, 2066), rng.randrange(1, 13)
        yield datetime(year, month, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(-2000, 2000))
        zone = ZoneInfo(rng.choice(ZONES))
        day = datetime(year, rng.choice((3, 4, 10, 11)), rng.randrange(1, 31), tzinfo=zone)
        yield (day + timedelta(minutes=rng.randrange(240))).astimezone(UTC)
        edge = day + timedelta(minutes=rng.choice((0, 60, 120, 150, 180, 480, 1080, 1380)))
        yield edge.astimezone(UTC)
        yield edge.astimezone(UTC) - timedelta(seconds=1)
    for gap in found.gaps:
        assert gap.untold_at is not None
        yield gap.untold_at
        if gap.untold_at > start:
            yield gap.untold_at - timedelta(seconds=1)


def compare(rng: random.Random, *, configs: int) -> Counter[str]:
    """How often somebody was told and nobody was; a disagreement fails."""
    seen: Counter[str] = Counter()
    for _ in range(configs):
        of = random_times(rng)
        found = judged(of)
        assert isinstance(found, Coverage)
        first = found.untold_at
        seen["without gap" if first is None else "with a gap"] += 1
        for moment in moments(rng, found):
            told = is_told(of, moment)
            seen["told" if told else "untold"] += 1
            local = moment.astimezone(ZoneInfo(found.zone))
            minute = local.weekday() * 1440 + local.hour * 60 + local.minute
            (stretch,) = (one for one in found.week if one.first <= minute < one.last)
            assert stretch.told != ("never" if told else "always"), (of, moment)
            if not told:
                assert first is not None
                assert stretch.untold_at is not None
                assert stretch.untold_at <= moment, (of, moment)
        for gap in found.gaps:
            assert gap.untold_at is not None
            assert not is_told(of, gap.untold_at), (of, gap)
    return seen


def test_coverage_agrees_with_each_moment() -> None:
    """No moment tried is told or untold against what is claimed of its hour of the week."""
    seen = compare(random.Random(SEED), configs=40)
    assert min(seen["without gap"], seen["with a gap"]) > 5, f"seed {SEED}: {seen}"
    assert min(seen["told"], seen["untold"]) > 500, f"seed {SEED}: {seen}"


@pytest.mark.nightly
@pytest.mark.timeout(1_800)
def test_coverage_agrees_with_each_moment_at_length() -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    compare(random.Random(seed), configs=1_500)


def test_limit_of_years_is_one_that_people_do_not_meet() -> None:
    """Twenty years named one by one are decided."""
    years = ", ".join(map(str, range(2030, 2070, 2)))
    assert covered({"i": f"[{{years: [{years}]}}]"}, "mute_time_intervals: [i]").untold_at == (
        datetime(2030, 1, 1, tzinfo=UTC)
    )
    assert MAX_YEARS > 20 * 28

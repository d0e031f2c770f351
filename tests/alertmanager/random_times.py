"""Routes with random mute and active intervals, many of which complement each other."""

from __future__ import annotations

import random
from typing import Final

from buckstop.alertmanager import read
from buckstop.alertmanager.model import AlertmanagerConfig

ZONES: Final = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
)
_WEEKDAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def random_times(rng: random.Random) -> AlertmanagerConfig:
    """One to three routes; about a third of all leave no gap."""
    zones = [rng.choice(ZONES) for _ in range(rng.choice((1, 1, 1, 2)))]
    intervals: list[list[str]] = []
    routes: list[str] = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        ranges = [_range(rng, rng.choice(zones)) for _ in range(rng.choice((1, 1, 2)))]
        intervals.append(ranges)
        name = f"i{len(intervals) - 1}"
        match rng.randrange(5):
            case 0:
                routes.append(f"mute_time_intervals: [{name}]")
            case 1:
                routes.append(f"active_time_intervals: [{name}]")
            case 2:
                # The same hours, told by one of two.
                routes.append(f"active_time_intervals: [{name}]")
                routes.append(f"mute_time_intervals: [{name}]")
            case 3:
                zone = zones[0]
                cut = rng.choice(("02:00", "02:30", "03:00", "08:00", "23:59"))
                parts = (("00:00", cut), (cut, "24:00"))
                for start, end in parts:
                    time = f"{{start_time: '{start}', end_time: '{end}'}}"
                    intervals.append([f"{{times: [{time}], location: {zone}}}"])
                    routes.append(f"active_time_intervals: [i{len(intervals) - 1}]")
            case _:
                other = f"i{rng.randrange(len(intervals))}"
                routes.append(f"active_time_intervals: [{name}], mute_time_intervals: [{other}]")
    listed = "".join(f"  - {{{fields}, continue: true}}\n" for fields in routes)
    named = "".join(
        f"- {{name: i{place}, time_intervals: [{', '.join(ranges)}]}}\n"
        for place, ranges in enumerate(intervals)
    )
    text = (
        f"route:\n  receiver: r\n  routes:\n{listed}receivers: [{{name: r}}]\n"
        f"time_intervals:\n{named}"
    )
    config, found = read(text, "alertmanager.yml")
    assert config is not None, found
    assert found == (), text
    return config


def _range(rng: random.Random, zone: str) -> str:
    fields = [] if zone == "UTC" else [f"location: {zone}"]
    if rng.random() < 0.6:
        edges = sorted(rng.sample(range(1441), 2))
        if rng.random() < 0.5:
            edges = sorted(rng.sample((0, 60, 120, 150, 180, 480, 1080, 1380, 1440), 2))
        start, end = (f"{edge // 60:02}:{edge % 60:02}" for edge in edges)
        fields.append(f"times: [{{start_time: '{start}', end_time: '{end}'}}]")
    if rng.random() < 0.4:
        begin = rng.randrange(7)
        fields.append(f"weekdays: ['{_WEEKDAYS[begin]}:{_WEEKDAYS[rng.randrange(begin, 7)]}']")
    if rng.random() < 0.15:
        fields.append(f"days_of_month: ['{rng.choice(('1', '-1', '29:31', '-3:-1', '10:20'))}']")
    if rng.random() < 0.15:
        fields.append(f"months: ['{rng.choice(('1', '3', '10', '2:6', '7:12', '13'))}']")
    if rng.random() < 0.1:
        fields.append(f"years: ['{rng.choice(('2027', '2000:2026', '2028:2031', '2040:2300'))}']")
    return f"{{{', '.join(fields)}}}"

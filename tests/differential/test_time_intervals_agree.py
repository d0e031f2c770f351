"""Mute and active times are the running Alertmanager's, at moments from 2000 to 2040.

The server has no clock that could be set, but it reads its zones from where it is told: see
`shifted_zones`. Each case is a route of its own with a zone of its own. A route is judged once the
server has flushed its group twice, for the first flush is then over: it has notified or not.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.differential import shifted_zones
from tests.differential.webhook import listening

from buckstop import alertmanager, servers
from buckstop.alertmanager.muting import muted_by

SEED = 20_261_122
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Asuncion",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Asia/Amman",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_FLUSHED = re.compile(r'msg=flushing.*case=\\"(\d+)\\"|case=\\"(\d+)\\".*msg=flushing')


def moment(rng: random.Random) -> datetime:
    """A moment at which something may go wrong: ends of months, clock changes, or any."""
    year = rng.randrange(2000, 2040)
    day = datetime(year, rng.randrange(1, 13), 1, tzinfo=UTC)
    match rng.randrange(4):
        case 0:
            day += timedelta(days=rng.randrange(28, 33))
        case 1:
            day = datetime(year, rng.choice((3, 4, 9, 10, 11)), rng.randrange(20, 31), tzinfo=UTC)
        case 2:
            day = datetime(year, 12, 30, tzinfo=UTC) + timedelta(days=rng.randrange(4))
        case _:
            day += timedelta(days=rng.randrange(28))
    return day + timedelta(minutes=rng.randrange(1440), seconds=20)


def time_range(rng: random.Random, local: datetime) -> str:
    """Fields around the clock's face `local`, some of which hold and some of which do not."""
    fields = []
    if rng.random() < 0.4:
        minute = local.hour * 60 + local.minute
        first = max(0, min(1438, minute + rng.randrange(-90, 60)))
        last = max(first + 1, min(1440, minute + rng.randrange(-30, 120)))
        shown = [f"{one // 60:02}:{one % 60:02}" for one in (first, last)]
        fields.append(f"times: [{{start_time: '{shown[0]}', end_time: '{shown[1]}'}}]")
    if rng.random() < 0.4:
        begin = rng.randrange(7)
        end = rng.randrange(begin, 7)
        fields.append(f"weekdays: ['{WEEKDAYS[begin]}:{WEEKDAYS[end]}']")
    if rng.random() < 0.6:
        days = [rng.choice((-1, -2, -3, -31, -28, 1, 28, 29, 30, 31, local.day)) for _ in range(2)]
        made = [f"'{day}'" for day in days]
        if rng.random() < 0.3:
            made = [f"'{rng.choice((-5, -3, -2))}:-1'"]
        if rng.random() < 0.2:
            made = [f"'{rng.randrange(20, 29)}:31'"]
        fields.append(f"days_of_month: [{', '.join(made)}]")
    if rng.random() < 0.3:
        fields.append(f"months: ['{max(1, local.month - rng.randrange(2))}:{local.month}', '13']")
    if rng.random() < 0.3:
        fields.append(f"years: ['{local.year + rng.randrange(-1, 2)}:2041']")
    if rng.random() < 0.05:
        fields = ["months: []"]
    return ", ".join(fields)


def compare(
    installation: servers.Installation, rng: random.Random, zones: Path, *, cases: int
) -> Counter[bool]:
    """How many routes were muted and how many not; a disagreement fails."""
    start = datetime.now(UTC)
    ours, theirs, routes = [], [], []
    moments: list[datetime] = []
    for case in range(cases):
        zone, at = rng.choice(ZONES), moment(rng)
        while not shifted_zones.can_judge(zone, at):
            at = moment(rng)
        moments.append(at)
        shifted_zones.write(zones / "Shifted" / str(case), zone, at, start)
        fields = time_range(rng, at.astimezone(ZoneInfo(zone)))
        comma = ", " if fields else ""
        interval = f"- {{name: i{case}, time_intervals: [{{{fields}{comma}location: {{}}}}]}}\n"
        ours.append(interval.replace("location: {}", f"location: {zone}"))
        theirs.append(interval.replace("location: {}", f"location: Shifted/{case}"))
        key = rng.choice(("mute_time_intervals", "active_time_intervals"))
        routes.append(f"  - {{matchers: ['case=\"{case}\"'], {key}: [i{case}]}}\n")
    with listening() as webhook:
        tree = (
            "route:\n  receiver: r\n  group_wait: 0s\n  group_interval: 1s\n  group_by: [case]\n"
            f"  routes:\n{''.join(routes)}"
            f"receivers: [{{name: r, webhook_configs: [{{url: '{webhook.url}'}}]}}]\n"
        )
        text = f"{tree}time_intervals:\n{''.join(ours)}"
        config, diagnostics = alertmanager.read(text, "alertmanager.yml")
        assert config is not None
        assert diagnostics == (), diagnostics
        with servers.Alertmanager(
            installation,
            f"{tree}time_intervals:\n{''.join(theirs)}",
            flags=["--log.level=debug"],
        ) as running:
            running.post_alerts([{"labels": {"case": str(case)}} for case in range(cases)])

            def flushed_twice() -> bool:
                found = Counter(one or two for one, two in _FLUSHED.findall(running.log()))
                return sum(count > 1 for count in found.values()) == cases

            servers.await_until(flushed_twice, 60, "every group is flushed twice")
        passed = datetime.now(UTC) - start
        notified = webhook.cases()
    intervals = {interval.name: interval for interval in config.time_intervals}
    seen: Counter[bool] = Counter()
    for case, (route, at) in enumerate(zip(config.route.routes, moments, strict=True)):
        muted = bool(muted_by(route, intervals, at))
        if muted is not bool(muted_by(route, intervals, at + passed)):
            continue  # It ended or began while the server looked at it.
        seen[muted] += 1
        assert muted is (str(case) not in notified), f"{at}\n{routes[case]}{ours[case]}"
    return seen


@pytest.mark.servers
def test_time_intervals_agree(
    each_installation: servers.Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times, weekdays, days from either end of the month, months, years, zones, clock changes."""
    monkeypatch.setenv("ZONEINFO", str(tmp_path))
    seen = compare(each_installation, random.Random(SEED), tmp_path, cases=400)
    assert min(seen[True], seen[False]) > 80, f"seed {SEED}: {seen}"
    assert sum(seen.values()) > 380


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_time_intervals_agree_at_length(
    each_installation: servers.Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with a new seed each night."""
    monkeypatch.setenv("ZONEINFO", str(tmp_path))
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    for _ in range(20):
        compare(each_installation, rng, tmp_path, cases=500)

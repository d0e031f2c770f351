"""Routing: label sets per second, in the library and from JSON to JSON, against the originals.

A route for each team with severities below it, as a build makes it. Each label set has an instance
of its own, as alerts have; how many of them the routes can tell apart is said beside the figures.

The whole command starts Python, reads the routes and answers all lines; what a further line takes
is the difference between a batch and a longer one. ``amtool`` reads the routes at each call.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.figures import Spent, print_table, seconds, spent_by, times

from buckstop.alertmanager import Router, read
from buckstop.servers import Alertmanager, ServersMissing, await_until, find, route_test

ROUTES = (300, 10_000)
LABEL_SETS = 100_000
POSTED = 5_000
"""Alerts for the running server, in batches; the API's own cost grows with what it holds."""
POSTED_AT_ONCE = 1_000
LONGER = 500_000
"""A batch of so many tells what each further label set takes."""
RUNS = 3
"""Of each command, of which the quickest counts: other work on the machine is no part of it."""
SEVERITIES = ("critical", "major", "minor")


def config(routes: int, *, wait: str = "30s") -> str:
    """About as many routes: three for each team."""
    teams = routes // 3
    tree = "".join(
        f'  - receiver: team-{i}\n    matchers: [accountable_team="team-{i}"]\n    routes:\n'
        f'    - receiver: team-{i}-critical\n      matchers: [severity="critical"]\n'
        f'    - receiver: team-{i}-major\n      matchers: [severity=~"maj.*|page"]\n'
        for i in range(teams)
    )
    receivers = "".join(
        f"- name: team-{i}\n- name: team-{i}-critical\n- name: team-{i}-major\n"
        for i in range(teams)
    )
    head = f"route:\n  receiver: team-0\n  group_by: [alertname]\n  group_wait: {wait}\n"
    return f"{head}  routes:\n{tree}receivers:\n{receivers}"


def label_sets(routes: int, count: int = LABEL_SETS) -> Iterator[dict[str, str]]:
    """Alerts of all teams and severities, each of an instance of its own."""
    teams = routes // 3
    for i in range(count):
        yield {
            "alertname": f"A{i % 7}",
            "accountable_team": f"team-{i * 7919 % teams}",
            "severity": SEVERITIES[i % 3],
            "instance": f"10.0.{i // 250}.{i % 250}:9100",
            "job": "models",
        }


def main() -> None:
    """Measure and print."""
    rows = [_row(routes) for routes in ROUTES]
    print_table(
        f"Routing {LABEL_SETS:,} alerts, label sets/s",
        (
            "routes",
            "told apart",
            "read",
            "library",
            "first time",
            "--batch, whole command",
            "further ones",
            "processor time of each",
            "amtool, a call each",
            "whole command is",
            "server, posted and routed",
            "whole command is",
        ),
        rows,
    )


def _row(routes: int) -> tuple[str, ...]:
    text = config(routes)
    loaded, diagnostics = read(text, "alertmanager.yml")
    assert loaded is not None
    assert diagnostics == ()
    reading = seconds(lambda: read(text, "alertmanager.yml"), runs=1)
    sets = list(label_sets(routes))
    told_apart = len({(one["accountable_team"], one["severity"]) for one in sets})
    router = Router(loaded)
    first = _once(router, sets[:told_apart])
    library = LABEL_SETS / seconds(lambda: [router.route(one) for one in sets])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alertmanager.yml"
        path.write_text(text, encoding="utf-8")
        whole = _command(path, routes, LABEL_SETS)
        longer = _command(path, routes, LONGER)
        amtool = _amtool(path, sets[0])
    server = _server(routes, sets)
    rate = LABEL_SETS / whole.wall_seconds
    more = LONGER - LABEL_SETS
    further = more / (longer.wall_seconds - whole.wall_seconds)
    processor = (longer.processor_seconds - whole.processor_seconds) / more
    return (
        f"{routes:,}",
        f"{told_apart:,}",
        f"{reading * 1e3:,.0f} ms",
        f"{library:,.0f}",
        f"{first:,.0f}",
        f"{rate:,.0f}",
        f"{further:,.0f}",
        f"{processor * 1e6:,.1f} µs",
        *(("not installed", "") if amtool is None else (f"{amtool:,.1f}", times(rate, amtool))),
        *(("not installed", "") if server is None else (f"{server:,.0f}", times(rate, server))),
    )


def _once(router: Router, sets: list[dict[str, str]]) -> float:
    """Label sets per second where each is the first of its kind."""
    start = time.perf_counter()
    for one in sets:
        router.route(one)
    return len(sets) / (time.perf_counter() - start)


def _command(path: Path, routes: int, count: int) -> Spent:
    """What ``route --batch`` with so many label sets takes from start to end."""
    batch = path.with_name("labels.jsonl")
    with batch.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps({'labels': one})}\n" for one in label_sets(routes, count))
    command = [sys.executable, "-m", "buckstop", "route", str(path), "--batch", str(batch)]
    runs = [spent_by(command) for _ in range(RUNS)]
    return min(runs, key=lambda spent: spent.wall_seconds)


def _amtool(path: Path, labels: dict[str, str]) -> float | None:
    try:
        installation = find()
    except ServersMissing:
        return None
    return 1 / seconds(lambda: route_test(installation, path, labels), runs=3)


def _server(routes: int, sets: list[dict[str, str]]) -> float | None:
    """Alerts per second that a running Alertmanager takes, routes and names the receivers of."""
    try:
        installation = find()
    except ServersMissing:
        return None
    with Alertmanager(installation, config(routes, wait="1h")) as running:
        waiting = islice(sets, POSTED)
        start = time.perf_counter()
        while some := list(islice(waiting, POSTED_AT_ONCE)):
            running.post_alerts([{"labels": one} for one in some])
        await_until(lambda: len(running.alerts()) == POSTED, 120, "all alerts are routed")
        return POSTED / (time.perf_counter() - start)


if __name__ == "__main__":
    main()

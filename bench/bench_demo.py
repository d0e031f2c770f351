"""Breach to page and to owner on record, for each of the demo's four breaks, on real servers.

Each run is a whole ``buckstop demo --once``: the phases are measured by the servers themselves (see
docs/demo.md). Scraping waits up to a second within "signal"; the servers' own waiting is what
follows it: evaluation, ``for``, ``group_wait``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench.figures import print_table

RUNS = 3
RUN_TIMEOUT_SECONDS = 240.0

Break = dict[str, Any]


def run() -> dict[str, Any]:
    """One demo's report. Raises CalledProcessError where a break missed its team."""
    done = subprocess.run(
        [sys.executable, "-m", "buckstop", "demo", "--once", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=RUN_TIMEOUT_SECONDS,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def after(moment: str) -> Callable[[Break], float]:
    """Seconds from the breach to `moment`."""
    return lambda one: float(one["seconds_after_breach"][moment])


def spent(*phases: str) -> Callable[[Break], float]:
    """Seconds spent in `phases` together."""
    return lambda one: sum(float(one["seconds_spent"][phase]) for phase in phases)


def waiting_share(one: Break) -> float:
    """Percent of the way to the page in which the servers only wait, scrapes not counted."""
    return 100 * spent("evaluation", "for", "alertmanager")(one) / after("paged")(one)


def shown(value: Callable[[Break], float], breaks: list[Break], digits: int = 1) -> str:
    """The median and, in parentheses, the range."""
    values = [value(one) for one in breaks]
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def main() -> None:
    """Run, and print the medians."""
    reports = [run() for _ in range(RUNS)]
    rows = []
    for breaks in zip(*(report["breaks"] for report in reports), strict=True):
        mine = list(breaks)
        rows.append(
            [
                f"{mine[0]['break']} → {mine[0]['owner']}",
                shown(after("paged"), mine),
                shown(after("owned"), mine),
                shown(spent("signal"), mine),
                shown(spent("evaluation"), mine),
                shown(spent("for"), mine),
                shown(spent("alertmanager"), mine),
                shown(waiting_share, mine, 0),
            ]
        )
    head = ("break", "page", "owner", "signal", "evaluation", "for", "Alertmanager", "waiting %")
    print_table(f"Demo: seconds after the breach, {RUNS} runs, {reports[0]['servers']}", head, rows)
    first = [report["first_owner_seconds"] for report in reports]
    mean = [1000 * report["ledger_intake"]["mean_seconds"] for report in reports]
    median = [1000 * report["ledger_intake"]["median_at_most_seconds"] for report in reports]
    print(f"\nFirst owner after the command's start: {min(first):.0f}-{max(first):.0f} s.")
    print(
        f"Ledger, request to durable commit: mean {min(mean):.1f}-{max(mean):.1f} ms, "
        f"median at most {max(median):g} ms."
    )


if __name__ == "__main__":
    main()

"""Routing: label sets per second through our router, against one amtool call each."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.figures import print_table, seconds, times

from buckstop.alertmanager import Router, read
from buckstop.servers import ServersMissing, find, route_test

TEAMS = (10, 100, 1_000)
SEVERITIES = ("critical", "major", "minor")
LABEL_SETS = 1_000


def config(teams: int) -> str:
    """A route per team with nested severities, as a build makes it."""
    routes = "".join(
        f'  - receiver: team-{i}\n    matchers: [accountable_team="team-{i}"]\n    routes:\n'
        f'    - receiver: team-{i}-critical\n      matchers: [severity="critical"]\n'
        f'    - receiver: team-{i}-major\n      matchers: [severity=~"major|page"]\n'
        for i in range(teams)
    )
    receivers = "".join(
        f"- name: team-{i}\n- name: team-{i}-critical\n- name: team-{i}-major\n"
        for i in range(teams)
    )
    return f"route:\n  receiver: team-0\n  routes:\n{routes}receivers:\n{receivers}"


def main() -> None:
    """Measure and print."""
    rows = []
    for teams in TEAMS:
        text = config(teams)
        loaded, diagnostics = read(text, "alertmanager.yml")
        assert loaded is not None
        assert diagnostics == ()
        router = Router(loaded)
        sets = [
            {
                "accountable_team": f"team-{i * 7919 % teams}",
                "severity": SEVERITIES[i % 3],
                "alertname": "A",
            }
            for i in range(LABEL_SETS)
        ]
        reading = seconds(lambda text=text: read(text, "alertmanager.yml"), runs=3)  # type: ignore[misc] # bound at once
        routing = seconds(lambda router=router, sets=sets: [router.route(one) for one in sets])  # type: ignore[misc] # bound at once
        per_set = routing / LABEL_SETS
        rows.append(
            (
                f"{teams:,}",
                f"{reading * 1e3:.0f} ms",
                f"{1 / per_set:,.0f}",
                *_amtool(text, per_set),
            )
        )
    print_table(
        "Routing a concrete alert",
        ("teams", "read", "label sets/s", "amtool, one call", "that is"),
        rows,
    )


def _amtool(text: str, per_set: float) -> tuple[str, str]:
    try:
        installation = find()
    except ServersMissing:
        return "not installed", ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alertmanager.yml"
        path.write_text(text, encoding="utf-8")
        labels = {"accountable_team": "team-3", "severity": "critical"}
        call = seconds(lambda: route_test(installation, path, labels), runs=3)
    return f"{call * 1e3:.0f} ms", times(call, per_set)


if __name__ == "__main__":
    main()

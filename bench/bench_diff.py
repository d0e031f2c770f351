"""`diff` of a thousand routes against a thousand, as a multiple of reading both files.

Teams told by equality with severities below them, and teams told by a pattern each; nothing, ten
routes, the order of all or what all inherit is other. Each example that comes out has been walked
by both concrete routers.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from bench.figures import print_table, seconds, times

from buckstop.alertmanager import read
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.document import collection_paused
from buckstop.prover.given import Given
from buckstop.prover.grounds import answers_on
from buckstop.prover.moves.outcomes import Routing
from buckstop.prover.moves.routes import route_moves

ROUTES = 1_000
CHANGED = 10
SEVERITIES = ("critical", "major", "minor")


def by_equality() -> list[str]:
    """A route for each team, with three severities below it."""
    return [
        f'  - receiver: t{i}\n    matchers: [team="t{i}"]\n    routes:\n'
        + "".join(
            f'    - {{receiver: t{i}-{severity}, matchers: [severity="{severity}"]}}\n'
            for severity in SEVERITIES
        )
        for i in range(ROUTES // 4)
    ]


def by_pattern() -> list[str]:
    """A route for each team, all of whose names begin alike."""
    return [f'  - receiver: t{i}\n    matchers: [team=~"t{i}-.*"]\n' for i in range(ROUTES)]


def text(routes: list[str], root: str = "") -> str:
    """The whole file."""
    receivers = "".join(
        f"- name: t{i}\n" + "".join(f"- name: t{i}-{severity}\n" for severity in SEVERITIES)
        for i in range(ROUTES)
    )
    tree = "".join(routes)
    return f"route:\n  receiver: root\n{root}  routes:\n{tree}receivers:\n- name: root\n{receivers}"


def variants(routes: list[str]) -> dict[str, str]:
    """What is other, and the file in which it is."""
    changed = list(routes)
    for number in range(0, len(routes), len(routes) // CHANGED):
        changed[number] = routes[number].replace(f"receiver: t{number}\n", "receiver: root\n", 1)
    return {
        "nothing": text(routes),
        f"{CHANGED} routes": text(changed),
        "the order": text(random.Random(1).sample(routes, len(routes))),
        "group_wait of all": text(routes, "  group_wait: 5s\n"),
    }


def main() -> None:
    """Measure and print."""
    rows = [
        row
        for kind, make in (("equality", by_equality), ("a pattern", by_pattern))
        for row in _rows(kind, make)
    ]
    print_table(
        f"diff of {ROUTES:,} routes against {ROUTES:,}",
        ("told by", "other is", "moves", "reading both", "comparing", "is", "both"),
        rows,
    )


def _rows(kind: str, make: Callable[[], list[str]]) -> list[tuple[str, ...]]:
    routes = make()
    old = text(routes)
    rows: list[tuple[str, ...]] = []
    for what, new in variants(routes).items():
        rows.append((kind, what, *_figures(old, new)))
    return rows


def _figures(old: str, new: str) -> tuple[str, ...]:
    before, after = _read(old), _read(new)
    reading = seconds(lambda: (_read(old), _read(new)), runs=1)
    comparing = seconds(lambda: _moves(before, after), runs=3)
    return (
        f"{_moves(before, after):,}",
        f"{reading:.2f} s",
        f"{comparing:.2f} s",
        times(comparing, reading),
        f"{reading + comparing:.2f} s",
    )


def _read(file: str) -> AlertmanagerConfig:
    with collection_paused():
        config, _ = read(file, "alertmanager.yml")
    assert config is not None
    return config


def _moves(before: AlertmanagerConfig, after: AlertmanagerConfig) -> int:
    with collection_paused():
        return sum(1 for _ in route_moves(_routing(before), _routing(after)))


def _routing(config: AlertmanagerConfig) -> Routing:
    answers, team_label = answers_on(Given((), config, team_label="team"))
    assert answers.router is not None
    return Routing(config, answers.router, answers.ownership, team_label.name)


if __name__ == "__main__":
    main()

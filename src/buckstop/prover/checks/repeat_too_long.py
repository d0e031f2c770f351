"""Routes that remind nobody for longer than anybody is on call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.prometheus import parse_duration
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import REPEAT_TOO_LONG

MAX_REPEAT_SECONDS: Final = 24 * 3600.0
"""A page is repeated within a day, so that whoever is on call next hears of it."""


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a `repeat_interval`, where it is written."""
    for one in subject.routes():
        route = one.node.match.route
        if route.repeat_interval is None or not one.matched:
            continue
        if parse_duration(route.repeat_interval) <= MAX_REPEAT_SECONDS:
            continue
        entry = route.node.entry("repeat_interval")
        yield Diagnostic(
            REPEAT_TOO_LONG,
            f"an alert that still fires is told again only after {route.repeat_interval}: whoever "
            "is on call next never hears of it",
            route.span if entry is None else entry.value.span,
            hint="repeat within a day (`repeat_interval: 4h` is Alertmanager's own)",
        )

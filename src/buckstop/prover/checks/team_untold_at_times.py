"""Hours of the week in which mute and active intervals leave a team untold."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager.coverage import Coverage
from buckstop.alertmanager.model import Route
from buckstop.diagnostics import Diagnostic, Span
from buckstop.prover.checks.subject import Subject, counted, further
from buckstop.prover.codes import TEAM_UNTOLD_AT_TIMES
from buckstop.prover.told_times import said_gaps, said_moment


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a team and its hours, at the intervals of the first route that tells it."""
    for times in subject.times:
        told = times.coverage
        if not isinstance(told, Coverage) or told.untold_at is None:
            continue
        first = times.rules[0].rule
        more = f" ({counted(len(times.rules), 'rule')})" if len(times.rules) > 1 else ""
        yield Diagnostic(
            TEAM_UNTOLD_AT_TIMES,
            f"nobody of {times.team} is told of {first.alert}{more}: {said_gaps(told)}; "
            f"such as at {said_moment(told.untold_at)}",
            _place(times.routes[0]),
            hint=f"let another route tell {times.team} in these hours, this one going on to it "
            "with `continue: true`, or leave the intervals out",
            related=further(times.rules, lambda one: f"such as {one.rule.alert}"),
        )


def _place(route: Route) -> Span:
    for key in ("mute_time_intervals", "active_time_intervals"):
        entry = route.node.entry(key)
        if entry is not None:
            return entry.value.span
    return route.span

"""Routes that go on where nothing can follow."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.language import Undecided
from buckstop.prover.arrivals import Arrival, both
from buckstop.prover.checks.route_words import is_unwritten
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import CONTINUE_WITHOUT_EFFECT


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a route that alerts reach, at its `continue`."""
    for one in subject.routes():
        route = one.node.match.route
        if not route.continues or not one.matched or is_unwritten(route):
            continue
        # What reading says of a root that goes on needs no second finding.
        if one.parent is None or _is_followed(one):
            continue
        is_last = one.place == len(one.parent.children) - 1
        why = "no sibling follows it" if is_last else "no sibling after it can match the same alert"
        entry = route.node.entry("continue")
        yield Diagnostic(
            CONTINUE_WITHOUT_EFFECT,
            f"`continue: true` does nothing here: {why}",
            route.span if entry is None else entry.value.span,
            hint="remove it; finer routes for the same alerts are nested under this one "
            "(`routes:`), or follow it as siblings",
        )


def _is_followed(one: Arrival) -> bool:
    """Whether an alert that it takes may be taken by a sibling after it."""
    try:
        return any(both(one.matched, other.matched) is not None for other in one.later())
    except Undecided:
        return True

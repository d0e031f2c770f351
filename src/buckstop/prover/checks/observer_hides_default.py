"""Observing routes behind which nothing catches what no other route takes."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.language import Undecided
from buckstop.prover.arrivals import Arrival, both
from buckstop.prover.checks.subject import MAX_RELATED, RouteSubject
from buckstop.prover.codes import OBSERVER_HIDES_DEFAULT


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a parent whose receiver cannot be reached, at the first observer."""
    for one in subject.routes():
        if one.own or not one.observed:
            continue
        observers = _observers(one)
        receiver = one.node.match.receiver
        if not observers or any(child.node.match.receiver == receiver for child in observers):
            continue
        takes = (
            "this route takes every alert"
            if len(observers) == 1
            else f"this route and {len(observers) - 1} more that go on take every alert"
        )
        yield Diagnostic(
            OBSERVER_HIDES_DEFAULT,
            f"{takes}, so {receiver} is never told: a child that matched suppresses its parent",
            observers[0].node.match.route.span,
            hint=f"end the list with a child without matchers: `- receiver: {receiver}`",
            related=tuple(
                Related(child.node.match.route.span, "goes on too")
                for child in observers[1 : MAX_RELATED + 1]
            ),
        )


def _observers(one: Arrival) -> list[Arrival]:
    """The children that go on and take what no other does."""
    try:
        return [
            child
            for child in one.children
            if child.node.continues and both(child.matched, one.observed) is not None
        ]
    except Undecided:
        return []

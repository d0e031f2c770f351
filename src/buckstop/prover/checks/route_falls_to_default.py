"""Routes with children whose other alerts fall to the root's receiver."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.arrivals import Arrival
from buckstop.prover.checks.route_words import asked_text, labels_text
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import ROUTE_FALLS_TO_DEFAULT


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a parent, at the route, with a label set that no child takes."""
    for one in subject.routes():
        route = one.node.match.route
        if one.parent is None or not one.own or not _is_passing_on(one):
            continue
        receiver = one.node.match.receiver
        holder = subject.ownership.declared.get(receiver)
        if holder is not None and holder.role != "not accountable":
            continue
        labels, matches = subject.taken(one.own[0])
        if [match.path for match in matches] != [one.node.match.path]:
            continue
        yield Diagnostic(
            ROUTE_FALLS_TO_DEFAULT,
            f"{asked_text(route)} names no receiver: what none of its routes takes falls to "
            f"{receiver}, the root's, such as {labels_text(labels)}",
            route.span,
            hint="give the route the receiver of whoever answers for the rest of its alerts",
            related=(Related(_root(one).node.match.route.span, "the root names the receiver"),),
        )


def _is_passing_on(one: Arrival) -> bool:
    """Whether it only divides alerts among its children, and none on the way names a receiver."""
    route = one.node.match.route
    if not route.matchers or not any(child.node.match.route.receiver for child in one.children):
        return False
    above = one
    while above.parent is not None:
        if above.node.match.route.receiver is not None:
            return False
        above = above.parent
    return True


def _root(one: Arrival) -> Arrival:
    return one if one.parent is None else _root(one.parent)

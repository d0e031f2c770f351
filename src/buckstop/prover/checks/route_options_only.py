"""Routes that change options alone and go on, so that alerts are told of twice."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.route_words import is_unwritten, witness_of_both
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import ROUTE_OPTIONS_ONLY


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a route, where a later one takes alerts of it too."""
    for one in subject.routes():
        route = one.node.match.route
        if not route.continues or route.receiver is not None or one.children or not one.own:
            continue
        if is_unwritten(route):
            continue
        later = one.later()
        follows = next((other for other in later if witness_of_both(subject, one, other)), None)
        if follows is None:
            continue
        yield Diagnostic(
            ROUTE_OPTIONS_ONLY,
            f"this route names no receiver, so its alerts are told to {one.node.match.receiver}, "
            f"and then to {follows.node.match.receiver} as well, with that route's own options",
            route.span,
            hint="options do not carry over to the routes that follow: set them on the route that "
            "tells the team, or nest this one under it",
            related=(Related(follows.node.match.route.span, "takes the same alerts"),),
        )

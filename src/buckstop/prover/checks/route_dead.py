"""Routes that no alert can reach."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.route_words import asked_text, lines_text
from buckstop.prover.checks.subject import MAX_RELATED, RouteSubject, counted, matcher_text
from buckstop.prover.codes import ROUTE_DEAD
from buckstop.prover.dead_routes import Contradiction, Excluded, Taken, why_dead

MAX_EXPLAINED = 100
"""Dead routes of which it is found out why; the rest is a number."""


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a route whose parent is reached, at the route."""
    dead = [
        one
        for one in subject.routes()
        if not one.matched and (one.parent is None or one.parent.matched)
    ]
    for number, one in enumerate(dead[:MAX_EXPLAINED], 1):
        route = one.node.match.route
        why = why_dead(one)
        related: tuple[Related, ...] = ()
        match why:
            case Contradiction(matchers):
                said = " and ".join(f"`{matcher_text(matcher)}`" for matcher in matchers)
                reason = f"no alert satisfies {said}{' at once' if len(matchers) > 1 else ''}"
                hint = "change the matchers, or remove the route"
            case Excluded(by):
                above = by.match.route
                reason = (
                    f"it asks for {asked_text(route)}, and {asked_text(above)} above it "
                    f"(line {above.span.line}) lets none of these through"
                )
                related = (Related(above.span, "what lets none through"),)
                hint = "move it out of that route, or change one of the two"
            case Taken(by=()):
                reason = "earlier routes take all that it asks for"
                hint = "move it before them, or remove it"
            case Taken(by):
                taking = [node.match.route for node in by]
                which = "the earlier route at" if len(by) == 1 else "the earlier routes at"
                take = "takes" if len(by) == 1 else "together take"
                reason = f"{which} {lines_text(taking)} {take} all that it asks for"
                related = tuple(
                    Related(route.span, f"{asked_text(route)} goes to this route")
                    for route in taking[:MAX_RELATED]
                )
                hint = "move it before them, let them go on with `continue: true`, or remove it"
        rest = len(dead) - MAX_EXPLAINED
        if number == MAX_EXPLAINED and rest > 0:
            reason += f" ({counted(rest, 'route')} more that no alert reaches)"
        yield Diagnostic(
            ROUTE_DEAD,
            f"no alert can reach this route to {one.node.match.receiver}: {reason}",
            route.span,
            hint=hint,
            related=related,
        )

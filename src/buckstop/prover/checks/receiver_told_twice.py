"""Alerts that reach one receiver by several routes, each pair of routes once."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager import RouteMatch
from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.subject import Answered, Subject, counted, further
from buckstop.prover.codes import RECEIVER_TOLD_TWICE
from buckstop.prover.parts import Part

Pair = tuple[tuple[int, ...], tuple[int, ...]]
"""Two routes, by their places in the tree."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding two routes, at the later one; the concrete router has confirmed it."""
    if subject.config is None or subject.router is None:
        return
    twice: dict[Pair, list[tuple[Answered, RouteMatch, RouteMatch]]] = {}
    for one in subject.rules:
        # A pair of routes that only some values of a label lead to may never be taken.
        pairs = [dict(_pairs(part)) for part in one.parts]
        for routes in pairs[0] if pairs else ():
            if all(routes in other for other in pairs):
                twice.setdefault(routes, []).append((one, *pairs[0][routes]))
    for found in twice.values():
        one, earlier, match = found[0]
        receiver = subject.config.receiver(match.receiver)
        if receiver is None or not receiver.integrations:
            continue
        taken = [taken.path for taken in subject.router.route(one.parts[0].region.witness())]
        assert earlier.path in taken, "both walks take the first route"
        assert match.path in taken, "both walks take the second route"
        rules = [other for other, _, _ in found]
        more = f" ({counted(len(rules), 'rule')})" if len(rules) > 1 else ""
        yield Diagnostic(
            RECEIVER_TOLD_TWICE,
            f"{one.rule.alert}{more} reaches {match.receiver} by this route and by an earlier one: "
            "it is told twice",
            match.route.span,
            hint="take `continue: true` from the earlier route, or let one of the two lead to "
            "another receiver",
            related=(
                Related(earlier.route.span, "the earlier route"),
                *further(rules[:1], lambda other: f"such as {other.rule.alert}"),
            ),
        )


def _pairs(part: Part) -> Iterator[tuple[Pair, tuple[RouteMatch, RouteMatch]]]:
    """The routes by which `part` reaches a receiver again, with the first one that leads there."""
    first: dict[str, RouteMatch] = {}
    for match in part.way.matches:
        earlier = first.setdefault(match.receiver, match)
        if earlier is not match:
            yield (earlier.path, match.path), (earlier, match)

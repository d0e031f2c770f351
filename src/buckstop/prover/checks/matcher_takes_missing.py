"""Negated matchers on the team label that take alerts without a team as well."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager.conditions import Condition
from buckstop.diagnostics import Diagnostic
from buckstop.prover.arrivals import Arrival
from buckstop.prover.checks.subject import RouteSubject, matcher_text
from buckstop.prover.codes import MATCHER_TAKES_MISSING


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a matcher, where the route leads to a receiver of its own."""
    for one in subject.routes():
        asked = _negated(one, subject.team_label)
        receiver = one.node.match.receiver
        if asked is None or receiver in _left_over(subject, one):
            continue
        label = subject.team_label
        yield Diagnostic(
            MATCHER_TAKES_MISSING,
            f"`{matcher_text(asked.matcher)}` holds for alerts without any {label} as well: they "
            f"go to {receiver}",
            asked.matcher.span,
            hint=f'ask for `{label}!=""` beside it, or name the teams that are meant; say with '
            "--teams whose the receiver is, if it is meant for whatever is left",
        )


def _negated(one: Arrival, label: str) -> Condition | None:
    """The matcher by which alerts without the `label` get to a route that does not go on."""
    if one.node.continues or one.node.match.route.receiver is None:
        return None
    if not any("" in region.language(label) for region in one.matched):
        return None
    asked = [found for found in one.node.conditions if found.matcher.name == label]
    negated = (found for found in asked if found.matcher.operator in {"!=", "!~"})
    return next(negated, None)


def _left_over(subject: RouteSubject, one: Arrival) -> set[str]:
    """Receivers of what is left over: the one above it, and those that a file declares."""
    assert one.parent is not None, "the root asks for nothing"
    return {one.parent.node.match.receiver, *subject.ownership.declared}

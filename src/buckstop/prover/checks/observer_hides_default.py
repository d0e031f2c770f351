"""Observing routes behind which nothing catches what no other route takes."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager.model import Matcher, Route
from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import OBSERVER_HIDES_DEFAULT
from buckstop.prover.placement import placed


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a parent whose receiver cannot be reached, at the observer."""
    if subject.config is None:
        return
    for node in placed(subject.config.route):
        children = node.route.routes
        observer = next((child for child in children if child.continues and _all(child)), None)
        if observer is None or any(_all(child) and not child.continues for child in children):
            continue
        yield Diagnostic(
            OBSERVER_HIDES_DEFAULT,
            f"this route takes every alert, so {node.receiver} is never told: a child that "
            "matched suppresses its parent",
            observer.span,
            hint=f"end the list with a child without matchers: `- receiver: {node.receiver}`",
        )


def _all(route: Route) -> bool:
    return all(_always_true(matcher) for matcher in route.matchers)


def _always_true(matcher: Matcher) -> bool:
    return matcher.operator == "=~" and matcher.value == ".*"

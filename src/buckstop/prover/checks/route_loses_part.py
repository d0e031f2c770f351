"""Routes that lose some of what they ask for to an earlier route of other teams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.alertmanager import RouteNode
from buckstop.diagnostics import Diagnostic, Related
from buckstop.language import ALL_LABEL_SETS, Language, Undecided, includes, is_empty
from buckstop.prover.arrivals import Arrival, asked_language, both, satisfying
from buckstop.prover.checks.route_words import asked_text, teams_told
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import ROUTE_LOSES_PART
from buckstop.prover.wording import values_text

MAX_COMPARED: Final = 5_000
"""Pairs of routes that are compared in one tree; beyond it nothing is said."""


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a route, with the first earlier one that takes a part of it."""
    compared = 0
    for one in subject.routes():
        if one.parent is None or one.place == 0 or not one.matched:
            continue
        own = satisfying(ALL_LABEL_SETS, one.node.conditions)
        if own is None:
            continue
        for before in one.earlier(own):
            compared += 1
            if compared > MAX_COMPARED:
                return
            found = _lost(subject, before, one)
            if found is not None:
                yield found
                break


def _lost(subject: RouteSubject, before: Arrival, one: Arrival) -> Diagnostic | None:
    """What `one` loses to `before`, where neither asks for all that the other does."""
    theirs = teams_told(subject.ownership, before)
    ours = teams_told(subject.ownership, one)
    receivers = {arrival.node.match.receiver for arrival in (before, one)}
    if set(theirs) == set(ours) or len(receivers) == 1:
        return None
    try:
        shared = _partly_shared(before.node, one.node)
        if shared is None:
            return None
        asked = satisfying(ALL_LABEL_SETS, one.node.conditions)
        region = None if asked is None else both((asked,), before.matched)
        if region is None:
            return None
        _, matches = subject.taken(region)
    except Undecided:
        return None
    path = before.node.match.path
    if not any(match.path[: len(path)] == path for match in matches):
        return None
    name, values = shared
    route, earlier_route = one.node.match.route, before.node.match.route
    return Diagnostic(
        ROUTE_LOSES_PART,
        f"{asked_text(route)} loses a part of what it asks for, {name} {values_text(values)}, to "
        f"the route at line {earlier_route.span.line}, which leads to {before.node.match.receiver}",
        route.span,
        hint="let each value be asked for by one route, or order them so that the team that is "
        "meant comes first",
        related=(Related(earlier_route.span, f"{asked_text(earlier_route)} comes first"),),
    )


def _partly_shared(before: RouteNode, one: RouteNode) -> tuple[str, Language] | None:
    """The label of which both ask for some values that the other does too, and for others."""
    theirs, ours = _languages(before), _languages(one)
    for name, language in ours.items():
        other = theirs.get(name)
        if other is None or is_empty(shared := language & other):
            continue
        if not includes(language, other) and not includes(other, language):
            return name, shared
    return None


def _languages(node: RouteNode) -> dict[str, Language]:
    languages: dict[str, Language] = {}
    for asked in node.conditions:
        language, name = asked_language(asked), asked.matcher.name
        languages[name] = languages[name] & language if name in languages else language
    return languages

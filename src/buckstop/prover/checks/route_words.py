"""Routes in the words that findings share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.label_text import matcher_text
from buckstop.alertmanager.model import Route
from buckstop.language import Undecided
from buckstop.prover.arrivals import Arrival, both
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.ownership import Ownership


def asked_text(route: Route) -> str:
    """What it asks for, as ``{team="a"}``."""
    asked = ", ".join(matcher_text(matcher) for matcher in route.matchers)
    return f"{{{asked}}}" if asked else "every alert"


def lines_text(routes: Iterable[Route]) -> str:
    """Where they stand: ``line 7``, ``lines 7 and 9``."""
    lines = [str(route.span.line) for route in routes]
    return (
        f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines[:-1])} and {lines[-1]}"
    )


def labels_text(labels: Mapping[str, str]) -> str:
    """A label set as people write it; ``no labels at all`` for the empty one."""
    text = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    return f"{{{text}}}" if text else "no labels at all"


def witness_of_both(
    subject: RouteSubject, left: Arrival, right: Arrival
) -> tuple[dict[str, str], tuple[RouteMatch, ...]] | None:
    """A label set that takes two routes, or routes below them, and all the routes it takes.

    None where there is none that the concrete walk confirms.
    """
    try:
        region = both(left.matched, right.matched)
        if region is None:
            return None
        labels, matches = subject.taken(region)
    except Undecided:
        return None
    for one in (left, right):
        path = one.node.match.path
        if not any(match.path[: len(path)] == path for match in matches):
            return None
    return labels, matches


def is_unwritten(route: Route) -> bool:
    """Whether nobody wrote its `continue`: the Prometheus Operator forces it."""
    entry = route.node.entry("continue")
    if entry is None:
        return False
    span = entry.value.span
    return (span.line, span.column) == (span.end_line, span.end_column)


def teams_told(ownership: Ownership, arrival: Arrival) -> tuple[str, ...]:
    """Whose the receivers of a route and of those below it are, each team once."""
    teams: dict[str, None] = {}
    for one in arrival.every():
        if one.own:
            teams |= dict.fromkeys(teams_of(ownership, one.node.match.receiver))
    return tuple(teams)


def teams_of(ownership: Ownership, receiver: str) -> tuple[str, ...]:
    """Whose `receiver` is: the team that a file declares, else those whose routes lead there."""
    holder = ownership.declared.get(receiver)
    if holder is not None:
        return () if holder.team is None else (holder.team,)
    return ownership.led_to.get(receiver, ())

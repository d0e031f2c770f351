"""Routes that put alerts of several teams into one notification."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.language.sets import Finite
from buckstop.prover.arrivals import Arrival
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import TEAMS_SHARE_GROUP


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a route that tells of alerts of several teams without grouping by team."""
    told = _teams_of_rules(subject)
    for one in subject.routes():
        options, label = one.node.match.options, subject.team_label
        if options.group_by_all or label in options.group_by or not one.own:
            continue
        holder = subject.ownership.declared.get(one.node.match.receiver)
        if holder is not None and holder.role != "accountable":
            continue
        teams = _listed(one, label) | told.get(one.node.match.path, frozenset())
        if len(teams) < 2:
            continue
        route = one.node.match.route
        entry = route.node.entry("group_by")
        grouped = ", ".join(options.group_by) or "nothing, so that all form one group"
        yield Diagnostic(
            TEAMS_SHARE_GROUP,
            f"alerts of {' and '.join(sorted(teams)[:3])} fall into one group of "
            f"{one.node.match.receiver}: it is grouped by {grouped}",
            route.span if entry is None else entry.value.span,
            hint=f"add {label} to `group_by`",
        )


def _listed(one: Arrival, label: str) -> frozenset[str]:
    """The teams whose alerts the route itself tells of, where its matchers list them."""
    found: set[str] = set()
    for region in one.own:
        language = region.language(label)
        if not isinstance(language, Finite):
            return frozenset()
        found |= language.strings
    return frozenset(found - {""})


def _teams_of_rules(subject: Subject) -> dict[tuple[int, ...], frozenset[str]]:
    """The teams that answer for what a route tells of, by the rules, unless it only informs."""
    teams: dict[tuple[int, ...], set[str]] = {}
    for one in subject.rules:
        for part in one.parts:
            for match in part.way.matches if part.team is not None else ():
                if match.receiver not in part.informed:
                    teams.setdefault(match.path, set()).add(str(part.team))
    return {path: frozenset(found) for path, found in teams.items()}

"""Receivers to which routes of several teams lead."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.arrivals import Arrival
from buckstop.prover.checks.subject import MAX_RELATED, RouteSubject
from buckstop.prover.codes import RECEIVER_OF_TWO_TEAMS
from buckstop.prover.ownership import chosen_teams, nodes_on


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a receiver, at the first route that leads another team's alerts there."""
    if subject.config is None:
        return
    leading: dict[str, list[tuple[Arrival, frozenset[str]]]] = {}
    for one in subject.routes():
        path = nodes_on(subject.config.route, one.node.match.path)
        teams = chosen_teams(path, subject.team_label) if one.own else frozenset()
        if teams:
            leading.setdefault(one.node.match.receiver, []).append((one, teams))
    for receiver, routes in leading.items():
        holder = subject.ownership.declared.get(receiver)
        if holder is not None and holder.team is None:
            continue
        first = routes[0][1] if holder is None else frozenset({str(holder.team)})
        others = [(one, teams) for one, teams in routes if teams.isdisjoint(first)]
        if not others:
            continue
        one, teams = others[0]
        whose = ", ".join(sorted(first))
        yield Diagnostic(
            RECEIVER_OF_TWO_TEAMS,
            f"this route of {', '.join(sorted(teams))} leads to {receiver}, "
            + (
                f"where a route of {whose} leads too"
                if holder is None
                else f"which {subject.ownership.source} says is {whose}'s"
            ),
            one.node.match.route.span,
            hint=f"give it the receiver of {', '.join(sorted(teams))}; if one team answers for "
            "both, say so with --teams FILE",
            related=tuple(
                Related(other.node.match.route.span, f"the route of {', '.join(sorted(named))}")
                for other, named in routes[:MAX_RELATED]
                if other is not one
            ),
        )

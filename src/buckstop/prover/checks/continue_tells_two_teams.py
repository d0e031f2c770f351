"""Routes that go on to the receiver of another team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.route_words import (
    is_unwritten,
    labels_text,
    teams_told,
    witness_of_both,
)
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import CONTINUE_TELLS_TWO_TEAMS
from buckstop.prover.ownership import claim, paged_teams

MAX_COMPARED: Final = 5_000
"""Pairs of routes that are compared in one tree; beyond it nothing is said."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a route, at its `continue`, with a label set of which both teams are told.

    Nothing where a rule shows it: `several-teams-answer` says it there.
    """
    if subject.config is None or any(one.answer.cause == "several teams" for one in subject.rules):
        return
    compared = 0
    for one in subject.routes():
        route = one.node.match.route
        if not route.continues or is_unwritten(route):
            continue
        teams = teams_told(subject.ownership, one)
        for other in one.later() if teams else ():
            compared += 1
            if compared > MAX_COMPARED:
                return
            if set(teams_told(subject.ownership, other)) <= set(teams):
                continue
            found = witness_of_both(subject, one, other)
            if found is None:
                continue
            labels, matches = found
            team = labels.get(subject.team_label)
            claims = [
                claim(subject.ownership, subject.config, match, subject.team_label, team)
                for match in matches
            ]
            paged = paged_teams(claims)
            if len(paged) < 2:
                continue
            entry = route.node.entry("continue")
            yield Diagnostic(
                CONTINUE_TELLS_TWO_TEAMS,
                f"this route goes on, and {' and '.join(paged)} would both answer for an alert "
                f"with {labels_text(labels)}",
                route.span if entry is None else entry.value.span,
                hint="remove `continue: true`, or name with --teams the receiver that is only "
                "informed",
                related=(Related(other.node.match.route.span, "takes the alert as well"),),
            )
            break

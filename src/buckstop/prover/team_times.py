"""When each team is told, where the routes that tell it have mute or active intervals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.coverage import Coverage, NotDecided
from buckstop.alertmanager.model import AlertmanagerConfig, Route
from buckstop.diagnostics import Span
from buckstop.prover.checks.subject import Answered, TeamTimes
from buckstop.prover.told_times import has_intervals, told_by


def team_times(
    config: AlertmanagerConfig | None,
    rules: Iterable[Answered],
    since: date,
) -> tuple[TeamTimes, ...]:
    """The times of every team that is told by a route with intervals, in the order of `rules`."""
    if config is None:
        return ()
    found: dict[tuple[str, Coverage | NotDecided], dict[Span, Answered]] = {}
    routes: dict[tuple[str, Coverage | NotDecided], tuple[Route, ...]] = {}
    for one in rules:
        for part in one.parts:
            if not any(has_intervals(match.route) for match in part.way.matches):
                continue
            telling: dict[str, list[RouteMatch]] = {}
            for claimed in part.claims:
                if claimed.kind == "accountable" and claimed.team is not None:
                    telling.setdefault(claimed.team, []).append(claimed.match)
            for team, matches in telling.items():
                if any(has_intervals(match.route) for match in matches):
                    key = (team, told_by(config, matches, since))
                    found.setdefault(key, {})[one.rule.span] = one
                    routes.setdefault(key, tuple(match.route for match in matches))
    return tuple(
        TeamTimes(team, told, routes[team, told], tuple(same.values()))
        for (team, told), same in found.items()
    )

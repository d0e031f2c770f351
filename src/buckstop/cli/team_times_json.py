"""When teams are told, as ``check --format json`` says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from buckstop.alertmanager.coverage import Coverage
from buckstop.alertmanager.week import Stretch, said_hours
from buckstop.prover.checks import TeamTimes
from buckstop.prover.told_times import said_moment


def team_values(times: Iterable[TeamTimes]) -> list[dict[str, Any]]:
    """One value a team with intervals; `always` is None where that is not decided."""
    of_team: dict[str, list[TeamTimes]] = {}
    for one in times:
        of_team.setdefault(one.team, []).append(one)
    return [
        {
            "team": team,
            "always": _always(same),
            "gaps": [gap for one in same for gap in _gaps(one)],
        }
        for team, same in of_team.items()
    ]


def _always(times: Iterable[TeamTimes]) -> bool | None:
    every = [one.coverage for one in times]
    if any(isinstance(told, Coverage) and told.gaps for told in every):
        return False
    return True if all(isinstance(told, Coverage) for told in every) else None


def _gaps(one: TeamTimes) -> Iterator[dict[str, Any]]:
    if not isinstance(one.coverage, Coverage):
        return
    alerts = list(dict.fromkeys(answered.rule.alert for answered in one.rules))
    for gap in one.coverage.gaps:
        yield {
            "hours": said_hours([gap]),
            "zone": one.coverage.zone,
            "every_week": gap.told == "never",
            "untold_at": _moment(gap),
            "alerts": alerts,
        }


def _moment(gap: Stretch) -> str | None:
    return None if gap.untold_at is None else said_moment(gap.untold_at)

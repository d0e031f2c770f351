"""A team: what it answers for, what it has now, and how soon it answered so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from buckstop.compiler.manifest import ManifestTeam
from buckstop.ledger.domain.incident import Incident
from buckstop.web.matrix_view import Answering, Matrix


@dataclass(frozen=True, slots=True)
class Duty:
    """What a team answers for: a fault of a model, at some severities."""

    model: str
    fault: str
    answering: Answering


@dataclass(frozen=True, slots=True)
class Past:
    """How soon a team answered, over incidents that are resolved.

    Attributes:
        incidents: how many there are, resolved by whomever it was then.
        acknowledged: how many of them somebody took notice of.
        acknowledging_seconds: median to that from when the team became accountable; None where
            nobody did.
        resolving_seconds: median from the opening to the end; None without incidents.
    """

    incidents: int
    acknowledged: int
    acknowledging_seconds: float | None
    resolving_seconds: float | None


@dataclass(frozen=True, slots=True)
class TeamView:
    """One of the charter's teams."""

    team: ManifestTeam
    duties: tuple[Duty, ...]
    open: tuple[Incident, ...]
    past: Past


def team_view(
    team: ManifestTeam,
    duties: Matrix,
    open_incidents: Iterable[Incident],
    resolved: Iterable[Incident],
) -> TeamView:
    """What there is to say of `team`; `resolved` are the incidents that count as its past."""
    return TeamView(
        team,
        tuple(
            Duty(model, fault, one)
            for model, row in duties.rows.items()
            for fault in duties.faults
            for one in row.get(fault, ())
            if one.team == team.id
        ),
        _owned(open_incidents, team.id),
        past(_owned(resolved, team.id)),
    )


def _owned(incidents: Iterable[Incident], team: str) -> tuple[Incident, ...]:
    return tuple(one for one in incidents if one.owner is not None and one.owner.team == team)


def past(resolved: Sequence[Incident]) -> Past:
    """How soon `resolved` were acknowledged and resolved."""
    noticed = [
        (one.acknowledged.at - one.owner.since).total_seconds()
        for one in resolved
        if one.acknowledged is not None and one.owner is not None
    ]
    ended = [
        (one.resolved.at - one.opened_at).total_seconds()
        for one in resolved
        if one.resolved is not None
    ]
    return Past(
        len(resolved),
        len(noticed),
        median(noticed) if noticed else None,
        median(ended) if ended else None,
    )

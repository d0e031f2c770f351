"""Who answers for an alert, by the configuration that is loaded, and on what authority."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Authority:
    """By what an owner is an owner.

    Attributes:
        charter_digest: of the charter that was built.
        config_digest: of the build's statement and the route tree that were loaded.
        file, line: the place in the charter; None where the alert's own label decided.
        text: the row, or the label, in one line.
    """

    charter_digest: str
    config_digest: str
    file: str | None
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where an alert is owed and where it really goes; the two are kept apart.

    Attributes:
        owed: the team that the charter, or the alert's label, says; as written, known or not.
        teams: the teams whose accountable receivers the loaded route tree reaches, in order.
        receivers: all receivers it reaches, in order.
        note: where the two differ, or the tree could not be followed: what and why; else "".
    """

    owed: str
    teams: tuple[str, ...]
    receivers: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Accountable:
    """An alert that a team answers for.

    Attributes:
        team: the owner: the routed team, and the owed one where no team is routed to.
        team_name: for people.
        severity_rank: place of the alert's severity, 0 the gravest.
    """

    team: str
    team_name: str
    route: Route
    authority: Authority
    severity_rank: int


@dataclass(frozen=True, slots=True)
class NotAccountable:
    """An alert that the charter says nobody needs to answer, such as a dead man's switch."""

    reason: str
    route: Route
    authority: Authority


Answer = Accountable | NotAccountable
Resolver = Callable[[Mapping[str, str]], Answer]
"""Labels in, who answers out; pure for one loaded configuration."""

"""Who answers for an incident, from when to when, and the proposal that may change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from buckstop.ledger.domain.routing import Authority

Means = Literal["configuration", "handover", "assignment"]
"""By what a team became the owner: the loaded configuration, an accepted proposal, a lead."""


@dataclass(frozen=True, slots=True)
class OwnerInterval:
    """From when to when a team was accountable; the intervals partition the incident's open time.

    Attributes:
        by: what made it the owner.
        authority: what that rests on.
    """

    team: str
    team_name: str
    since: datetime
    until: datetime | None
    authority: Authority | None
    by: Means = "configuration"

    @property
    def stands(self) -> bool:
        """Whether people gave it: then another configuration does not take it away."""
        return self.by != "configuration"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that waits for its answer.

    Attributes:
        number: within the incident, from 1.
        by: the person of the accountable team who made it.
        until: when it ends by itself.
    """

    number: int
    to_team: str
    to_team_name: str
    by: str
    why: str
    since: datetime
    until: datetime


Owners = tuple[OwnerInterval, ...]


def taken_over(owners: Owners, new: OwnerInterval) -> Owners:
    """`owners` with `new` from the instant at which the one before ends."""
    return (*ended(owners, new.since), new)


def ended(owners: Owners, at: datetime) -> Owners:
    """`owners` with the last interval ended at `at`, if it is still open."""
    if not owners or owners[-1].until is not None:
        return owners
    return (*owners[:-1], replace(owners[-1], until=at))

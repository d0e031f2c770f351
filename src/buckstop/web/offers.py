"""What an incident's page offers whom: what somebody may not do is not offered."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.membership import Membership, Person, Team


@dataclass(frozen=True, slots=True)
class Offers:
    """Which forms a page has.

    Attributes:
        act: the person may act for the accountable team.
        answer: they may answer the proposal that waits.
        assign: they may assign the incident.
        correct: they may correct the record, of a resolved incident too.
        teams: to which it can be handed over.
    """

    act: bool
    answer: bool
    assign: bool
    correct: bool
    teams: tuple[Team, ...]


def offers(incident: Incident, membership: Membership, person: Person | None) -> Offers:
    """What `person` may do to `incident`; None may only read."""
    owner = incident.owner
    if person is None or owner is None:
        return Offers(act=False, answer=False, assign=False, correct=False, teams=())
    is_open = incident.resolved is None
    is_ours = membership.may_act_for(person, owner.team)
    proposal = incident.proposal
    return Offers(
        act=is_open and is_ours,
        answer=proposal is not None and membership.may_act_for(person, proposal.to_team),
        assign=(
            is_open and owner.team == membership.unrecognised and membership.may_assign(person)
        ),
        correct=is_ours,
        teams=tuple(team for team in membership.teams.values() if team.id != owner.team),
    )

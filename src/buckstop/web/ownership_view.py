"""Who answers, since when and by what; and who has been asked to. For the API and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.leading import sequence_of
from buckstop.ledger.domain.ownership import OwnerInterval, Proposal
from buckstop.ledger.outbox.copies import MAKES_SURE


class AuthorityView(BaseModel):
    """On what authority a team is accountable."""

    charter_digest: str
    config_digest: str = Field(description="of the build's statement and the loaded route tree")
    file: str | None = Field(description="the charter's file; null where no line of it decided")
    line: int | None
    text: str


class OwnerView(BaseModel):
    """From when to when a team was accountable."""

    team: str
    team_name: str
    since: datetime
    until: datetime | None
    by: Literal["configuration", "handover", "assignment"] = Field(
        description="what made it accountable"
    )


class ProposalView(BaseModel):
    """A proposal to hand the incident over, which waits for its answer."""

    number: int
    to_team: str
    to_team_name: str
    by: str
    reason: str
    since: datetime
    until: datetime = Field(description="then it ends by itself and the owner stays")


class AlertmanagerView(BaseModel):
    """What is on one Alertmanager of an alert that is led to another team."""

    url: str
    state: str = Field(description="its copy and its original there, in words")


class ReroutingView(BaseModel):
    """How far the alerts are led to the accountable team, as last seen on the Alertmanagers."""

    sequence: int = Field(description="which handover it is about; 0: a copy that makes sure")
    team: str
    state: Literal["would", "copying", "copied", "led", "not_led"]
    text: str
    alertmanagers: list[AlertmanagerView]


def rerouting_view(incident: Incident) -> ReroutingView | None:
    """How far the alerts are led to the owner; None where that was not looked at."""
    leading, owner = incident.leading, incident.owner
    if leading is None or owner is None or leading.seen.team != owner.team:
        return None
    if leading.seen.sequence != (sequence_of(incident) or MAKES_SURE):
        return None
    return ReroutingView(
        sequence=leading.seen.sequence,
        team=leading.seen.team,
        state=leading.seen.state,
        text=leading.why,
        alertmanagers=[AlertmanagerView(url=url, state=said) for url, said in leading.seen.servers],
    )


def authority_view(authority: object) -> AuthorityView | None:
    """An authority for the API and the pages, if there is one."""
    return (
        None if authority is None else AuthorityView.model_validate(authority, from_attributes=True)
    )


def owner_view(interval: OwnerInterval) -> OwnerView:
    """`interval` for the API and the pages."""
    return OwnerView.model_validate(interval, from_attributes=True)


def proposal_view(proposal: Proposal | None) -> ProposalView | None:
    """A proposal for the API and the pages, if there is one."""
    if proposal is None:
        return None
    return ProposalView(
        number=proposal.number,
        to_team=proposal.to_team,
        to_team_name=proposal.to_team_name,
        by=proposal.by,
        reason=proposal.why,
        since=proposal.since,
        until=proposal.until,
    )


def still_notified(incident: Incident, routed: Sequence[str]) -> str:
    """What a handover leaves as it was; empty where the owner is the team that is routed to.

    An accepted handover is on record, and the alert goes where the loaded routes lead.
    """
    owner = incident.owner
    if owner is None or not owner.stands or incident.resolved is not None:
        return ""
    rerouting = rerouting_view(incident)
    if rerouting is not None:
        return "" if rerouting.state == "led" else rerouting.text
    if owner.team in routed:
        return ""
    names = {interval.team: interval.team_name for interval in incident.owners}
    notified = ", ".join(names.get(team, team) for team in routed) or "no accountable team"
    return f"recorded; Alertmanager still notifies {notified}"

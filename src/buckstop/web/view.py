"""An incident as the API gives it and the pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from buckstop.ledger.domain.events import SourceKind, Withholding
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.labels import LEDGER_LABEL_PREFIX
from buckstop.ledger.domain.member import Member
from buckstop.ledger.domain.watch import describe
from buckstop.web.ownership_view import (
    AuthorityView,
    OwnerView,
    ProposalView,
    ReroutingView,
    authority_view,
    owner_view,
    proposal_view,
    rerouting_view,
    still_notified,
)


class RoutedView(BaseModel):
    """Where the loaded configuration sends the alerts."""

    team: str | None = Field(description="the first accountable team that it reaches")
    teams: list[str]
    receivers: list[str]
    note: str = Field(description="where owed and routed differ: what and why; else empty")


class WithheldView(BaseModel):
    """Why Alertmanager does not notify."""

    reason: Literal["silenced", "inhibited", "muted"]
    by: str
    until: datetime | None
    comment: str
    text: str


class SourceView(BaseModel):
    """What one source last said of a member."""

    kind: SourceKind
    name: str
    state: Literal["live", "lost", "resolved"]
    since: datetime
    lease_until: datetime | None


class MemberView(BaseModel):
    """One alert of the incident."""

    id: str
    fingerprint: str
    state: Literal["firing", "lost", "resolved", "superseded"]
    labels: dict[str, str]
    reserved_labels: list[str] = Field(
        description="those that only the ledger gives; whoever sent them had no right to"
    )
    annotations: dict[str, str]
    generator_url: str
    starts_at: datetime
    joined_at: datetime
    owed: str
    receivers: list[str]
    sources: list[SourceView]


class IncidentView(BaseModel):
    """One incident."""

    id: str
    state: Literal["open", "resolved"]
    team: str | None = Field(description="the accountable team; null: nobody needs to answer")
    team_name: str
    owner_since: datetime | None
    owners: list[OwnerView]
    proposal: ProposalView | None = Field(description="the handover that waits for its answer")
    handover: str = Field(
        description="what an accepted handover leaves as it was; empty where there is nothing"
    )
    rerouting: ReroutingView | None = Field(
        description="how far its alerts are led to the accountable team; null: never looked at"
    )
    authority: AuthorityView | None
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
    still_firing: bool = Field(description="a person resolved it while its alerts still fired")
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    acknowledgement: str | None
    model: str | None
    fault: str | None
    severity: str | None
    summary: str
    owed: str
    routed: RoutedView
    withheld: WithheldView | None
    withheld_known: bool = Field(description="whether Alertmanager was asked and knows the alerts")
    notification: str = Field(description="what is known of notifying, in one sentence")
    delivery: str = Field(description="unknown unless a pager reports it")
    not_accountable: str | None = Field(description="why nobody needs to answer")
    follows: str | None = Field(description="the previous incident of the same kind")
    members: list[MemberView]


def incident_view(incident: Incident) -> IncidentView:
    """`incident` for the API and the pages."""
    lead = leading(incident)
    owner = incident.owner
    receivers = _union(member.route.receivers for member in incident.members.values())
    teams = _union(member.route.teams for member in incident.members.values())
    withheld, known = _withheld(incident)
    return IncidentView(
        id=str(incident.number),
        state="open" if incident.resolved is None else "resolved",
        team=None if owner is None else owner.team,
        team_name="" if owner is None else owner.team_name,
        owner_since=None if owner is None else owner.since,
        owners=[owner_view(interval) for interval in incident.owners],
        proposal=proposal_view(incident.proposal),
        handover=still_notified(incident, teams),
        rerouting=rerouting_view(incident),
        authority=authority_view(incident.authority),
        opened_at=incident.opened_at,
        resolved_at=None if incident.resolved is None else incident.resolved.at,
        resolved_by=None if incident.resolved is None else incident.resolved.by.name,
        resolution=None if incident.resolved is None else incident.resolved.why,
        still_firing=incident.still_firing,
        acknowledged_by=None if incident.acknowledged is None else incident.acknowledged.by.name,
        acknowledged_at=None if incident.acknowledged is None else incident.acknowledged.at,
        acknowledgement=None if incident.acknowledged is None else incident.acknowledged.why,
        model=lead.labels.get("model"),
        fault=lead.labels.get("fault"),
        severity=lead.labels.get("severity"),
        summary=_summary(lead),
        owed=lead.route.owed,
        routed=RoutedView(
            team=teams[0] if teams else None,
            teams=teams,
            receivers=receivers,
            note=lead.route.note,
        ),
        withheld=withheld,
        withheld_known=known,
        notification=_notification(incident, withheld, known=known),
        delivery="unknown",
        not_accountable=incident.not_accountable,
        follows=None if incident.follows is None else str(incident.follows),
        members=[_member(member) for member in incident.members.values()],
    )


def severity_rank(incident: Incident) -> int:
    """The gravest severity among its alerts that have not ended, 0 the gravest."""
    return leading(incident).severity_rank


def leading(incident: Incident) -> Member:
    """The alert that speaks for the incident: the gravest that has not ended, the earliest."""
    members = incident.members.values()
    alive = [member for member in members if member.state in {"firing", "lost"}]
    return min(alive or members, key=lambda member: member.severity_rank)


def _summary(member: Member) -> str:
    for name in ("summary", "description", "message"):
        if text := member.annotations.get(name, "").strip():
            return text
    return member.labels.get("alertname", "an alert without a name")


def _withheld(incident: Incident) -> tuple[WithheldView | None, bool]:
    """What holds the notification back: a reason only where every firing alert is withheld."""
    firing = [member for member in incident.members.values() if member.state == "firing"]
    known = [m.withholdings for m in firing if m.withholdings is not None]
    if not firing or len(known) < len(firing):
        return None, False
    if not all(known):
        return None, True
    return _withholding(known[0][0]), True


def _notification(incident: Incident, withheld: WithheldView | None, *, known: bool) -> str:
    if withheld is not None:
        return f"recorded, not notified ({withheld.text})"
    members = incident.members.values()
    partly = [member for member in members if member.state == "firing" and member.withholdings]
    if partly:
        reason = describe((partly[0].withholdings or ())[0])
        return f"{len(partly)} of {len(members)} alerts not notified ({reason})"
    if any(member.unheard for member in members if member.state == "firing"):
        return "recorded; Alertmanager has not reported it, so notification is unknown"
    return "not withheld by Alertmanager" if known else "unknown"


def _withholding(reason: Withholding) -> WithheldView:
    return WithheldView(
        reason=reason.reason,
        by=reason.by,
        until=reason.until,
        comment=reason.comment,
        text=describe(reason),
    )


def _member(member: Member) -> MemberView:
    return MemberView(
        id=member.id,
        fingerprint=member.fingerprint,
        state=member.state,
        labels=dict(member.labels),
        reserved_labels=[
            name for name in sorted(member.labels) if name.startswith(LEDGER_LABEL_PREFIX)
        ],
        annotations=dict(member.annotations),
        generator_url=member.generator_url,
        starts_at=member.starts_at,
        joined_at=member.joined_at,
        owed=member.route.owed,
        receivers=list(member.route.receivers),
        sources=[
            SourceView(
                kind=stream.kind,
                name=stream.source,
                state=source.state,
                since=source.since,
                lease_until=source.lease_until,
            )
            for stream, source in member.sources.items()
        ],
    )


def _union(parts: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(name for part in parts for name in part))

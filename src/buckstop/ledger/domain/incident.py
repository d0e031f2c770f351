"""An incident as the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from buckstop.ledger.domain.act_events import (
    Accepted,
    Assigned,
    Corrected,
    Declined,
    Led,
    Noted,
    ProposalEnded,
    Proposed,
    Refused,
    Withdrawn,
)
from buckstop.ledger.domain.events import (
    Acknowledged,
    Actor,
    Erased,
    Event,
    Joined,
    Opened,
    OwnerChanged,
    Proved,
    Reopened,
    Rerouted,
    Resolved,
    ResolvedUnseen,
    Shadowed,
    SourceLost,
    SourceResolved,
    SourceSeen,
    Stream,
    Superseded,
    Unheard,
    Withheld,
)
from buckstop.ledger.domain.member import Member, Source
from buckstop.ledger.domain.ownership import (
    Means,
    OwnerInterval,
    Owners,
    Proposal,
    ended,
    taken_over,
)
from buckstop.ledger.domain.routing import Authority


@dataclass(frozen=True, slots=True)
class Act:
    """An acknowledgement or a resolution: who, when, and what they said."""

    at: datetime
    by: Actor
    why: str


@dataclass(frozen=True, slots=True)
class Leading:
    """How far the alerts are led to their team, and what that means, in one sentence."""

    seen: Led
    why: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One trouble, its alerts, and who answers for it.

    Attributes:
        owners: in order; empty for what the charter says nobody answers for.
        not_accountable: that entry's reason, or None.
        authority: on which it was opened, or its owner last changed.
        latest_at: when its last entry was recorded.
        acknowledged: by the present owner; another owner has not acknowledged.
        noted: the latest note.
        proposal: the one that waits for its answer, or None.
        proposals: how many there have been.
        still_firing: a person resolved it while sources still fired.
        leading: how far its alerts were last seen to be led to a team; None: never looked at.
    """

    number: int
    key: tuple[tuple[str, str], ...]
    opened_at: datetime
    follows: int | None
    not_accountable: str | None
    authority: Authority | None
    owners: Owners
    members: Mapping[str, Member]
    latest_at: datetime
    acknowledged: Act | None = None
    noted: Act | None = None
    proposal: Proposal | None = None
    proposals: int = 0
    resolved: Act | None = None
    still_firing: bool = False
    leading: Leading | None = None

    @property
    def owner(self) -> OwnerInterval | None:
        """The last, that is the present, interval of accountability."""
        return self.owners[-1] if self.owners else None

    @property
    def is_firing(self) -> bool:
        """Whether a live source still fires."""
        return any(member.state == "firing" for member in self.members.values())

    @property
    def is_over(self) -> bool:
        """Whether every source of every member has said resolved, or the member went on."""
        states = {member.state for member in self.members.values()}
        return states <= {"resolved", "superseded"}


def apply(incident: Incident | None, event: Event) -> Incident:
    """The incident after `event`; an `Opened` event makes it from None."""
    body = event.body
    if isinstance(body, Opened):
        assert incident is None, "an incident opens once"
        return _opened(event, body)
    assert incident is not None, "only an opened incident has a history"
    is_late = isinstance(body, Corrected | Reopened)
    assert incident.resolved is None or is_late, "a resolved incident is corrected or reopened"
    # A record from before `Draft.record` saw to it may run backwards.
    latest_at = max(incident.latest_at, event.at)
    after = _after(incident, event)
    # Most events of an alert have one time, and this is done for every one of them.
    return after if after.latest_at == latest_at else replace(after, latest_at=latest_at)


def _after(incident: Incident, event: Event) -> Incident:
    body = event.body
    match body:
        case Joined():
            return _with_member(incident, _joined(event, body))
        case SourceSeen():
            source = Source("live", event.at, body.lease_until)
            return _with_source(incident, body.member, body.stream, source)
        case SourceLost():
            source = Source("lost", event.at, body.lease_until)
            return _with_source(incident, body.member, body.stream, source)
        case SourceResolved():
            source = Source("resolved", event.at, None)
            return _with_source(incident, body.member, body.stream, source)
        case Rerouted():
            member = incident.members[body.member]
            return _with_member(incident, replace(member, route=body.route))
        case Withheld():
            member = incident.members[body.member]
            return _with_member(incident, replace(member, withholdings=body.withholdings))
        case Unheard():
            return _with_member(incident, replace(incident.members[body.member], unheard=True))
        case Superseded():
            return _with_member(incident, replace(incident.members[body.member], superseded=True))
        case OwnerChanged():
            return replace(_owned(incident, event, body, "configuration"), key=body.key)
        case Acknowledged():
            return replace(incident, acknowledged=Act(event.at, event.by, event.why))
        case Noted():
            return replace(incident, noted=Act(event.at, event.by, event.why))
        case Corrected():
            return incident
        case Proposed():
            return _proposed(incident, event, body)
        case Accepted():
            return _owned(_answered(incident, body), event, body, "handover")
        case Declined() | Withdrawn() | ProposalEnded():
            return _answered(incident, body)
        case Assigned():
            return _owned(incident, event, body, "assignment")
        case Led():
            return replace(incident, leading=Leading(body, event.why))
        case Resolved():
            assert incident.proposal is None, "a proposal ends before its incident"
            return replace(
                incident,
                owners=ended(incident.owners, event.at),
                resolved=Act(event.at, event.by, event.why),
                still_firing=body.still_firing,
            )
        case Reopened():
            goes_on = replace(incident, key=body.key, resolved=None, still_firing=False)
            return _owned(goes_on, event, body, "configuration")
        case ResolvedUnseen() | Proved() | Erased() | Refused() | Shadowed() | Opened():
            raise AssertionError("it is no part of an opened incident's history")
        case _:
            assert_never(body)


def fold(events: Iterable[Event]) -> Incident:
    """The incident whose whole history is `events`, in order, the opening first."""
    incident: Incident | None = None
    for event in events:
        incident = apply(incident, event)
    assert incident is not None, "an incident has at least its opening"
    return incident


def renewed(incident: Incident, member: str, stream: Stream, until: datetime) -> Incident:
    """`incident` with a later lease for one live source; an earlier one changes nothing."""
    source = incident.members[member].sources[stream]
    if source.state != "live" or source.lease_until is None or source.lease_until >= until:
        return incident
    return _with_source(incident, member, stream, replace(source, lease_until=until))


def _opened(event: Event, body: Opened) -> Incident:
    return Incident(
        number=event.incident,
        key=body.key,
        opened_at=event.at,
        follows=body.follows,
        not_accountable=body.not_accountable,
        authority=event.authority,
        owners=(
            ()
            if body.team is None
            else (OwnerInterval(body.team, body.team_name, event.at, None, event.authority),)
        ),
        members={},
        latest_at=event.at,
    )


def _joined(event: Event, body: Joined) -> Member:
    return Member(
        id=body.member,
        fingerprint=body.fingerprint,
        labels=body.labels,
        annotations=body.annotations,
        generator_url=body.generator_url,
        starts_at=body.starts_at,
        severity_rank=body.severity_rank,
        joined_at=event.at,
        route=body.route,
    )


def _owned(
    incident: Incident,
    event: Event,
    body: OwnerChanged | Accepted | Assigned | Reopened,
    by: Means,
) -> Incident:
    """`incident` with another owner, who has not acknowledged it."""
    assert incident.proposal is None, "a proposal ends before the owner changes"
    new = OwnerInterval(body.team, body.team_name, event.at, None, event.authority, by)
    return replace(
        incident,
        owners=taken_over(incident.owners, new),
        authority=event.authority,
        acknowledged=None,
    )


def _proposed(incident: Incident, event: Event, body: Proposed) -> Incident:
    assert incident.proposal is None, "one proposal at a time"
    assert body.proposal == incident.proposals + 1, "proposals are numbered in order"
    proposal = Proposal(
        number=body.proposal,
        to_team=body.to_team,
        to_team_name=body.to_team_name,
        by=event.by.name,
        why=event.why,
        since=event.at,
        until=body.until,
    )
    return replace(incident, proposal=proposal, proposals=body.proposal)


def _answered(
    incident: Incident, body: Accepted | Declined | Withdrawn | ProposalEnded
) -> Incident:
    proposal = incident.proposal
    assert proposal is not None, "only what waits is answered"
    assert proposal.number == body.proposal, "the answer is to this proposal"
    return replace(incident, proposal=None)


def _with_member(incident: Incident, member: Member) -> Incident:
    return replace(incident, members={**incident.members, member.id: member})


def _with_source(incident: Incident, member_id: str, stream: Stream, source: Source) -> Incident:
    member = incident.members[member_id]
    heard = member.unheard and stream.kind not in {"webhook", "asked_alertmanager"}
    return _with_member(
        incident, replace(member, sources={**member.sources, stream: source}, unheard=heard)
    )

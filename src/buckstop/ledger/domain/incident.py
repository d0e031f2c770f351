"""An incident as the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never

from buckstop.ledger.domain.events import (
    Acknowledged,
    Actor,
    Erased,
    Event,
    Joined,
    Opened,
    OwnerChanged,
    Rerouted,
    Resolved,
    ResolvedUnseen,
    SourceLost,
    SourceResolved,
    SourceSeen,
    Stream,
    Superseded,
    Unheard,
    Withheld,
    Withholding,
)
from buckstop.ledger.domain.routing import Authority, Route

SourceState = Literal["live", "lost", "resolved"]
MemberState = Literal["firing", "lost", "resolved", "superseded"]


@dataclass(frozen=True, slots=True)
class Source:
    """What one source last said of one member.

    Attributes:
        state: live (fires), lost (its lease ran out), resolved (it said so).
        since: when the ledger took note of that state.
        lease_until: when its word runs out unless renewed; None for sources without a lease.
    """

    state: SourceState
    since: datetime
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """One alert of an incident, with its own state.

    Attributes:
        sources: by stream, in the order in which they were first heard.
        withholdings: why Alertmanager withholds it; None while that is unknown.
        unheard: Prometheus reports it, Alertmanager did not within the time it should take.
        superseded: it goes on as another member, under another team's label.
    """

    id: str
    fingerprint: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator_url: str
    starts_at: datetime
    severity_rank: int
    joined_at: datetime
    route: Route
    sources: Mapping[Stream, Source] = field(default_factory=dict)
    withholdings: tuple[Withholding, ...] | None = None
    unheard: bool = False
    superseded: bool = False

    @property
    def state(self) -> MemberState:
        """Firing while a source is live; lost while none is and one is lost; else it is over."""
        states = {source.state for source in self.sources.values()}
        if "live" in states:
            return "firing"
        if self.superseded:
            return "superseded"
        return "lost" if "lost" in states else "resolved"


@dataclass(frozen=True, slots=True)
class OwnerInterval:
    """From when to when a team was accountable; the intervals partition the incident's life."""

    team: str
    team_name: str
    since: datetime
    until: datetime | None
    authority: Authority | None


@dataclass(frozen=True, slots=True)
class Act:
    """An acknowledgement or a resolution: who, when, and what they said."""

    at: datetime
    by: Actor
    why: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One trouble, its alerts, and who answers for it.

    Attributes:
        owners: in order; empty for what the charter says nobody answers for.
        not_accountable: that entry's reason, or None.
        authority: on which it was opened, or its owner last changed.
        still_firing: a person resolved it while sources still fired.
    """

    number: int
    key: tuple[tuple[str, str], ...]
    opened_at: datetime
    follows: int | None
    not_accountable: str | None
    authority: Authority | None
    owners: tuple[OwnerInterval, ...]
    members: Mapping[str, Member]
    acknowledged: Act | None = None
    resolved: Act | None = None
    still_firing: bool = False

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
    assert incident.resolved is None, "nothing happens to a resolved incident"
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
            owners = (*_closed(incident.owners, event.at), _interval(event, body))
            return replace(incident, key=body.key, owners=owners, authority=event.authority)
        case Acknowledged():
            return replace(incident, acknowledged=Act(event.at, event.by, event.why))
        case Resolved():
            return replace(
                incident,
                owners=_closed(incident.owners, event.at),
                resolved=Act(event.at, event.by, event.why),
                still_firing=body.still_firing,
            )
        case ResolvedUnseen() | Erased():
            raise AssertionError("it belongs to no incident")
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


def _interval(event: Event, body: OwnerChanged) -> OwnerInterval:
    return OwnerInterval(body.team, body.team_name, event.at, None, event.authority)


def _closed(owners: tuple[OwnerInterval, ...], at: datetime) -> tuple[OwnerInterval, ...]:
    if not owners:
        return owners
    return (*owners[:-1], replace(owners[-1], until=at))


def _with_member(incident: Incident, member: Member) -> Incident:
    return replace(incident, members={**incident.members, member.id: member})


def _with_source(incident: Incident, member_id: str, stream: Stream, source: Source) -> Incident:
    member = incident.members[member_id]
    heard = member.unheard and stream.kind != "webhook"
    return _with_member(
        incident, replace(member, sources={**member.sources, stream: source}, unheard=heard)
    )

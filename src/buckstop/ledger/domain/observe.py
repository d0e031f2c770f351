"""What a source says of an alert, turned into events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from buckstop.ledger.domain.book import Draft, Key, Lease, Tombstone
from buckstop.ledger.domain.events import (
    Actor,
    Body,
    Event,
    Joined,
    Opened,
    OwnerChanged,
    Resolved,
    ResolvedUnseen,
    SourceKind,
    SourceResolved,
    SourceSeen,
    Stream,
    Superseded,
)
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.labels import Identity, IdentityRule
from buckstop.ledger.domain.routing import Accountable, Answer, Authority, NotAccountable, Resolver

OVERTAKEN_SECONDS = 60
"""How late a firing message may arrive after the resolved one that it preceded.

It is then history: it goes on record with its end, if it is not on record yet. Later, the same
start means that the alert never ceased: Alertmanager calls an alert resolved when its Prometheus
falls silent, and takes it up again with its old start.
"""

NOT_ACCOUNTABLE_KEY = "not_accountable"


@dataclass(frozen=True, slots=True)
class Observation:
    """One alert in one message of one source.

    Attributes:
        source: the intake's name.
        resolved: the source says that the alert ended, at `ends_at`.
        ends_at: when it ended, or when the source's word runs out (None: it gives no lease).
    """

    kind: SourceKind
    source: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator_url: str
    starts_at: datetime
    ends_at: datetime | None
    resolved: bool


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which alerts belong together.

    Attributes:
        identity: what tells alerts apart.
        incident_by: labels whose values make an incident's key; the team label among them stands
            for the owner by routing, not for the label's text.
    """

    identity: IdentityRule
    incident_by: tuple[str, ...]


Outcome = Literal[
    "opened", "joined", "seen", "renewed", "resolved", "overtaken", "held", "repeated"
]
"""What an observation came to; for counting."""


def observe(
    draft: Draft, seen: Observation, now: datetime, grouping: Grouping, resolver: Resolver
) -> Outcome:
    """Record in `draft` what `seen` means; nothing where it was known already."""
    identity = grouping.identity.identify(seen.labels)
    case = _Case(draft, seen, identity, Stream(seen.kind, seen.source, identity.label_set), now)
    if seen.resolved:
        return _ended(case)
    stone = _overtaking(case)
    if stone is not None:
        closed_at = draft.closed_at(identity.member)
        on_record = closed_at is not None and seen.starts_at <= closed_at
        if not stone.unseen or on_record or draft.holding(identity.member) is not None:
            return "overtaken"
        return _enters_ended(case, stone, grouping, resolver)
    incident = draft.holding(identity.member)
    if incident is not None:
        return _fires_again(case, incident)
    held_since = draft.held_since(identity.member)
    if held_since is not None and seen.starts_at <= held_since:
        return "held"
    return _enters(case, grouping, resolver)


def incident_key(
    grouping: Grouping, answer: Answer, labels: Mapping[str, str], fingerprint: str
) -> Key:
    """The key of the incident that an alert with `labels` belongs to."""
    if isinstance(answer, NotAccountable):
        return ((NOT_ACCOUNTABLE_KEY, fingerprint),)
    return tuple(
        (name, answer.team if name == grouping.identity.team_label else labels.get(name, ""))
        for name in grouping.incident_by
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """An observation, where it is to be recorded, and when."""

    draft: Draft
    seen: Observation
    identity: Identity
    stream: Stream
    now: datetime

    @property
    def speaker(self) -> str:
        """The source, for people."""
        program = "Prometheus" if self.seen.kind == "feed" else "Alertmanager"
        return f"{program} ({self.seen.source})"

    def record(
        self, number: int, why: str, body: Body, authority: Authority | None = None
    ) -> Incident | None:
        """Record `body` as this source's doing."""
        intake = Actor("system", f"{self.seen.kind} {self.seen.source}")
        return self.draft.record(Event(number, self.now, intake, why, authority, body))


def _overtaking(case: _Case) -> Tombstone | None:
    """The end of what is said to fire, which was heard before; None if there is none."""
    stone = case.draft.tombstone(case.stream)
    if stone is None or case.seen.starts_at > stone.ended_at:
        return None
    recent = case.now - stone.noted_at <= timedelta(seconds=OVERTAKEN_SECONDS)
    return stone if recent else None


def _ended(case: _Case) -> Outcome:
    ended_at = case.seen.ends_at if case.seen.ends_at is not None else case.now
    incident = case.draft.holding(case.identity.member)
    if incident is None:
        stone = case.draft.tombstone(case.stream)
        if stone is not None and stone.ended_at >= ended_at:
            return "repeated"
        body = ResolvedUnseen(dict(case.seen.labels), case.stream, ended_at)
        case.record(0, "It ended before the ledger saw it fire.", body)
        return "resolved"
    source = incident.members[case.identity.member].sources.get(case.stream)
    if source is not None and source.state == "resolved":
        return "repeated"
    why = f"{case.speaker} says that the alert is resolved."
    case.record(incident.number, why, SourceResolved(case.identity.member, case.stream, ended_at))
    close_if_over(case.draft, incident.number, case.now)
    return "resolved"


def _fires_again(case: _Case, incident: Incident) -> Outcome:
    member, lease_until = case.identity.member, case.seen.ends_at
    source = incident.members[member].sources.get(case.stream)
    if source is None or source.state != "live":
        why = f"{case.speaker} reports it firing"
        why += "." if source is None else f" again (it was {source.state})."
        case.record(incident.number, why, SourceSeen(member, case.stream, lease_until))
        return "seen"
    if lease_until is not None:
        case.draft.renew(Lease(incident.number, member, case.stream, lease_until))
    return "renewed"


def _enters_ended(case: _Case, stone: Tombstone, grouping: Grouping, resolver: Resolver) -> Outcome:
    """Record what fired and ended, though its end was heard first: somebody answered for it."""
    outcome = _enters(case, grouping, resolver)
    incident = case.draft.holding(case.identity.member)
    assert incident is not None, "it has just entered one"
    why = (
        f"{case.speaker} said at {_time(stone.noted_at)}, before it reported the alert firing, "
        f"that it had ended: it fired from {_time(case.seen.starts_at)} to "
        f"{_time(stone.ended_at)}."
    )
    ended = SourceResolved(case.identity.member, case.stream, stone.ended_at)
    case.record(incident.number, why, ended)
    close_if_over(case.draft, incident.number, case.now)
    return outcome


def _enters(case: _Case, grouping: Grouping, resolver: Resolver) -> Outcome:
    answer = resolver(case.seen.labels)
    key = incident_key(grouping, answer, case.seen.labels, case.identity.fingerprint)
    outcome: Outcome = "joined"
    incident = case.draft.with_key(key)
    if incident is None and isinstance(answer, Accountable):
        incident = _succeeded(case, key, answer)
    if incident is None:
        incident = _opens(case, key, answer)
        outcome = "opened"
    joined = Joined(
        member=case.identity.member,
        fingerprint=case.identity.fingerprint,
        labels=dict(case.seen.labels),
        annotations=dict(case.seen.annotations),
        generator_url=case.seen.generator_url,
        starts_at=case.seen.starts_at,
        severity_rank=answer.severity_rank if isinstance(answer, Accountable) else 0,
        route=answer.route,
    )
    case.record(incident.number, _routed(answer), joined, answer.authority)
    first_seen = SourceSeen(joined.member, case.stream, case.seen.ends_at)
    case.record(incident.number, f"{case.speaker} reports it firing.", first_seen)
    return outcome


def _opens(case: _Case, key: Key, answer: Answer) -> Incident:
    previous = case.draft.last_with_key(key)
    match answer:
        case Accountable():
            why = f"{answer.team_name} is accountable: {answer.authority.text}"
            body = Opened(key, answer.team, answer.team_name, None, previous)
        case NotAccountable():
            why = f"Nobody needs to answer: {answer.reason}"
            body = Opened(key, None, "", answer.reason, previous)
    opened = case.record(case.draft.last_number + 1, why, body, answer.authority)
    assert opened is not None
    return opened


def _succeeded(case: _Case, key: Key, answer: Accountable) -> Incident | None:
    """The incident whose alert goes on under another team's label, handed to that team.

    While the old label set is live the two are different rules, hence different incidents.
    """
    incident = case.draft.with_fingerprint(case.identity.fingerprint)
    if incident is None or incident.is_firing or incident.not_accountable is not None:
        return None
    why = f"The same alert goes on under another team's label ({answer.route.owed})."
    for member in incident.members.values():
        if member.fingerprint == case.identity.fingerprint and not member.superseded:
            body = Superseded(member.id, case.identity.member)
            case.record(incident.number, why, body)
    if incident.owner is not None and incident.owner.team != answer.team:
        why += f" {answer.team_name} is accountable: {answer.authority.text}"
        moved = OwnerChanged(answer.team, answer.team_name, key)
        case.record(incident.number, why, moved, answer.authority)
    return case.draft.incident(incident.number)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _routed(answer: Answer) -> str:
    route = answer.route
    reached = ", ".join(route.receivers) if route.receivers else "no receiver"
    said = f"Owed to {route.owed}; routed to {reached}."
    if isinstance(answer, NotAccountable):
        said = f"Nobody needs to answer for it; routed to {reached}."
    return f"{said} {route.note}" if route.note else said


def close_if_over(draft: Draft, number: int, now: datetime) -> None:
    """Resolve the incident if every source of every member has said that it ended."""
    incident = draft.incident(number)
    if incident is None:
        return
    if incident.is_over:
        why = "Every source of every alert says that it is resolved."
    elif incident.not_accountable is not None and not incident.is_firing:
        why = "No source reports it any more, and nobody needs to answer for it."
    else:
        return
    ledger = Actor("system", "ledger")
    draft.record(Event(number, now, ledger, why, None, Resolved(still_firing=False)))

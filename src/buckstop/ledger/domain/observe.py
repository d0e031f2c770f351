"""What a source says of an alert, turned into events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from buckstop.ledger.domain.book import Draft, Key, Lease, Tombstone
from buckstop.ledger.domain.case import Case, Observation, described, in_words
from buckstop.ledger.domain.ending import LEDGER, end_incident
from buckstop.ledger.domain.events import (
    Event,
    Joined,
    Opened,
    Resolved,
    ResolvedUnseen,
    SourceResolved,
    SourceSeen,
    Stream,
)
from buckstop.ledger.domain.going_on import closed_in_this_episode, reopened, succeeded
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.domain.routing import Accountable, Answer, NotAccountable, Resolver

OVERTAKEN_SECONDS = 60
"""How late a firing message may arrive after the resolved one that it preceded.

It is then history: it goes on record with its end, if it is not on record yet. Later, the same
start means that the alert never ceased: Alertmanager calls an alert resolved when its Prometheus
falls silent, and takes it up again with its old start.
"""

SKEW_SECONDS = 300
"""By how much the clocks of two sources may differ; an end is of this alert unless it is older."""

NOT_ACCOUNTABLE_KEY = "not_accountable"


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
    "opened",
    "reopened",
    "joined",
    "seen",
    "renewed",
    "resolved",
    "overtaken",
    "held",
    "repeated",
    "copy",
]
"""What an observation came to; for counting."""


def observe(
    draft: Draft, seen: Observation, now: datetime, grouping: Grouping, resolver: Resolver
) -> Outcome:
    """Record in `draft` what `seen` means; nothing where it was known already."""
    identity = grouping.identity.identify(seen.labels)
    case = Case(draft, seen, identity, Stream(seen.kind, seen.source, identity.label_set), now)
    if seen.resolved:
        return _ended(case)
    stone = _overtaking(case)
    if stone is not None:
        on_record = closed_in_this_episode(case) is not None
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


def _overtaking(case: Case) -> Tombstone | None:
    """The end of what is said to fire, which was heard before; None if there is none."""
    stone = case.draft.tombstone(case.stream)
    if stone is None or case.seen.starts_at > stone.ended_at:
        return None
    recent = case.now - stone.noted_at <= timedelta(seconds=OVERTAKEN_SECONDS)
    return stone if recent else None


def _ended(case: Case) -> Outcome:
    ended_at = case.seen.ends_at if case.seen.ends_at is not None else case.now
    stone = case.draft.tombstone(case.stream)
    if stone is not None and stone.ended_at >= ended_at:
        # An end that was heard before, however late it comes again, ends nothing that began since.
        return "repeated"
    incident = case.draft.holding(case.identity.member)
    if incident is None:
        body = ResolvedUnseen(dict(case.seen.labels), case.stream, ended_at)
        case.record(0, "It ended before the ledger saw it fire.", body)
        return "resolved"
    member = incident.members[case.identity.member]
    if ended_at < member.starts_at - timedelta(seconds=SKEW_SECONDS):
        # Of an earlier time at which the same alert fired, and so old that it is forgotten.
        return "repeated"
    source = member.sources.get(case.stream)
    if source is not None and source.state == "resolved":
        return "repeated"
    why = f"{case.speaker} says that the alert is resolved."
    case.record(incident.number, why, SourceResolved(case.identity.member, case.stream, ended_at))
    close_if_over(case.draft, incident.number, case.now)
    return "resolved"


def _fires_again(case: Case, incident: Incident) -> Outcome:
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


def _enters_ended(case: Case, stone: Tombstone, grouping: Grouping, resolver: Resolver) -> Outcome:
    """Record what fired and ended, though its end was heard first: somebody answered for it."""
    outcome = _enters(case, grouping, resolver)
    incident = case.draft.holding(case.identity.member)
    assert incident is not None, "it has just entered one"
    why = (
        f"{case.speaker} said at {in_words(stone.noted_at)}, before it reported the alert firing, "
        f"that it had ended: it fired from {in_words(case.seen.starts_at)} to "
        f"{in_words(stone.ended_at)}."
    )
    ended = SourceResolved(case.identity.member, case.stream, stone.ended_at)
    case.record(incident.number, why, ended)
    close_if_over(case.draft, incident.number, case.now)
    return outcome


def _enters(case: Case, grouping: Grouping, resolver: Resolver) -> Outcome:
    answer = resolver(case.seen.labels)
    key = incident_key(grouping, answer, case.seen.labels, case.identity.fingerprint)
    outcome: Outcome = "joined"
    incident = case.draft.with_key(key)
    if incident is None and isinstance(answer, Accountable):
        incident = succeeded(case, key, answer)
        if incident is None and reopened(case, key, answer):
            return "reopened"
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
    case.record(incident.number, described(answer), joined, answer.authority)
    first_seen = SourceSeen(joined.member, case.stream, case.seen.ends_at)
    case.record(incident.number, f"{case.speaker} reports it firing.", first_seen)
    return outcome


def _opens(case: Case, key: Key, answer: Answer) -> Incident:
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
    end_incident(draft, Event(number, now, LEDGER, why, None, Resolved(still_firing=False)))

"""How an alert that no incident holds goes on with one: under another team, or taken up again."""

from __future__ import annotations

from datetime import timedelta

from buckstop.ledger.domain.book import TOMBSTONE_SECONDS, Key
from buckstop.ledger.domain.case import Case, described, in_words
from buckstop.ledger.domain.ending import change_owner
from buckstop.ledger.domain.events import (
    Event,
    OwnerChanged,
    Reopened,
    Rerouted,
    SourceSeen,
    Superseded,
)
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.routing import Accountable


def succeeded(case: Case, key: Key, answer: Accountable) -> Incident | None:
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
    owner = incident.owner
    if owner is not None and owner.team != answer.team and not owner.stands:
        why += f" {answer.team_name} is accountable: {answer.authority.text}"
        moved = OwnerChanged(answer.team, answer.team_name, key)
        event = Event(incident.number, case.now, case.intake, why, answer.authority, moved)
        change_owner(case.draft, event)
    return case.draft.incident(incident.number)


def closed_in_this_episode(case: Case) -> Incident | None:
    """The incident that was resolved a short time ago, after what is said to fire had begun."""
    closed = case.draft.closed_with(case.identity.member)
    if closed is None or closed.resolved is None or case.seen.starts_at > closed.resolved.at:
        return None
    recent = case.now - closed.resolved.at <= timedelta(seconds=TOMBSTONE_SECONDS)
    return closed if recent else None


def reopened(case: Case, key: Key, answer: Accountable) -> bool:
    """Take up again what its sources took for ended and had not: the same alert, the same start.

    What a person ended stays ended, and what fires anew is the next incident: its owner is whoever
    is notified of it, and nobody has acknowledged it.
    """
    closed = closed_in_this_episode(case)
    if closed is None or closed.owner is None or closed.resolved is None:
        return False
    elsewhere = any(case.draft.holding(member) is not None for member in closed.members)
    if closed.resolved.by.kind == "person" or elsewhere:
        return False
    member = closed.members[case.identity.member]
    why = (
        f"{case.speaker} still reports what began at {in_words(case.seen.starts_at)}: it had not "
        f"ended. {answer.team_name} is accountable: {answer.authority.text}"
    )
    body = Reopened(key, answer.team, answer.team_name)
    case.record(closed.number, why, body, answer.authority)
    if member.route != answer.route:
        case.record(closed.number, described(answer), Rerouted(member.id, answer.route))
    again = SourceSeen(member.id, case.stream, case.seen.ends_at)
    case.record(closed.number, f"{case.speaker} reports it firing.", again)
    return True

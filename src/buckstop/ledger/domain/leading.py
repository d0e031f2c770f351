"""Alerts that are led to another team: what of it is seen on the Alertmanagers goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from buckstop.ledger.domain.act_events import Led
from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.events import Actor, Event, SourceResolved
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.member import Member
from buckstop.ledger.domain.observe import close_if_over

OUTBOX: Final = Actor("system", "outbox")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one incident, and what it means in one sentence."""

    led: Led
    why: str


def sequence_of(incident: Incident) -> int | None:
    """Which handover holds: how often people have given the incident to a team; None: none does.

    What an accepted handover gave stands until the incident ends or its team is gone.
    """
    if incident.owner is None or not incident.owner.stands:
        return None
    return sum(interval.stands for interval in incident.owners)


def is_fed(member: Member) -> bool:
    """Whether a Prometheus reports it to the ledger: no silence keeps that from telling its end."""
    return any(stream.kind == "feed" for stream in member.sources)


def take_up(draft: Draft, now: datetime, seen: Mapping[int, Seen]) -> None:
    """Record what is new of `seen`, by incident."""
    for number, one in seen.items():
        incident = draft.incident(number)
        if incident is None:
            continue
        known = incident.leading
        if known is None or (known.seen, known.why) != (one.led, one.why):
            draft.record(Event(number, now, OUTBOX, one.why, None, one.led))


def end_silenced(draft: Draft, now: datetime, present: AbstractSet[str]) -> None:
    """End the word of webhooks of alerts that a silence of the ledger's keeps from ending it.

    Args:
        present: members that an Alertmanager has.
    """
    for incident in draft.open_incidents():
        if sequence_of(incident) is None:
            continue
        for member in incident.members.values():
            if member.id not in present and _is_over_for_feeds(member):
                _end_webhooks(draft, incident.number, member, now)
        close_if_over(draft, incident.number, now)


def _is_over_for_feeds(member: Member) -> bool:
    states = {one.state for stream, one in member.sources.items() if stream.kind == "feed"}
    return states == {"resolved"}


def _end_webhooks(draft: Draft, number: int, member: Member, now: datetime) -> None:
    for stream, source in member.sources.items():
        if stream.kind == "webhook" and source.state != "resolved":
            why = (
                "Every Prometheus says that the alert is resolved, and no Alertmanager has it any "
                f"more; silenced for the handover, {stream.source} cannot say so itself."
            )
            body = SourceResolved(member.id, stream, now)
            draft.record(Event(number, now, OUTBOX, why, None, body))

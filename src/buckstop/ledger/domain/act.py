"""What the accountable team does to its incident: acknowledge it, note something, resolve it."""

from __future__ import annotations

from datetime import timedelta

from buckstop.ledger.domain.act_events import Noted
from buckstop.ledger.domain.acting import Acting, required, said
from buckstop.ledger.domain.ending import end_incident
from buckstop.ledger.domain.events import Acknowledged, Actor, Event, Resolved
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.refusal import ActRefusedError

AGAIN_SECONDS = 600
"""The same note within this is the same request, sent again."""


def acknowledge(acting: Acting, number: int, note: str) -> Incident:
    """Record that the person takes notice for the accountable team; the owner stays.

    A second time by the same person changes nothing.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: they are no member, somebody else did, nobody answers for it, or the note
            is too long.
    """
    incident, owner = acting.owned(number)
    acting.must_act_for(owner.team, "acknowledge what it is accountable for")
    before = incident.acknowledged
    if before is not None:
        if before.by.name == acting.person.name:
            return incident
        raise ActRefusedError(
            "acknowledged_already",
            f"{before.by.name} has acknowledged it already, at {before.at:%Y-%m-%d %H:%M:%S} UTC",
        )
    return acting.record(number, owner.team, said(note), Acknowledged())


def note(acting: Acting, number: int, text: str) -> Incident:
    """Record what the person says for the accountable team.

    The same by the same person within `AGAIN_SECONDS` changes nothing: it was sent again.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: they are no member, nobody answers for it, or the text is empty or too
            long.
    """
    incident, owner = acting.owned(number)
    acting.must_act_for(owner.team, "write notes for it")
    kept, before = required(text, "a note says something"), incident.noted
    by = Actor("person", acting.person.name, owner.team)
    if before is not None and (before.by, before.why) == (by, kept):
        age = acting.now - before.at
        if age < timedelta(seconds=AGAIN_SECONDS):
            return incident
    return acting.record(number, owner.team, kept, Noted())


def resolve(acting: Acting, number: int, reason: str) -> Incident:
    """Record that the person ends the incident for the accountable team, and why.

    While its alerts still fire, that holds for `book.HOLD_SECONDS`; then they open the next one.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: they are no member, there is no reason, it is too long, or nobody answers
            for the alert.
    """
    incident, owner = acting.owned(number)
    acting.must_act_for(owner.team, "resolve what it is accountable for")
    why = required(reason, "a resolution by hand needs a reason")
    by = Actor("person", acting.person.name, owner.team)
    body = Resolved(still_firing=incident.is_firing)
    return end_incident(acting.draft, Event(number, acting.now, by, why, None, body))

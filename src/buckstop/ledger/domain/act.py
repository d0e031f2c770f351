"""What a person does to an incident: acknowledge it, resolve it."""

from __future__ import annotations

from datetime import datetime

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.events import Acknowledged, Actor, Event, Resolved
from buckstop.ledger.domain.incident import Incident

WHY_CHARACTERS = 2_000
"""A note or a reason may be this long."""


class ActRefusedError(Exception):
    """The act cannot be done now; the message says why."""


class UnknownIncidentError(Exception):
    """No open incident has this number."""


def acknowledge(draft: Draft, number: int, person: str, note: str, now: datetime) -> Incident:
    """Record that `person` takes notice. A second time by the same person changes nothing.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: somebody else did, nobody answers for it, or the note is too long.
    """
    incident = _open(draft, number)
    if incident.not_accountable is not None:
        raise ActRefusedError(f"nobody needs to answer for it: {incident.not_accountable}")
    if incident.acknowledged is not None:
        if incident.acknowledged.by.name == person:
            return incident
        raise ActRefusedError(
            f"{incident.acknowledged.by.name} has acknowledged it already, "
            f"at {incident.acknowledged.at:%Y-%m-%d %H:%M:%S} UTC"
        )
    event = Event(number, now, Actor("person", person), _bounded(note), None, Acknowledged())
    return _recorded(draft, event)


def resolve(draft: Draft, number: int, person: str, reason: str, now: datetime) -> Incident:
    """Record that `person` ends the incident, and why.

    While its alerts still fire, that holds for `book.HOLD_SECONDS`; then they open the next one.

    Raises:
        UnknownIncidentError: no open incident has this number.
        ActRefusedError: there is no reason, it is too long, or nobody answers for the alert.
    """
    incident = _open(draft, number)
    if incident.not_accountable is not None:
        raise ActRefusedError(f"nobody needs to answer for it: {incident.not_accountable}")
    if not reason.strip():
        raise ActRefusedError("a resolution by hand needs a reason; the record keeps it")
    body = Resolved(still_firing=incident.is_firing)
    return _recorded(
        draft, Event(number, now, Actor("person", person), _bounded(reason), None, body)
    )


def _open(draft: Draft, number: int) -> Incident:
    incident = draft.incident(number)
    if incident is None:
        raise UnknownIncidentError(f"no open incident {number}")
    return incident


def _bounded(text: str) -> str:
    if len(text) > WHY_CHARACTERS:
        raise ActRefusedError(f"the text has {len(text)} characters; {WHY_CHARACTERS} are the most")
    return text.strip()


def _recorded(draft: Draft, event: Event) -> Incident:
    after = draft.record(event)
    assert after is not None
    return after

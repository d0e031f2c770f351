"""Saying what is wrong in the record. The entry stays; the correction stands behind it."""

from __future__ import annotations

from collections.abc import Sequence

from buckstop.ledger.domain.act_events import Corrected
from buckstop.ledger.domain.acting import Acting, required
from buckstop.ledger.domain.events import Actor, Event
from buckstop.ledger.domain.incident import Incident, apply, fold
from buckstop.ledger.domain.refusal import ActRefusedError, UnknownIncidentError


def correct(acting: Acting, history: Sequence[Event], entry: int, text: str) -> Incident:
    """Record what is wrong in an entry of an incident, open or resolved.

    The same by the same person a second time changes nothing.

    For whom: the team that is, or at the end was, accountable; else the team for which the entry
    was written.

    Args:
        history: the incident's whole record, so far.
        entry: the place of what is corrected in it, from 1.

    Raises:
        UnknownIncidentError: there is no such incident.
        ActRefusedError: there is no such entry, the person is a member of neither team, nobody
            answers for the incident, or the text is empty or too long.
    """
    if not history:
        raise UnknownIncidentError("no such incident")
    incident = fold(history)
    owner = incident.owner
    if owner is None:
        raise ActRefusedError(
            "not_accountable", f"nobody needs to answer for it: {incident.not_accountable}"
        )
    if not 1 <= entry <= len(history):
        raise ActRefusedError("entry_unknown", f"the record has the entries 1 to {len(history)}")
    team, author = owner.team, history[entry - 1].by.team
    if author is not None and not acting.membership.may_act_for(acting.person, team):
        team = author
    acting.must_act_for(team, "correct its record")
    by = Actor("person", acting.person.name, team)
    at = max(acting.now, incident.latest_at)
    why = required(text, "a correction says what is right")
    event = Event(incident.number, at, by, why, None, Corrected(entry))
    if any((one.by, one.why, one.body) == (by, why, event.body) for one in history):
        return incident
    acting.draft.record(event)
    return apply(incident, event)
